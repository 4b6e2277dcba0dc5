"""The messages of a session as the model sees them, built from its events.

The model sees messages, the timeline shows events: one assistant message is several events
(reasoning, text, calls), and what was rewound, hidden or only shown is no message at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Origin, Role
from scrubber.core.tally import is_spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript

OMIT = "omit"
"""Name of an edit of the context that leaves the message it refers to out from then on."""

KEEP = "keep"
"""Name of the event in front of a summary that refers to the first event which that keeps."""

FRAME = "agent_frame"
"""Name of the event with which an agent frame opens: what stands in front of it is no longer told,
but for system prompts. Made here only, so a source's own event of that name means nothing."""

LOOK_AHEAD = 64
"""Spoken events read ahead of a message, to find parts of it behind results of parallel calls."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to or from the model, with the events ``start``…``stop``-1 it spans.

    The spans of two messages overlap where the source has results of parallel calls between the
    parts of their message.
    """

    role: Role
    items: tuple[tuple[Event, Content], ...]

    @property
    def start(self) -> int:
        """Index of its first event."""
        return self.items[0][0].index

    @property
    def stop(self) -> int:
        """Index behind its last event."""
        return self.items[-1][0].index + 1

    @property
    def origins(self) -> frozenset[Origin]:
        """How its parts came to be, but for those that the source recorded."""
        return frozenset(event.origin for event, _ in self.items) - {Origin.RECORDED}


def messages(transcript: Transcript, honour_compaction: bool = False) -> Iterator[Message]:
    """The messages of a transcript in order, with a few of them in memory.

    Events of one group are one message, also if results of parallel calls stand between them: the
    results follow the whole message. Each tool result is a message of its own.
    ``honour_compaction`` leaves out what the last summary stands for, but no system prompt;
    without it, what a compaction repeats of the messages in front of it is left out.
    """
    for group in message_events(transcript, honour_compaction):
        items = tuple((event, transcript.content(event)) for event in group)
        yield Message(group[0].role, items)


def message_events(
    transcript: Transcript, honour_compaction: bool = False
) -> Iterator[list[Event]]:
    """The events of each message, as ``messages`` has them; their contents are not read."""
    return grouped(spoken_events(transcript, honour_compaction))


def grouped(events: Iterator[Event]) -> Iterator[list[Event]]:
    """Spoken events, those of one message together."""
    return _groups(gathered(events))


def spoken_events(transcript: Transcript, honour_compaction: bool = False) -> Iterator[Event]:
    """The events that the model sees, in the order of the timeline."""
    survey = survey_of(transcript)
    is_left_out = survey.is_summed_up if honour_compaction else is_repetition
    events = (
        event
        for event in survey.in_context(survey.kept(transcript.events()))
        if not is_left_out(event) and _speaks(event)
    )
    if honour_compaction and survey.kept_from is not None:
        return _summary_first(transcript, survey, events)
    return events


def _summary_first(
    transcript: Transcript, survey: Survey, events: Iterator[Event]
) -> Iterator[Event]:
    """The events, with the last summary in front of those that a compaction kept behind it."""
    summary = list(survey.summary_of(transcript.events()))
    told = {event.index for event in summary}
    for event in events:
        if summary and event.index >= (survey.kept_from or 0):
            yield from summary
            summary = []
        if event.index not in told:
            yield event
    yield from summary


def is_repetition(event: Event) -> bool:
    """Whether a compaction keeps a message here that stands in front of it as well."""
    return event.kind is Kind.COMPACTION and bool(event.marks & Mark.DUPLICATE)


@dataclass(slots=True)
class Survey:
    """What must be known of a whole transcript before its first message can be told.

    Whether an event still counts is known only when the rewind that drops it is met, which may be
    a million events later. So the events are read twice rather than kept: a first pass (without
    content) notes the rewinds, of which there are few; the second leaves out what they drop.
    """

    starts: list[int] = field(default_factory=list)
    """Where the dropped stretches begin, in order; they do not touch."""
    stops: list[int] = field(default_factory=list)
    summary: int = 0
    """Index of the last summary that a compaction put in the place of what was before it; of its
    first event, if the record that tells of it has several."""
    replaced: int | None = None
    """Index of the first event in its place; None: it stands for all but the system prompts."""
    kept_from: int | None = None
    """Index of the first event in front of it that it does not stand for, and that the model sees
    behind it; None: there is none."""
    begins: int = 0
    """Index of the event with which the last agent frame opens; 0: none does."""
    omitted: set[int] = field(default_factory=set)
    """Indices of the first events of records that an edit of the context left out."""

    def drop(self, start: int, stop: int) -> None:
        """Leave out the events start…stop-1; ``stop`` is behind all that was dropped before."""
        while self.starts and self.stops[-1] >= start:
            start = min(start, self.starts.pop())
            self.stops.pop()
        self.starts.append(start)
        self.stops.append(stop)

    def is_dropped(self, index: int) -> bool:
        """Whether a rewind left the event behind."""
        at = bisect_right(self.starts, index) - 1
        return at >= 0 and index < self.stops[at]

    def is_summed_up(self, event: Event) -> bool:
        """Whether the last summary stands for an event in front of it, or a frame begins behind."""
        if event.index < self.begins:
            return event.role not in (Role.SYSTEM, Role.DEVELOPER)
        if event.index >= self.summary:
            return False
        if self.kept_from is not None and event.index >= self.kept_from:
            # The summary's own system prompt, if it has one, takes the place of those before it.
            return self.replaced is not None and event.role in (Role.SYSTEM, Role.DEVELOPER)
        if self.replaced is not None:
            return event.index >= self.replaced
        return event.role not in (Role.SYSTEM, Role.DEVELOPER)

    def kept(self, events: Iterable[Event]) -> Iterator[Event]:
        """The events that no rewind left behind."""
        return (event for event in events if not self.is_dropped(event.index))

    def in_context(self, events: Iterable[Event]) -> Iterator[Event]:
        """The events without the records that an edit of the context left out."""
        left_out: tuple[int, int] | None = None
        for event in events:
            if event.index in self.omitted:
                left_out = (event.source, event.record)
            if (event.source, event.record) != left_out:
                yield event

    def summary_of(self, events: Iterable[Event]) -> Iterator[Event]:
        """The events that the last summary is made of."""
        record: tuple[int, int] | None = None
        for event in events:
            if event.index == self.summary:
                record = (event.source, event.record)
            elif record is not None and (event.source, event.record) != record:
                return
            if record is not None and event.kind is Kind.COMPACTION and _speaks(event):
                yield event


def survey_of(transcript: Transcript) -> Survey:
    """What later events of a transcript say about earlier ones.

    A transcript that has its survey at hand, as ``survey``, is not read again.
    """
    known = getattr(transcript, "survey", None)
    return known if isinstance(known, Survey) else survey_events(transcript.events())


def survey_events(events: Iterable[Event]) -> Survey:
    """Read the events once, for what later ones say about earlier ones."""
    survey, stretches, summaries = Survey(), _Stretches(), _Summaries()
    frames = [0]
    for event in events:
        stretches.see(event)
        if event.kind is Kind.REWIND and event.ref is not None:
            start = stretches.find(event.log, event.ref)
            if start is not None and start < event.index:
                survey.drop(start, event.index)
        elif event.kind is Kind.CONTEXT_EDIT and event.ref is not None:
            _edit(survey, event, stretches.find(event.log, event.ref))
        elif event.kind is Kind.STATE and event.name == FRAME:
            frames += [event.index] if event.origin is not Origin.RECORDED else []
        elif event.kind is Kind.COMPACTION or _speaks(event):
            summaries.see(event, stretches)
    kept = (found for found in reversed(summaries.found) if not survey.is_dropped(found[0]))
    survey.summary, survey.replaced, survey.kept_from = next(kept, (0, None, None))
    survey.begins = next(at for at in reversed(frames) if not at or not survey.is_dropped(at))
    if survey.begins > survey.summary:
        survey.summary, survey.replaced, survey.kept_from = 0, None, None
    return survey


def _edit(survey: Survey, event: Event, at: int | None) -> None:
    """An edit of the context that leaves a message out, or puts it in again."""
    if at is not None and event.name == OMIT:
        survey.omitted.add(at)
    elif at is not None:
        survey.omitted.discard(at)


class _Summaries:
    """The runs of messages that compactions put in the place of others; most are of one message."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int | None, int | None]] = []
        """(its first event; the first event that it replaces, the first that it keeps, if told)"""
        self._record: tuple[int, int] | None = None
        self._kept: tuple[tuple[int, int], int | None] | None = None

    def see(self, event: Event, stretches: _Stretches) -> None:
        record = (event.source, event.record)
        if event.kind is not Kind.COMPACTION or not _speaks(event):
            self._record = self._record if record == self._record else None
            if event.kind is Kind.COMPACTION and event.name == KEEP and event.ref is not None:
                self._kept = record, stretches.find(event.log, event.ref)
            return
        replaced = None if event.ref is None else stretches.find(event.log, event.ref)
        if self._record is None:
            kept = self._kept[1] if self._kept and self._kept[0] == record else None
            self.found.append((event.index, replaced, kept))
        elif self.found[-1][1] is None:
            self.found[-1] = (self.found[-1][0], replaced, self.found[-1][2])
        self._record = record


def _speaks(event: Event) -> bool:
    return is_spoken(event.kind, event.role, event.visibility)


class _Stretches:
    """The stretches of logs that a session is made of, to find a log's events in the session."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, int]] = []
        self._last: tuple[int, int] | None = None

    def see(self, event: Event) -> None:
        here = (event.log, event.index - event.seq)
        if here != self._last:
            self._found.append((event.log, event.seq, event.index))
            self._last = here

    def find(self, log: int, seq: int) -> int | None:
        """Index of the log's event ``seq``, or of what stands in its place."""
        best: int | None = None
        for number, (found, first, index) in enumerate(self._found):
            if found != log:
                continue
            if first > seq:
                before = index + seq if seq < 0 and not first else index
                return max(before, 0) if best is None else best
            after = self._found[number + 1][2] if number + 1 < len(self._found) else None
            at = index + seq - first
            best = at if after is None or at < after else after
        return best


def gathered(events: Iterator[Event]) -> Iterator[Event]:
    """The events, with those of one message moved up to the first of them."""
    window = deque(islice(events, LOOK_AHEAD))
    while window:
        event = window.popleft()
        window.extend(islice(events, 1))
        yield event
        if not _is_part(event) or all(other.group_id != event.group_id for other in window):
            continue
        others = [e for e in window if e.group_id == event.group_id and _is_part(e)]
        yield from others
        window = deque(e for e in window if e.group_id != event.group_id or not _is_part(e))
        window.extend(islice(events, LOOK_AHEAD - len(window)))


def _groups(events: Iterator[Event]) -> Iterator[list[Event]]:
    group: list[Event] = []
    for event in events:
        if group and not (_is_part(event) and event.group_id == group[0].group_id):
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def _is_part(event: Event) -> bool:
    return event.group_id is not None and event.kind is not Kind.TOOL_RESULT
