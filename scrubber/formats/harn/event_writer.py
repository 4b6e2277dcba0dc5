"""Writes a session as a log of harn's agent events, each in its envelope."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Event, Kind, Mark, Role
from scrubber.core.messages import is_repetition
from scrubber.core.survey import survey_of
from scrubber.core.tally import speaks
from scrubber.formats.exported import count_losses, sentences
from scrubber.formats.harn.event_log import FORMAT
from scrubber.formats.harn.events import AgentEvent, call_event, envelope, event_of, result_event
from scrubber.formats.object_lines import parsed
from scrubber.formats.openai_parts import to_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

_LOST = ("sealed", "rewound", "shown", "unsaid", "hidden", "agents", "usage", "added")


class HarnEventsWriter:
    """What was read from such a log stays as it was; indices count from 0.

    harn's own loops log no messages; here they are told as chunks and as ``user_message``, which
    later versions have, those of a system as ``message``.
    """

    name = "harn-events"
    title = "harn event log"
    suffix = ".jsonl"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is neither said nor an event of harn."""
        count = count_losses(transcript)
        for event in transcript.events():
            if transcript.format_of(event) == FORMAT.name and not speaks(event):
                count["hidden" if event.visibility == 2 else "shown"] -= 1
        return sentences(count, _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """A line an event."""
        survey, index, calls = survey_of(transcript), 0, _Calls()
        session, last = transcript.session.id, transcript.session.created
        for event in survey.in_context(survey.kept(transcript.events())):
            if is_repetition(event) or event.marks & Mark.DUPLICATE:
                continue
            event = calls.named(event)
            last = event.ts if event.ts is not None else last
            told = _own(transcript, event) or _made(transcript, event)
            if told is not None:
                line = envelope(index, last, session, told)
                yield orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS) + b"\n"
                index += 1


class _Calls:
    """Gives calls ids that no other has: to harn, a second call with an id is the first again."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def named(self, event: Event) -> Event:
        """The event, with the id that its call goes by."""
        if event.kind is Kind.TOOL_CALL and speaks(event):
            given = event.call_id or f"call_{event.seq}"
            name = f"{given}_{event.index}" if given in self._names else given
            self._names[given] = name
            return replace(event, call_id=name)
        if event.kind is Kind.TOOL_RESULT:
            given = event.call_id or f"call_{event.ref}"
            return replace(event, call_id=self._names.get(given, given))
        return event


def _own(transcript: Transcript, event: Event) -> AgentEvent | None:
    """The event as harn logged it, but for what the envelope says anew."""
    if transcript.format_of(event) != FORMAT.name or event.part < 0:
        return None
    record = parsed(transcript.raw(event))
    if not isinstance(record, dict):
        return None
    told = {
        key: value
        for key, value in event_of(record).items()
        if key not in ("index", "emitted_at_ms", "frame_depth", "session_id")
    }
    return {**told, "tool_call_id": event.call_id} if "tool_call_id" in told else told


def _made(transcript: Transcript, event: Event) -> AgentEvent | None:
    """The event for what was said elsewhere, None if it was not said to or by the model."""
    if not speaks(event):
        return None
    content = transcript.content(event)
    call, name = event.call_id or "", event.name or ""
    if event.kind is Kind.TOOL_CALL:
        return call_event(call, name, content.arguments)
    if event.kind is Kind.TOOL_RESULT:
        return result_event(call, name, to_parts(content.blocks), event.is_error)
    if event.role is Role.ASSISTANT:
        kind = "agent_thought_chunk" if event.kind is Kind.REASONING else "agent_message_chunk"
        return {"type": kind, "content": content.text}
    given = to_parts(content.blocks)
    parts = [{"type": "text", "text": given}] if isinstance(given, str) else given
    if event.role is Role.USER:
        return {"type": "user_message", "message_id": None, "content": parts}
    return {"type": "message", "role": event.role.label, "content": parts}


WRITER = HarnEventsWriter()
