"""Compares sessions of a store: reads no more of them than has to be, and as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.core.compare import shared
from scrubber.core.compare.alignment import NONE, Alignment, align
from scrubber.core.compare.figures import Headline, figures
from scrubber.core.compare.keys import Side, SideReader
from scrubber.core.compare.values import same
from scrubber.core.describe import describe
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind, Usage
from scrubber.core.tally import SPOKEN
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.compare.alignment import Row
    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.core.slices import SliceList
    from scrubber.store import Store
    from scrubber.transfer.progress import Progress

FEWEST, MOST = 2, 8
_STEP = 2000
_CHECKED_AT_ONCE = 256
_CLOSING = (Kind.SCORE, Kind.SESSION_END)


@dataclass(frozen=True, slots=True)
class Column:
    """One of the sessions, as it was when it was compared: what came later is not in it."""

    session: Session
    slices: SliceList
    headline: Headline


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two to eight sessions side by side."""

    columns: tuple[Column, ...]
    alignment: Alignment

    @property
    def is_equal(self) -> bool:
        """Whether no difference counts."""
        return not self.alignment.differences


@dataclass(frozen=True, slots=True)
class Cell:
    """The event of one column in a row, and what it holds."""

    event: Event
    content: Content


Price = Callable[[Usage, "str | None"], "int | None"]
"""What tokens of a model cost, in millionths of a US dollar; None where nobody knows."""


class Comparer:
    """Reads and compares; ``progress`` hears of events read, and can cancel."""

    def __init__(self, store: Store, progress: Progress | None, price: Price) -> None:
        self._store = store
        self._price = price
        self._progress = progress
        self._format_of = lru_cache(maxsize=256)(lambda source: store.source(source).format)

    def compare(self, names: Sequence[str]) -> Comparison:
        """The sessions side by side, in this order; a BadArgumentError for too few or too many."""
        if not FEWEST <= len(names) <= MOST:
            raise BadArgumentError(f"{FEWEST} to {MOST} sessions are compared, not {len(names)}")
        sessions = [self._store.session(name) for name in names]
        branches = [self._store.slices(session.id) for session in sessions]
        ends = start, end = shared.common_ends(branches)
        self._expect(sum(len(branch) - start - end for branch in branches))
        sides = [self._side(branch, start, len(branch) - end) for branch in branches]
        lengths = [len(branch) for branch in branches]
        alignment = align(lengths, ends, sides, shared.nearest(branches), self._check)
        self._confirm(alignment, branches, sides)
        first = alignment.first
        parted = len(alignment) if first is None else first.number
        columns = [
            Column(session, branch, self._headline(session, len(branch), alignment.cut(n, parted)))
            for n, (session, branch) in enumerate(zip(sessions, branches, strict=True))
        ]
        return Comparison(tuple(columns), alignment)

    def _expect(self, events: int) -> None:
        if self._progress is not None:
            self._progress.bytes_total, self._progress.unit = events, "event"

    def _check(self) -> None:
        if self._progress is not None:
            self._progress.advance()

    def _side(self, branch: SliceList, start: int, stop: int) -> Side:
        reader = SideReader()
        for first in range(start, stop, _STEP):
            events = self._store.read(branch, first, min(first + _STEP, stop))
            reader.read(events)
            if self._progress is not None:
                self._progress.advance(len(events))
        return reader.side

    def _confirm(
        self, alignment: Alignment, branches: Sequence[SliceList], sides: Sequence[Side]
    ) -> None:
        """Read the contents of what seems alike but is not the same event, and tell it apart."""
        doubtful = alignment.doubtful(sides)
        for at in range(0, len(doubtful), _CHECKED_AT_ONCE):
            self._check()
            some = [alignment.row(n) for n in doubtful[at : at + _CHECKED_AT_ONCE]]
            read = [self._events(branch, some, n) for n, branch in enumerate(branches)]
            for row in some:
                events = [
                    read[n][place] if place is not None else None
                    for n, place in enumerate(row.places)
                ]
                alignment.tell_apart(row.number, self._variants(row, events))

    def _events(self, branch: SliceList, rows: Sequence[Row], column: int) -> dict[int, Event]:
        places = [place for row in rows if (place := row.places[column]) is not None]
        if not places:
            return {}
        if places[-1] - places[0] > 4 * len(places) + _STEP:
            spans = [(place, place + 1) for place in places]
        else:
            spans = [(places[0], places[-1] + 1)]
        return {event.index: event for a, b in spans for event in self._store.read(branch, a, b)}

    def _variants(self, row: Row, events: Sequence[Event | None]) -> list[int]:
        """The variants of a row by what its events hold; what differs already stays different."""
        known: list[tuple[int, Event, int]] = []
        found: list[int] = []
        for before, event in zip(row.variants, events, strict=True):
            if event is None:
                found.append(NONE)
                continue
            alike = (n for was, other, n in known if was == before and self._same(event, other))
            number = next(alike, -1)
            if number < 0:
                number = len({n for _, _, n in known})
            known.append((before, event, number))
            found.append(number)
        return found

    def _same(self, one: Event, other: Event) -> bool:
        if (one.log, one.seq) == (other.log, other.seq):
            return True
        mine, theirs = self._store.raw(one), self._store.raw(other)
        formats = self._format_of(one.source), self._format_of(other.source)
        if (mine, one.part, formats[0]) == (theirs, other.part, formats[1]):
            return True
        return same(
            registry.get(formats[0]).content(mine, one.part),
            registry.get(formats[1]).content(theirs, other.part),
        )

    def _headline(self, session: Session, length: int, split: int) -> Headline:
        track = self._store.track(session.id)
        before, whole = (
            self._store.totals(session.id, split),
            self._store.totals(session.id, length),
        )

        def price(usage: Usage) -> int | None:
            return self._price(usage, session.model)

        return Headline(
            self._outcome(session, track.kinds[:length]),
            figures(track, whole, 0, length, price),
            figures(track, whole - before, split, length, price),
        )

    def _outcome(self, session: Session, kinds: bytes) -> str:
        """The last score, or how it ended by its own word; else its state and its last words."""
        for kind in _CLOSING:
            at = kinds.rfind(int(kind))
            if at >= 0:
                text = self._store.events(session.id, at, at + 1)[0].text
                if text:
                    return text
        last = max((kinds.rfind(int(kind)) for kind in SPOKEN), default=-1)
        if last < 0:
            return session.status
        words = describe(self._store.events(session.id, last, last + 1)[0], 80)
        return words if session.status == "completed" else f"{session.status} · {words}"


def compare(
    store: Store, sessions: Sequence[str], progress: Progress | None, price: Price
) -> Comparison:
    """Sessions side by side; see Comparer."""
    return Comparer(store, progress, price).compare(sessions)


def cells(store: Store, comparison: Comparison, number: int) -> tuple[Cell | None, ...]:
    """The events of a row, with their contents; None where a column has none."""
    row = comparison.alignment.row(number)
    return tuple(
        None if place is None else _cell(store, column.slices, place)
        for column, place in zip(comparison.columns, row.places, strict=True)
    )


def _cell(store: Store, slices: SliceList, place: int) -> Cell:
    (event,) = store.read(slices, place, place + 1)
    format = store.source(event.source).format
    return Cell(event, registry.get(format).content(store.raw(event), event.part))
