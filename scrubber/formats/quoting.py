"""Blocks and messages just as their source recorded them, for what must go out word for word.

A format whose records hold what a provider's API was sent, or gave, has ``quoted_blocks`` or
``quoted_message``. What stands in a session exactly so is then written as it was, with whatever
else the source said of it; what was cut or edited is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from scrubber.core.events import Kind
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON
    from scrubber.core.events import Event
    from scrubber.core.messages import Message
    from scrubber.core.transcript import Transcript

_RESULTS = ("tool", "function")


@runtime_checkable
class QuotesBlocks(Protocol):
    """Its records hold content blocks in the shape of Anthropic's API."""

    def quoted_blocks(self, raw: bytes, part: int) -> list[JSON] | None:
        """The blocks of an event (a string where the content is one), None if it has none."""
        ...


@runtime_checkable
class QuotesMessages(Protocol):
    """Its records hold whole messages in the shape of OpenAI's chat completions."""

    def quoted_message(self, raw: bytes, parts: Sequence[int]) -> JSON:
        """The message that consists of these events and of no other, None if there is none."""
        ...


def quoted_blocks(transcript: Transcript, event: Event) -> list[JSON] | None:
    """The blocks of an event as its source recorded them, None if they are not on record."""
    format = registry.get(transcript.format_of(event))
    if event.part < 0 or not isinstance(format, QuotesBlocks):
        return None
    return format.quoted_blocks(transcript.raw(event), event.part)


def quoted_message(transcript: Transcript, message: Message) -> JSON:
    """A message as its source recorded it, None if not all of it stands in the session so."""
    first = message.items[0][0]
    format = registry.get(transcript.format_of(first))
    if not isinstance(format, QuotesMessages) or not _is_of_one_record(message):
        return None
    parts = [event.part for event, _ in message.items]
    quoted = format.quoted_message(transcript.raw(first), parts)
    return quoted if _ids_in(quoted) == _ids_of(message) else None


def _ids_of(message: Message) -> list[JSON]:
    """The ids of its calls, or of the call that it answers: the source may have others, or none."""
    kinds = (Kind.TOOL_CALL, Kind.TOOL_RESULT)
    return [event.call_id for event, _ in message.items if event.kind in kinds]


def _ids_in(message: JSON) -> list[JSON]:
    if not isinstance(message, dict):
        return []
    calls = message.get("tool_calls")
    found = [call.get("id") for call in calls or () if isinstance(call, dict)]
    if message.get("function_call"):
        found.append(None)
    return [*found, message.get("tool_call_id")] if message.get("role") in _RESULTS else found


def _is_of_one_record(message: Message) -> bool:
    first = message.items[0][0]
    return all(
        event.part >= 0 and (event.source, event.record) == (first.source, first.record)
        for event, _ in message.items
    )
