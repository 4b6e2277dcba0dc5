"""The events of the open session, read from the store in pages around where they are wanted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from scrubber.core.recent import Recent
from scrubber.models.event_feed import EventFeed

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.models.tasks import Tasks

PAGE = 64
_CACHED_BYTES = 3_000_000
_EVENT_BYTES = 1_000
"""About what an event takes beside its text."""
_WANTED_AT_ONCE = 6
"""Pages that are read, and stay however much their events hold."""
_SEEN_BEFORE, _SEEN_BEHIND = 24, 8
"""About how many events are seen in front of the playhead and behind it."""
_SEEN_BYTES = 500_000
"""If they hold more, the page is shown before they are read."""


@dataclass(frozen=True, slots=True)
class _Page:
    events: list[Event]
    contents: list[Content]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Events that were read beforehand, from the index ``start`` on."""

    start: int
    events: list[Event]
    contents: list[Content]


def read_fresh(store: OpenStore, session: str, start: int, stop: int) -> Fresh:
    """Read what was added."""
    events = store.events(session, start, stop)
    return Fresh(start, events, [store.content(event) for event in events])


def read_near(store: OpenStore, session: str, at: int, length: int) -> Fresh | None:
    """Read the pages that are seen first with the playhead there; None if that takes too long."""
    start = max(at - _SEEN_BEFORE, 0) // PAGE * PAGE
    stop = min((at + _SEEN_BEHIND) // PAGE * PAGE + PAGE, length)
    events = store.events(session, start, stop)
    if sum(event.size for event in events) > _SEEN_BYTES:
        return None
    return Fresh(start, events, [store.content(event) for event in events])


class SessionFeed(EventFeed):
    """An EventFeed on a store. What is asked for last is read first; old wishes are forgotten."""

    def __init__(
        self, store: OpenStore | None, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._session = ""
        self._length = 0
        self._generation = 0
        self._pages: Recent[int, _Page] = Recent(_CACHED_BYTES, _WANTED_AT_ONCE)
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._reading = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read)

    def set_store(self, store: OpenStore) -> None:
        """Read from this store from now on."""
        self._store = store

    def open(self, session: str, length: int, near: Fresh | None = None) -> None:
        """Show another session, or the same one anew; ``near``: whole pages that are at hand."""
        self._session, self._length = session, length
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._keep_near(near)
        self.reset.emit()

    def _keep_near(self, near: Fresh | None) -> None:
        if near is None:
            return
        for place in range(0, len(near.events), PAGE):
            these = slice(place, place + PAGE)
            page = _Page(near.events[these], near.contents[these])
            self._keep((near.start + place) // PAGE, page)

    def grow(self, length: int, fresh: Fresh | None = None, near: Fresh | None = None) -> None:
        """Let the session be longer than before; what was read stays.

        With what was added at hand, or of much the whole pages that are seen (``near``), nothing
        has to be read, and nothing on the screen flickers.
        """
        former, self._length = self._length, length
        self._generation += 1
        if fresh is not None and (fresh.start, len(fresh.events)) == (former, length - former):
            self._append(fresh)
        elif former:
            self._pages.drop((former - 1) // PAGE)
        self._keep_near(near)
        self.grown.emit(length)
        for read in (fresh, near):
            if read is not None:
                self.loaded.emit(read.start, read.start + len(read.events))

    def _append(self, fresh: Fresh) -> None:
        """Put events behind those of the last page, if that is at hand, and on new pages."""
        for event, content in zip(fresh.events, fresh.contents, strict=True):
            number, place = divmod(event.index, PAGE)
            page = self._pages.get(number) or _Page([], [])
            if len(page.events) == place:
                page.events.append(event)
                page.contents.append(content)
                self._keep(number, page)

    def __len__(self) -> int:
        return self._length

    def event_at(self, index: int) -> Event | None:
        """The event at an index, None while it is being read."""
        page = self._page(index)
        return page.events[index % PAGE] if page else None

    def content_at(self, index: int) -> Content | None:
        """Its content, None while it is being read."""
        page = self._page(index)
        return page.contents[index % PAGE] if page else None

    def _page(self, index: int) -> _Page | None:
        if not 0 <= index < self._length:
            return None
        number = index // PAGE
        page = self._pages.get(number)
        if page is not None and index % PAGE < len(page.events):
            return page
        self._want(number)
        return None

    def _want(self, number: int) -> None:
        self._wanted[number] = None
        self._wanted.move_to_end(number)
        while len(self._wanted) > _WANTED_AT_ONCE:
            self._wanted.popitem(last=False)
        if not self._reading and not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        store = self._store
        if store is None or not self._wanted or self._reading:
            return
        number, _ = self._wanted.popitem()
        session, generation = self._session, self._generation
        self._reading = True

        def work() -> _Page:
            events = store.events(session, number * PAGE, (number + 1) * PAGE)
            return _Page(events, [store.content(event) for event in events])

        def done(page: _Page) -> None:
            self._reading = False
            if generation == self._generation:
                self._keep(number, page)
                first = number * PAGE
                self.loaded.emit(first, first + len(page.events))
            if self._wanted:
                self._timer.start()

        def failed(error: Exception) -> None:
            self._reading = False
            self._tasks.failed.emit(str(error))

        self._tasks.run("", work, done, failed)

    def _keep(self, number: int, page: _Page) -> None:
        weight = sum(event.size + _EVENT_BYTES for event in page.events)
        self._pages.put(number, page, weight)
