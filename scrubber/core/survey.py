"""What later events of a session say about earlier ones: rewinds, summaries, frames, omissions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Origin, Role
from scrubber.core.stretches import Stretches
from scrubber.core.tally import speaks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.transcript import Transcript

OMIT = "omit"
"""Name of an edit of the context that leaves the message it refers to out from then on."""

KEEP = "keep"
"""Name of the event in front of a summary that refers to the first event which that keeps."""

FRAME = "agent_frame"
"""Name of the event with which an agent frame opens: what stands in front of it is no longer told,
but for system prompts. Made here only, so a source's own event of that name means nothing."""


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
            if record is not None and event.kind is Kind.COMPACTION and speaks(event):
                yield event


def survey_of(transcript: Transcript) -> Survey:
    """What later events of a transcript say about earlier ones.

    A transcript that has its survey at hand, as ``survey``, is not read again.
    """
    known = getattr(transcript, "survey", None)
    return known if isinstance(known, Survey) else survey_events(transcript.events())


def survey_events(events: Iterable[Event]) -> Survey:
    """Read the events once, for what later ones say about earlier ones."""
    survey, stretches, summaries = Survey(), Stretches(), _Summaries()
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
        elif event.kind is Kind.COMPACTION or speaks(event):
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

    def see(self, event: Event, stretches: Stretches) -> None:
        record = (event.source, event.record)
        if event.kind is not Kind.COMPACTION or not speaks(event):
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
