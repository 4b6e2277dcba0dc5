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
from scrubber.core.lint import INTERRUPTED, is_opening
from scrubber.core.survey import survey_of
from scrubber.core.tally import speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scrubber.core.content import Content
    from scrubber.core.notes import Note
    from scrubber.core.survey import Survey
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
        self.survey = survey_of(inner)
        """The inner transcript's, which is that of this one too."""
        kept = self.survey.kept(inner.events())
        self._answered = {event.call_id for event in kept if is_result(event)}
        self._calls = Calls(self._answered)

    @property
    def closed(self) -> int:
        """Calls answered here, so far as the events were read."""
        return self._calls.closed

    @property
    def stray(self) -> int:
        """Results left out, so far as the events were read."""
        return self._calls.stray

    def notes(self) -> list[Note]:
        """What is written on the events; see ``exported.notes_of``."""
        notes: Callable[[], list[Note]] = getattr(self._inner, "notes", list)
        return notes()

    def events(self) -> Iterator[Event]:
        """The events, with results in front of the message that a call was abandoned for.

        That is the next message, or the model's next one if the result comes too late for it.
        Calls and results without ids are given some: results answer in order. A call with the id of
        an earlier one gets another.
        """
        self._calls = Calls(self._answered)
        return closed_events(self._inner.events(), self.survey, self._calls)

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        return text_content(INTERRUPTED) if _is_made_up(event) else self._inner.content(event)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record; of a made-up result, those of the call's."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return "scrubber" if _is_made_up(event) else self._inner.format_of(event)


def closed_events(events: Iterable[Event], survey: Survey, calls: Calls) -> Iterator[Event]:
    """Events that follow those which ``calls`` has seen, closed as ``ClosedTranscript`` does."""
    for event in events:
        if survey.is_dropped(event.index):
            yield event
        elif is_result(event):
            answer = calls.answer(event)
            if answer is not None:
                yield answer
        else:
            yield from map(_interrupted, calls.abandoned_for(event))
            yield calls.enter(event)


class Calls:
    """The calls of a conversation while it goes on: which wait, and under which ids."""

    def __init__(self, answered: set[str | None]) -> None:
        self.ever_answered = answered
        """The ids that any result has, also one further down."""
        self.closed = self.stray = 0
        """Calls that were abandoned, and results of no call, so far."""
        self.given_up: set[str] = set()
        """The ids of those that were abandoned since no result has them."""
        self._names: dict[str, str] = {}
        """The id that calls of this id go under now."""
        self._used: set[str] = set()
        self._waiting: dict[str, Event] = {}
        self._has_answers = False
        """Whether a result has come since the last call."""

    def enter(self, event: Event) -> Event:
        """The event; a call waits from now on, under an id that no other has."""
        if event.kind is not Kind.TOOL_CALL or not speaks(event):
            return event
        here = f"{event.log}_{event.seq}"
        name = event.call_id or f"{_GIVEN}{here}"
        if name in self._used and name not in self._waiting:
            name = f"{name}_{here}"
        if event.call_id:
            self._names[event.call_id] = name
        self._used.add(name)
        self._waiting[name] = event = _named(event, name)
        self._has_answers = False
        return event

    def answer(self, result: Event) -> Event | None:
        """The result of a call that waits, with its id; None if none does."""
        given = (name for name in self._waiting if name.startswith(_GIVEN))
        name = self._names.get(result.call_id) if result.call_id else next(given, None)
        if name is None or self._waiting.pop(name, None) is None:
            self.stray += 1
            return None
        self._has_answers = True
        return _named(result, name)

    def abandoned_for(self, event: Event) -> list[Event]:
        """The calls that the conversation goes on from without a result; they wait no more."""
        first = next(iter(self._waiting.values()), None)
        if first is None or not is_opening(event) or _is_of_one_message(event, first):
            return []
        moved_on = self._has_answers and event.role is Role.ASSISTANT
        found = [
            call
            for name, call in self._waiting.items()
            if moved_on or name not in self.ever_answered
        ]
        for call in found:
            del self._waiting[call.call_id or ""]
            if not moved_on:
                self.given_up.add(call.call_id or "")
        self.closed += len(found)
        return found

    @property
    def is_waiting(self) -> bool:
        """Whether any call has no result yet."""
        return bool(self._waiting)

    def copy(self) -> Calls:
        """The same, to be led on by itself."""
        other = Calls(self.ever_answered)
        other.closed, other.stray, other.given_up = self.closed, self.stray, set(self.given_up)
        other._names, other._used = dict(self._names), set(self._used)
        other._waiting, other._has_answers = dict(self._waiting), self._has_answers
        return other


def _named(event: Event, call_id: str) -> Event:
    return event if event.call_id == call_id else replace(event, call_id=call_id)


def _is_of_one_message(event: Event, call: Event) -> bool:
    return event.group_id is not None and event.group_id == call.group_id


def is_result(event: Event) -> bool:
    """Whether the model sees the event as the result of a call."""
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
