"""A session that is looked at again and again: its events stay in memory from one look to the next.

An event of a log is written once and never changes, so what was read stays true for as long as the
session's slices begin as they did.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from scrubber.core.events import Kind
from scrubber.core.survey import survey_events
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.core.slices import SliceList
    from scrubber.core.survey import Survey
    from scrubber.store import Store

T = TypeVar("T")
W = TypeVar("W", bound="Walk")

MOST_KEPT = 100_000
"""Events, some 60 MB; of a longer session those behind them are read each time."""
_STEP = 2_000


_SURVEYED = (Kind.REWIND, Kind.CONTEXT_EDIT, Kind.COMPACTION)


class _Kept:
    """What is kept of one session."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.slices: SliceList | None = None
        self.events: list[Event] = []
        self.survey: tuple[int, Survey | None] = (0, None)
        """The survey of a transcript, and its index."""


class KeptTranscript(StoredTranscript):
    """A stored transcript whose first events are at hand."""

    def __init__(self, store: Store, session: Session, index: int, kept: _Kept) -> None:
        super().__init__(store, session, index)
        self.kept: object = kept
        """The same for each transcript whose first events are those of the others."""
        self._whole = kept
        self._kept = kept.events

    @cached_property
    def survey(self) -> Survey:
        """See ``scrubber.core.messages``; that of an index not far away, where nothing that it
        tells of lies between."""
        at, known = self._whole.survey
        between = self._between(min(at, self.index), max(at, self.index))
        if known is None or any(event.kind in _SURVEYED for event in between):
            known = survey_events(self.events())
        self._whole.survey = self.index, known
        return known

    def relevant(self, matters: Callable[[Event], bool]) -> int:
        """The index behind the last event that matters; its own where that is not at hand."""
        index = self.index
        while 0 < index <= len(self._kept) and not matters(self._kept[index - 1]):
            index -= 1
        return index

    def events(self) -> Iterator[Event]:
        """The events in order."""
        return self.events_from(0)

    def events_from(self, first: int) -> Iterator[Event]:
        """The events from an index on, in order."""
        return self._between(first, self.index)

    def _between(self, first: int, last: int) -> Iterator[Event]:
        yield from self._kept[first:last]
        for start in range(max(len(self._kept), first), last, _STEP):
            yield from self._store.events(self.session.id, start, min(start + _STEP, last))


class KeptEvents:
    """The events of the session that was looked at last; used by any number of threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._kept = _Kept("")

    def transcript(self, session: Session, index: int) -> KeptTranscript:
        """The session up to an index."""
        with self._lock:
            self._keep(session, min(index, MOST_KEPT))
            return KeptTranscript(self._store, session, index, self._kept)

    def _keep(self, session: Session, index: int) -> None:
        """Read on up to an index; begin anew for what is not the same session any more."""
        slices, kept = self._store.slices(session.id), self._kept
        known = len(kept.events)
        if session.id != kept.session or slices.between(0, known) != kept.slices:
            kept = self._kept = _Kept(session.id)
            known = 0
        for start in range(known, index, _STEP):
            kept.events += self._store.events(session.id, start, min(start + _STEP, index))
        kept.slices = slices.between(0, len(kept.events))


class Walk(Protocol):
    """Something that is found once of each event, in order."""

    seen: int
    """Events that were looked at."""

    def see(self, transcript: KeptTranscript) -> None:
        """Look at the events that were not seen yet."""
        ...


class KeptWalk(Generic[W]):
    """What was found of the session that was looked at last; used by any number of threads."""

    def __init__(self, make: Callable[[Session], W]) -> None:
        self._make = make
        self._lock = Lock()
        self._session = ""
        self._slices: SliceList | None = None
        self._walk: W | None = None

    def look(self, transcript: KeptTranscript, slices: SliceList, read: Callable[[W], T]) -> T:
        """Look at a transcript, whose session has these slices, and read what was found."""
        with self._lock:
            walk, session = self._walk, transcript.session
            is_same = session.id == self._session and walk is not None
            if walk is None or not is_same or slices.between(0, walk.seen) != self._slices:
                walk = self._make(session)
            walk.see(transcript)
            self._walk, self._session = walk, session.id
            self._slices = slices.between(0, walk.seen)
            return read(walk)
