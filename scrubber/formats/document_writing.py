"""Writes sessions as files that are one JSON object with a list of messages in it.

New messages go into the object that a session came from, so that whatever else stands in it
stays. A message that stands in the session just as the format's own file had it stays, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from scrubber.core.content import Data, Text
from scrubber.core.events import Event, Kind
from scrubber.core.grouping import gathered
from scrubber.core.messages import is_repetition
from scrubber.core.survey import survey_of
from scrubber.core.tally import speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scrubber.core.content import JSON, Block, Content
    from scrubber.formats.conversations import Piece
    from scrubber.formats.originals import Originals

Item = tuple["Event", "Content"]


class _Part(NamedTuple):
    """An event as a part of a message; ``place``: which of the format's own, None for others."""

    event: Event
    place: tuple[int, int, int] | None


def written_messages(own: Originals, make: Callable[[Sequence[Item]], JSON]) -> Iterator[JSON]:
    """The messages of a session in order: those of the format as they stood, others made anew.

    ``make`` is given the events of one message; where it gives None, nothing can be said of it.
    Messages of the format that nobody knows go along.
    """
    transcript = own.transcript
    for group in _groups(own):
        whole = _whole(own, group)
        made = make([(p.event, transcript.content(p.event)) for p in group]) if not whole else None
        if whole or made is not None:
            yield whole[0].source if whole else made


def _whole(own: Originals, group: list[_Part]) -> list[Piece] | None:
    """The pieces of the format's own message if the events are just those; else None."""
    place = group[0].place
    if place is None or any(part.place != place for part in group):
        return None
    pieces = own.message(group[0].event, place[2])
    return pieces if len(pieces) == len(group) else None


def _groups(own: Originals) -> Iterator[list[_Part]]:
    """The events of each message."""
    survey = survey_of(own.transcript)
    events = (
        event
        for event in survey.in_context(survey.kept(own.transcript.events()))
        if not is_repetition(event)
    )
    group: list[_Part] = []
    for event in gathered(events):
        part = _part(own, event)
        if part is None:
            continue
        if group and not _is_one(group[-1], part):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _part(own: Originals, event: Event) -> _Part | None:
    """The event as a part of a message, None if it is none."""
    piece = own.piece(event)
    if piece is None:
        return _Part(event, None) if speaks(event) else None
    if piece.message < 0:
        return None  # of the object around the messages, which is written as it is
    is_same = piece.call_id in (None, event.call_id)
    place = (event.source, event.record, piece.message) if is_same else None
    return _Part(event, place)


def _is_one(last: _Part, this: _Part) -> bool:
    """Whether two neighbours are parts of one message."""
    if last.place is not None and last.place == this.place:
        return True
    same = last.event.group_id is not None and last.event.group_id == this.event.group_id
    return same and Kind.TOOL_RESULT not in (last.event.kind, this.event.kind)


def take_prompt(messages: list[JSON]) -> str | None:
    """The system prompt, if the first message is one of nothing but text: it leaves the list."""
    first = messages[0] if messages and isinstance(messages[0], dict) else {}
    content = first.get("content", [])
    if first.get("role") != "system" or any("text" not in block for block in content):
        return None
    messages.pop(0)
    return "\n".join(block["text"] for block in content)


def text_of_block(block: Block) -> str:
    """What a block says where a format has nothing but text."""
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Data):
        return orjson.dumps(block.value, option=orjson.OPT_NON_STR_KEYS).decode()
    title = getattr(block, "title", "") or block.reference or block.media_type
    return f"[{title}]"


def pretty(value: JSON) -> bytes:
    """JSON as serde's pretty printer lays it out, with a line end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
