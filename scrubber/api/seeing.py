"""Contexts of one session at one index after another: what was worked out of its beginning is kept.

A context is what ``scrubber.live.context.outline`` gives, for which the whole session is gone
through. Where the playhead goes on, nearly all of that is the same: so the state at a few places
shortly behind is kept, and only the events from there on are gone through, by the same functions.
A place will do where no call waits and no message goes on beyond it; the state there holds as long
as the survey of the session (rewinds, summaries) is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scrubber.core.context.blocks import Block, blocks_of, estimate
from scrubber.core.context.calls import CallWalk
from scrubber.core.events import Event, Kind
from scrubber.core.grouping import LOOK_AHEAD, grouped
from scrubber.core.lint import is_opening
from scrubber.core.tally import speaks
from scrubber.formats.closing import Calls, closed_events, is_result
from scrubber.formats.exported import is_tools
from scrubber.live.context import outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.survey import Survey
    from scrubber.transfer.kept import KeptTranscript

_SPACING, _PLACES, _LEAST = 400, 4, 60
"""Events between two places, how many of them, and events behind the last."""


@dataclass(slots=True)
class State:
    """All that is known of the events in front of an index."""

    rate: float
    survey: Survey
    index: int = 0
    closing: Calls = field(default_factory=lambda: Calls(set()))
    told: CallWalk = field(default_factory=CallWalk)
    messages: int = 0
    blocks: tuple[Block, ...] = ()
    tail: frozenset[str | None] = frozenset()
    """The groups of the last spoken events."""
    boundaries: tuple[int, ...] = ()
    record: tuple[int, int] | None = None
    """The record of the summary that is being told."""
    summed_up: int = 0
    opening: tuple[tuple[int, int], ...] = ()
    """(index, tokens) of what was said up to the first counted prompt."""
    tools: Event | None = None

    def copy(self) -> State:
        """The same, to be led on by itself."""
        return replace(self, closing=self.closing.copy(), told=self.told.copy())

    def note(self, events: Sequence[Event]) -> None:
        """Take note of what events tell beside what they say."""
        opening: list[tuple[int, int]] = []
        for event in self.survey.kept(events):
            self.told.see(event)
            if is_tools(event):
                self.tools = event
            if speaks(event):
                self._note_spoken(event)
                if not self.told.found or event.index < self.told.found[0].upto:
                    opening.append((event.index, estimate(event, self.rate)))
        self.opening += tuple(opening)

    def _note_spoken(self, event: Event) -> None:
        here = (event.source, event.record) if event.kind is Kind.COMPACTION else None
        if here is not None and here != self.record:
            self.boundaries += (event.index,)
        self.record = here
        self.summed_up += self.survey.is_summed_up(event)

    def say(self, events: list[Event]) -> None:
        """Add what events say, of which no message goes on behind them."""
        messages = list(grouped(iter(events)))
        self.blocks += tuple(blocks_of(messages, self.rate, self.messages))
        self.messages += len(messages)
        last = events[-LOOK_AHEAD:]
        kept = self.tail if len(last) < LOOK_AHEAD else frozenset[str | None]()
        self.tail = kept | {event.group_id for event in last} - {None}

    def spoken(self, events: Sequence[Event]) -> Iterator[Event]:
        """The events that the model sees, of those that come next."""
        survey = self.survey
        closed = survey.kept(closed_events(events, survey, self.closing))
        return (e for e in closed if speaks(e) and not survey.is_summed_up(e))


class Seer:
    """Leads states of one session on."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._states: list[State] = []

    def look(self, transcript: KeptTranscript) -> State:
        """The state at the end of a transcript."""
        survey = transcript.survey
        if survey.kept_from is not None or survey.omitted:
            return self._whole(transcript, survey)
        state = self._nearest(transcript, survey)
        return self._led_on(state, list(transcript.events_from(state.index)))

    def _whole(self, transcript: KeptTranscript, survey: Survey) -> State:
        """All of it: a summary or an edit of the context reorders what is said."""
        state, told = State(self._rate, survey), outline(transcript)
        state.note(list(transcript.events()))
        state.blocks = tuple(blocks_of(told.messages, self._rate))
        state.messages, state.closing.stray = len(told.messages), told.stray
        return state

    def _nearest(self, transcript: KeptTranscript, survey: Survey) -> State:
        """The last state that holds for a transcript, or one of nothing."""
        self._states = [state for state in self._states if state.survey == survey]
        for state in reversed(self._states):
            if state.index <= transcript.index and _holds(
                state, list(transcript.events_from(state.index))
            ):
                return state.copy()
        return State(self._rate, survey)

    def _led_on(self, state: State, events: list[Event]) -> State:
        answered = {e.call_id for e in state.survey.kept(events) if is_result(e)}
        state.closing.ever_answered = state.closing.ever_answered | answered
        waiting: list[Event] = []
        first, done = state.index, 0
        for place in (*_places(state, events), len(events)):
            piece = events[done:place]
            waiting += state.spoken(piece)
            state.note(piece)
            done = place
            is_end = place == len(events)
            if is_end or not (state.closing.is_waiting or _goes_on(state, waiting, events[place:])):
                state.say(waiting)
                waiting = []
                state.index = first + place
                if not is_end:
                    self._keep(state)
        return state

    def _keep(self, state: State) -> None:
        kept = [one for one in self._states if one.index != state.index]
        ordered = sorted([*kept, state.copy()], key=lambda one: one.index)
        self._states = ordered[-2 * _PLACES :]


def _holds(state: State, events: Sequence[Event]) -> bool:
    """Whether what comes next leaves what was said in front of it as it is."""
    results = {event.call_id for event in events if is_result(event)}
    groups = {event.group_id for event in events if not is_result(event)}
    return not (state.closing.given_up & results or state.tail & groups)


def _goes_on(state: State, said: Sequence[Event], events: Sequence[Event]) -> bool:
    """Whether a message that has begun has parts further on."""
    begun = {event.group_id for event in said[-LOOK_AHEAD:]} | state.tail
    return any(e.group_id in begun for e in events if e.group_id and not is_result(e))


def _places(state: State, events: Sequence[Event]) -> Iterator[int]:
    """Where a state may be kept: in front of a message, some of the last such places."""
    first = max(len(events) - _SPACING * _PLACES - _LEAST, 0)
    last = first - _SPACING
    for place in range(max(first, 1), len(events) - _LEAST):
        event = events[place]
        if place - last >= _SPACING and is_opening(event) and speaks(event):
            last = place
            yield place
