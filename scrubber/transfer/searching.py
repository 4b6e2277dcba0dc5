"""Searches the store: what is indexed by the index, the rest by its bytes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from scrubber.core.query import Query, parse
from scrubber.core.query.matching import Matcher, Snippet, snippet
from scrubber.store.search import finding, places, unindexed
from scrubber.transfer.event_texts import EventTexts
from scrubber.transfer.indexing import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.events import Event
    from scrubber.core.slices import Slice
    from scrubber.store import Store
    from scrubber.store.search.index import Backlog
    from scrubber.store.search.places import Branch


@dataclass(frozen=True, slots=True)
class Hit:
    """An event that fits. ``branches`` are all sessions that it is in, the one it is shown in
    first: the oldest, where it was said."""

    event: Event
    branches: tuple[Branch, ...]
    snippet: Snippet

    @property
    def session(self) -> str:
        """Id of the session that it is shown in; ``event.index`` is its place there."""
        return self.branches[0].session


def search(
    store: Store,
    text: str | Query,
    *,
    each: int = 5,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Hit]:
    """The events that fit a query, the newest logs first, at most ``each`` of one session.

    Hits come as they are found. ``stopped`` is asked often; once it says yes, there are no more.
    A QueryError tells what is wrong with the text.
    """
    query = text if isinstance(text, Query) else parse(text)
    if not query:
        return
    search = _Search(store, query, each, stopped)
    yield from search.indexed()
    if query.phrases:
        yield from search.rest()


@dataclass
class _Search:
    """One search. Of each session only so many hits are given; ``each`` 0: none is left out."""

    store: Store
    query: Query
    each: int
    stopped: Callable[[], bool]

    def __post_init__(self) -> None:
        self._matcher, self._texts = Matcher(self.query), EventTexts(self.store)
        self._given: Counter[str] = Counter()
        self._known: dict[int, bool] = {}
        self._seen: set[tuple[int, int]] = set()  # an index that breaks is searched twice

    def indexed(self) -> Iterator[Hit]:
        """What the index finds."""
        ask = self.store.index.ask
        for log, seq in finding.by_log(ask, self.query, self.each, self.holds, self.stopped):
            yield from self._hit(log, seq)

    def holds(self, log: int, seq: int) -> bool:
        """Whether what the index takes for a hit is one."""
        if not self.query.phrases:
            return True
        if log not in self._known:
            self._known[log] = self.store.index.knows(log)
        return self._known[log] and (not self.query.has_phrases or self._reads(log, seq))

    def rest(self) -> Iterator[Hit]:
        """What is not indexed yet."""
        for one in self.store.index.backlog():
            for seq in islice(self.missing(one), self.each):
                yield from self._hit(one.log, seq)

    def within(self, piece: Slice, rest: Backlog | None) -> Iterator[int]:
        """Places of all events of a slice that fit; ``rest`` of its log is not indexed."""
        log, start, stop = piece.log, piece.start, piece.stop
        ask = self.store.index.ask
        for seq in finding.within(ask, self.query, log, start, stop, self.stopped):
            if self.holds(log, seq):
                yield seq
        if rest is not None and max(rest.start, start) < min(rest.stop, stop):
            low, high = max(rest.start, start), min(rest.stop, stop)
            yield from self.missing(replace(rest, start=low, stop=high))

    def missing(self, one: Backlog) -> Iterator[int]:
        """Places of events that fit in a stretch that is not indexed."""
        found = unindexed.candidates(
            self.store.index.ask, self.query, one.log, one.start, one.stop, self.stopped
        )
        return (seq for seq in found if self._reads(one.log, seq))

    def _reads(self, log: int, seq: int) -> bool:
        text = self._texts.of(self.store.event(log, seq))
        return not self.stopped() and self._matcher.fits(text[:MOST])

    def _hit(self, log: int, seq: int) -> Iterator[Hit]:
        branches = self.store.index.ask(lambda c: places.branches(c, log, seq))
        if self.stopped() or not branches or (log, seq) in self._seen:
            return
        self._seen.add((log, seq))
        self._given[branches[0].session] += 1
        if self._given[branches[0].session] > self.each:
            return
        event = replace(self.store.event(log, seq), index=branches[0].index)
        yield Hit(event, branches, snippet(self._texts.of(event), self._matcher))


def fits(
    store: Store,
    session: str,
    text: str | Query,
    start: int = 0,
    stop: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> bytes:
    """A byte for each of the events start…stop-1 of a session: 1 where it fits the query."""
    query = text if isinstance(text, Query) else parse(text)
    slices = store.slices(session)
    stop = len(slices) if stop is None else min(stop, len(slices))
    mask = bytearray(max(stop - start, 0))
    behind = {one.log: one for one in store.index.backlog()} if query.phrases else {}
    search = _Search(store, query, 0, stopped)
    for first, piece in slices.ranges(start, stop):
        for seq in search.within(piece, behind.get(piece.log)):
            mask[seq + first - piece.start - start] = 1
    return bytes(mask)


def next_fit(store: Store, session: str, text: str | Query, at: int, step: int) -> int | None:
    """The index behind the next event that fits, or with ``step`` -1 the previous one.

    Looked for in stretches that grow, so that what is near costs little.
    """
    query = text if isinstance(text, Query) else parse(text)
    length, size = len(store.slices(session)), _FIRST_STRETCH
    low = high = min(max(at, 0), length) if step > 0 else min(max(at - 1, 0), length)
    while low > 0 if step < 0 else high < length:
        low, high = (max(low - size, 0), low) if step < 0 else (high, min(high + size, length))
        mask = fits(store, session, query, low, high)
        found = mask.rfind(1) if step < 0 else mask.find(1)
        if found >= 0:
            return low + found + 1
        size = min(size * 4, _LONGEST_STRETCH)
    return None


_FIRST_STRETCH, _LONGEST_STRETCH = 512, 131_072
