"""Writes sessions as files that are one JSON object with a list of messages in it.

New messages go into the object that a session came from, so that whatever else stands in it
stays. A message that stands in the session just as the format's own file had it stays, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from scrubber.core.content import Data, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import speaks
from scrubber.core.messages import gathered, is_repetition, survey_of
from scrubber.formats.conversations import ConversationFormat, Piece, parse_record
from scrubber.formats.exported import count_losses, traits_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence

    from scrubber.core.content import JSON, Block, Content
    from scrubber.core.transcript import Transcript
    from scrubber.formats.documents import Object

Item = tuple["Event", "Content"]


class _Part(NamedTuple):
    """An event as a part of a message; ``place``: which of the format's own, None for others."""

    event: Event
    place: tuple[int, int, int] | None


def written_messages(
    transcript: Transcript,
    format: ConversationFormat,
    make: Callable[[Sequence[Item]], JSON],
) -> Iterator[JSON]:
    """The messages of a session in order: those of the format as they stood, others made anew.

    ``make`` is given the events of one message; where it gives None, nothing can be said of it.
    Messages of the format that nobody knows go along.
    """
    for group in _groups(transcript, format):
        whole = _whole(transcript, format, group)
        made = make([(p.event, transcript.content(p.event)) for p in group]) if not whole else None
        if whole or made is not None:
            yield whole[0].source if whole else made


def _whole(
    transcript: Transcript, format: ConversationFormat, group: list[_Part]
) -> list[Piece] | None:
    """The pieces of the format's own message if the events are just those; else None."""
    place = group[0].place
    if place is None or any(part.place != place for part in group):
        return None
    pieces = format.message_pieces(transcript.raw(group[0].event), place[2])
    return pieces if len(pieces) == len(group) else None


def _groups(transcript: Transcript, format: ConversationFormat) -> Iterator[list[_Part]]:
    """The events of each message."""
    survey = survey_of(transcript)
    events = (
        event
        for event in survey.in_context(survey.kept(transcript.events()))
        if not is_repetition(event)
    )
    group: list[_Part] = []
    for event in gathered(events):
        part = _part(transcript, format, event)
        if part is None:
            continue
        if group and not _is_one(group[-1], part):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _part(transcript: Transcript, format: ConversationFormat, event: Event) -> _Part | None:
    """The event as a part of a message, None if it is none."""
    piece = own_piece(transcript, format, event)
    if piece is None:
        return _Part(event, None) if speaks(event) else None
    if piece.message < 0:
        return None  # of the object around the messages, which is written as it is
    is_same = piece.call_id in (None, event.call_id)
    place = (event.source, event.record, piece.message) if is_same else None
    return _Part(event, place)


def own_piece(transcript: Transcript, format: ConversationFormat, event: Event) -> Piece | None:
    """What an event was read from, if that was a file of the format."""
    if event.part < 0 or transcript.format_of(event) != format.name:
        return None
    return format.piece(transcript.raw(event), event.part)


def _is_one(last: _Part, this: _Part) -> bool:
    """Whether two neighbours are parts of one message."""
    if last.place is not None and last.place == this.place:
        return True
    same = last.event.group_id is not None and last.event.group_id == this.event.group_id
    return same and Kind.TOOL_RESULT not in (last.event.kind, this.event.kind)


def count_other_losses(transcript: Transcript, format: ConversationFormat) -> Counter[str]:
    """``exported.count_losses`` without what the format's own file says beside the messages."""
    count = count_losses(transcript)
    for event in transcript.events():
        if not speaks(event) and own_piece(transcript, format, event) is not None:
            count.subtract(traits_of(event))
    return count


def has_own_prompt(transcript: Transcript, format: ConversationFormat) -> bool:
    """Whether the object's system prompt is still that of the session: it may be edited."""
    return any(
        event.kind is Kind.MESSAGE and event.role is Role.SYSTEM
        for event in transcript.events()
        if (piece := own_piece(transcript, format, event)) is not None and piece.message < 0
    )


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


def document_of(transcript: Transcript, format: ConversationFormat) -> Object:
    """The object of the format that a session came from, empty if it came from elsewhere."""
    for event in transcript.events():
        if event.part >= 0 and transcript.format_of(event) == format.name:
            value = parse_record(transcript.raw(event))
            return value if isinstance(value, dict) else {}
    return {}


def pretty(value: JSON) -> bytes:
    """JSON as serde's pretty printer lays it out, with a line end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
