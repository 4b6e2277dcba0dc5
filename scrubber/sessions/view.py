"""The messages of a session, and where they lie among its events.

An *index* is an exclusive cut between events, a *count* a number of messages; a message may be
several events. Both ways of the mapping are harn's: ``View.index`` is ``branch_event_index``, and
its inverse the length of the view of what stands in front of an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Role
from scrubber.core.grouping import LOOK_AHEAD
from scrubber.core.messages import messages
from scrubber.core.slices import SliceList
from scrubber.core.survey import FRAME, survey_of
from scrubber.core.tally import is_spoken
from scrubber.sessions.messages import GROUP, Said, said
from scrubber.sessions.sliced import Bare, SlicedTranscript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.events import Event
    from scrubber.core.session import Session

_LOOKING_BACK = (Kind.COMPACTION, Kind.REWIND, Kind.CONTEXT_EDIT)
"""Kinds that say something of events in front of them, as does the opening of a frame."""


_PROMPTING = (Role.SYSTEM, Role.DEVELOPER)


@dataclass(frozen=True)
class View:
    """The messages that a model sees of a session, each as its events, in the model's order."""

    transcript: SlicedTranscript
    spans: tuple[tuple[Event, ...], ...]
    known: tuple[Said, ...] = ()
    """The first messages, if they were read before."""

    @property
    def session(self) -> Session:
        """What is known of the session as it was seen."""
        return self.transcript.session

    def __len__(self) -> int:
        return len(self.spans)

    @cached_property
    def said(self) -> list[Said]:
        """The messages, read when they are first asked for; not to be changed."""
        fresh = self.spans[len(self.known) :]
        return [*self.known, *(said(self.transcript, events) for events in fresh)]

    @property
    def told(self) -> tuple[Said, ...]:
        """The first messages, as far as they were read by now."""
        return tuple(self.said) if "said" in self.__dict__ else self.known

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate((events[-1].index + 1 for events in self.spans), max))

    def index(self, count: int) -> int:
        """The exclusive cut behind the first ``count`` messages; the end, if there are fewer."""
        if count <= 0:
            return 0
        return self._ends[count - 1] if count <= len(self.spans) else self.transcript.index

    def without_torn(self, groups: set[str | None]) -> View:
        """The view without messages at its end that go on behind it, in one of these groups."""
        whole = len(self.spans)
        while whole and self.spans[whole - 1][-1].group_id in groups:
            whole -= 1
        return View(self.transcript, self.spans[:whole], self.known[:whole])

    @cached_property
    def is_in_order(self) -> bool:
        """Whether each message lies wholly behind the one before it, as most do."""
        return all(one[-1].index < other[0].index for one, other in pairwise(self.spans))

    def first(self, count: int, slices: SliceList) -> SliceList:
        """The slices of the first messages, and of what happened beside them."""
        stop = self.index(count)
        kept = (
            slices.between(0, stop)
            if self.is_in_order
            else self._without(slices, 0, stop, slice(count, None))
        )
        return self._without_returned(kept, self.spans[:count])

    def _without_returned(self, kept: SliceList, told: Sequence[tuple[Event, ...]]) -> SliceList:
        """The slices without messages that come back where a frame, or a summary, is cut off.

        Both leave system prompts in front of them, so only behind one of these a cut can be so.
        """
        if not told or any(span[0].role not in _PROMPTING for span in told):
            return kept
        cut, wanted = view_of(self.transcript.of(kept)), {_place(span) for span in told}
        back = tuple(span for span in cut.spans if _place(span) not in wanted)
        if not back:
            return kept
        # One that goes may be a summary, and what that stood for comes back in its turn.
        fewer = View(cut.transcript, back)._without(kept, 0, len(kept), slice(None))
        return self._without_returned(fewer, told)

    def last(self, count: int, slices: SliceList) -> SliceList:
        """The slices of the last messages, and of what happened since."""
        first = len(self.spans) - count
        kept = self.spans[first:]
        start = min((events[0].index for events in kept), default=self.transcript.index)
        if self.is_in_order:
            return slices.between(start, len(slices))
        return self._without(slices, start, self.transcript.index, slice(first))

    def _without(self, slices: SliceList, start: int, stop: int, dropped: slice) -> SliceList:
        """The slices of events start…stop-1, but for those of some messages."""
        events = (event for span in self.spans[dropped] for event in span)
        holes = sorted(event.index for event in events if start <= event.index < stop)
        pieces = SliceList()
        for hole in holes:
            pieces, start = pieces + slices.between(start, hole), hole + 1
        return pieces + slices.between(start, stop)


def view_of(transcript: SlicedTranscript, former: View | None = None) -> View:
    """The messages of a transcript; costs its length, not its content.

    ``former``: a view of the same session, from which it may be possible to go on.
    """
    if former is not None and _goes_on(transcript, former):
        fresh = _spans(transcript, former.transcript.index)
        return View(transcript, former.spans + fresh, former.told)
    return View(transcript, _spans(transcript))


def _place(span: tuple[Event, ...]) -> tuple[int, int]:
    return span[0].log, span[0].seq


def told_only(transcript: SlicedTranscript) -> SlicedTranscript:
    """A transcript without the messages that a summary stands for, or that a frame has left: what
    a model is told, and what happened beside it. One of recordings that put a summary in front of
    what it follows is given as it is."""
    survey, view = survey_of(transcript), view_of(transcript)
    if not (survey.summary or survey.begins) or not view.is_in_order:
        return transcript
    kept = {event.index for span in view.spans for event in span}
    slices, start = SliceList(), 0
    for event in transcript.events():
        is_said = is_spoken(event.kind, event.role, event.visibility)
        if is_said and event.index not in kept:
            slices = slices + transcript.slices.between(start, event.index)
            start = event.index + 1
    slices = slices + transcript.slices.between(start, transcript.index)
    return transcript.of(slices)


def _spans(transcript: SlicedTranscript, start: int = 0) -> tuple[tuple[Event, ...], ...]:
    groups = (m.items for m in messages(Bare(transcript, start), honour_compaction=True))
    return tuple(_joined([event for event, _ in items] for items in groups))


def _goes_on(transcript: SlicedTranscript, former: View) -> bool:
    """Whether a transcript begins with another, and what is new changes nothing in front of it."""
    start = former.transcript.index
    if transcript.slices.between(0, start) != former.transcript.slices:
        return False
    tail = former.spans[-LOOK_AHEAD:]
    groups = {event.group_id for span in tail for event in span} - {None}
    return all(
        event.kind not in _LOOKING_BACK and event.name != FRAME and event.group_id not in groups
        for event in transcript.events(start)
    )


def _joined(groups: Iterator[list[Event]]) -> Iterator[tuple[Event, ...]]:
    """The groups, with the parts of a message joined that was handed over as one."""
    open_group: list[Event] = []
    for events in groups:
        name = events[0].group_id
        is_part = name is not None and name.startswith(GROUP)
        if open_group and not (is_part and open_group[0].group_id == name):
            yield tuple(open_group)
            open_group = []
        open_group += events
    if open_group:
        yield tuple(open_group)
