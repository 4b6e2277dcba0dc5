"""A record's pieces, one for each event it gives; for formats with several kinds of records.

A format has one function from a record to its pieces. Its reader derives events from them, its
``content`` looks one up again by its number; so the two cannot disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from scrubber.core.content import Data
from scrubber.core.events import Draft, Kind, Mark, Role, Usage, Visibility, one_line
from scrubber.core.kinds import ASSISTANT, TOOL_CALL, UNMARKED
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    from scrubber.core.content import Content

SEEN, SHOWN, HIDDEN = Visibility.IN_CONTEXT, Visibility.UI_ONLY, Visibility.HIDDEN


class Piece(NamedTuple):
    """One event of a record: what it is, and the block of the record that holds its content."""

    kind: Kind
    role: Role
    visibility: Visibility
    block: Any
    marks: Mark = UNMARKED
    name: str | None = None
    call_id: str | None = None


def draft_of(
    part: int, piece: Piece, content: Content, group: str | None = None, usage: Usage | None = None
) -> Draft:
    """The event of a piece with this content; ``group`` is the message of what a model said."""
    kind, role, visibility, _, marks, name, call_id = piece
    text = content.text
    size = len(text)
    if kind is TOOL_CALL:
        text = telling_argument(content.arguments)
        size = len(orjson.dumps(content.arguments, option=orjson.OPT_NON_STR_KEYS))
    elif not text and content.blocks:
        text, size = _told_without_words(content)
    return Draft(
        kind,
        one_line(text),
        role,
        visibility,
        marks=marks,
        name=name,
        call_id=call_id,
        group_id=group if role is ASSISTANT else None,
        size=size,
        usage=usage,
        part=part,
    )


def _told_without_words(content: Content) -> tuple[str, int]:
    """What stands for content that has no text, and the characters of the whole."""
    if content.images:
        return "[image]", 0
    data = [block.value for block in content.blocks if isinstance(block, Data)]
    text = orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)[1:-1].decode() if data else ""
    return text, len(text)


def damaged_draft(raw: bytes) -> Draft:
    """The event of a record that could not be read as its format asks."""
    text = raw.decode(errors="replace")
    return Draft(
        Kind.UNKNOWN,
        one_line(text),
        visibility=Visibility.UI_ONLY,
        marks=Mark.DAMAGED,
        size=len(text),
    )
