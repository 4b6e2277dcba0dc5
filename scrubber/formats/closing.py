"""A transcript in which every call that the conversation went on from has its result.

Agents are interrupted: real sessions hold calls that nothing ever answered, and results whose
call is in another file. Model providers refuse both. Calls at the very end stay open: whether to
close those is asked where a session is forked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.content import text_content
from scrubber.core.events import Event, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED, is_opening, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript

_MADE_UP = -100
"""Part of the results that are made up here; no record has it."""

_GIVEN = "call_at_"
"""What the ids of calls begin with whose source gave them none."""


class ClosedTranscript:
    """Another transcript, its abandoned calls answered as interrupted, its stray results gone."""

    def __init__(self, inner: Transcript) -> None:
        self._inner = inner
        self.session = inner.session
        self.index = inner.index
        self._answered = {event.call_id for event in inner.events() if _is_result(event)}
        self.closed = self.stray = 0
        """Calls answered here, and results left out, so far as the events were read."""

    def events(self) -> Iterator[Event]:
        """The events, with results in front of the message that a call was abandoned for.

        That is the next message, or the model's next one if the result comes too late for it.

        Calls and results that their source gave no ids are given some: results answer in order.
        """
        self.closed = self.stray = 0
        known: set[str] = set()
        waiting: list[Event] = []
        is_answered = False
        for event in self._inner.events():
            if _is_result(event):
                event = _answering(event, waiting)
                if event.call_id not in known:
                    self.stray += 1
                    continue
                waiting = [call for call in waiting if call.call_id != event.call_id]
                is_answered = True
            elif waiting and is_opening(event) and not _is_of_one_message(event, waiting[0]):
                moved_on = is_answered and event.role is Role.ASSISTANT
                closed = [c for c in waiting if moved_on or c.call_id not in self._answered]
                self.closed += len(closed)
                known -= {call.call_id or "" for call in closed}
                waiting = [call for call in waiting if call not in closed]
                yield from map(_interrupted, closed)
            if event.kind is Kind.TOOL_CALL and speaks(event):
                if not event.call_id:
                    event = replace(event, call_id=f"{_GIVEN}{event.log}_{event.seq}")
                known.add(event.call_id or "")
                waiting.append(event)
                is_answered = False
            yield event

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        return text_content(INTERRUPTED) if _is_made_up(event) else self._inner.content(event)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record; of a made-up result, those of the call's."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return "scrubber" if _is_made_up(event) else self._inner.format_of(event)


def _answering(result: Event, waiting: list[Event]) -> Event:
    """The result, with the id of the call that it answers if its source does not say which."""
    if result.call_id:
        return result
    given = (c.call_id for c in waiting if c.call_id and c.call_id.startswith(_GIVEN))
    return replace(result, call_id=next(given, None))


def _is_of_one_message(event: Event, call: Event) -> bool:
    return event.group_id is not None and event.group_id == call.group_id


def _is_result(event: Event) -> bool:
    return event.kind is Kind.TOOL_RESULT and speaks(event)


def _is_made_up(event: Event) -> bool:
    return event.part == _MADE_UP


def _interrupted(call: Event) -> Event:
    return replace(
        call,
        kind=Kind.TOOL_RESULT,
        role=Role.TOOL,
        origin=Origin.SYNTHETIC,
        marks=Mark.ERROR | Mark.OPENS_MESSAGE,
        group_id=None,
        usage=None,
        part=_MADE_UP,
        text=INTERRUPTED,
        size=len(INTERRUPTED),
    )
