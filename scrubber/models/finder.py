"""Finds words in the open session: in the whole content of its events, in the background."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scrubber.core.events import Visibility
from scrubber.core.query.texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library

CHUNK = 128
"""Events read from the store at a time."""

STEP_S = 0.04
"""Seconds of one step; between two steps the store's thread does what else is wanted."""


@dataclass(slots=True)
class _Search:
    """One query over one session. ``chunks`` are still to be searched, the first one first."""

    store: OpenStore
    session: str
    needle: str
    any_case: bool
    hidden: bool
    chunks: deque[tuple[int, int]]
    stopped: bool = False

    def step(self) -> list[int]:
        """Search for a moment, on the store's thread; gives what was found."""
        end, found = time.monotonic() + STEP_S, list[int]()
        while self.chunks and not self.stopped and time.monotonic() < end:
            found += self._search(*self.chunks.popleft())
        return found

    def _search(self, start: int, stop: int) -> Iterator[int]:
        for event in self.store.events(self.session, start, stop):
            if self.stopped:
                return
            if not self.hidden and event.visibility is Visibility.HIDDEN:
                continue
            if self._fits(event):
                yield event.index

    def _fits(self, event: Event) -> bool:
        needle, any_case = self.needle, self.any_case
        try:
            texts = texts_of(event, self.store.content(event))
        except Exception:  # a record that cannot be read must not end the search
            texts = iter((event.text,))
        return any(needle in (text.casefold() if any_case else text) for text in texts)


class Finder(QObject):
    """Searches the open session for a text; the newest query wins.

    A match is the position of an event. The events around the playhead are searched first, so
    matches come in any order; ``matches`` is always sorted.

    Signals:
        changed(): there are more matches, or others, or the search has ended.
    """

    changed = Signal()

    def __init__(self, library: Library, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._cursor = library, cursor
        self._search: _Search | None = None
        self._matches: list[int] = []
        self._text, self._any_case, self._hidden = "", True, False
        self._length = 0
        self.searching = False
        cursor.session_changed.connect(self._on_session)
        cursor.length_changed.connect(self._on_length)
        library.opened.connect(self._start)

    @property
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @property
    def matches(self) -> list[int]:
        """Positions of the events that hold it, as far as they are known, sorted."""
        return self._matches

    def search(self, text: str, any_case: bool = True) -> None:
        """Search for a text from now on; an empty one ends the search."""
        if (text, any_case) != (self._text, self._any_case):
            self._text, self._any_case = text, any_case
            self._start()

    def set_hidden(self, hidden: bool) -> None:
        """Whether hidden events are searched as well."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._start()

    def stop(self) -> None:
        """Forget the search and what it has found."""
        self.search("")

    def next_after(self, event: int) -> int | None:
        """The first match behind an event, else the first of all; None if there is none."""
        if not self._matches:
            return None
        return self._matches[bisect_right(self._matches, event) % len(self._matches)]

    def last_before(self, event: int) -> int | None:
        """The last match in front of an event, else the last of all."""
        return self._matches[bisect_left(self._matches, event) - 1] if self._matches else None

    def rank_of(self, event: int) -> int | None:
        """Which match an event is, counted from 1; None if it is none."""
        at = bisect_left(self._matches, event)
        return at + 1 if at < len(self._matches) and self._matches[at] == event else None

    def _on_session(self, _session: str) -> None:
        self._start()

    def _on_length(self, length: int) -> None:
        """Search what was added, or all anew where the session shrank."""
        if length < self._length:
            self._start()
        elif length > self._length and self._text:
            self._go_on(chunks_from(self._length, length))
            self.changed.emit()

    def _start(self) -> None:
        self._cancel()
        self._matches = []
        self._length = 0
        if self._text:
            self._go_on(chunks_around(self._cursor.index, self._cursor.length))
        self.changed.emit()

    def _cancel(self) -> None:
        if self._search is not None:
            self._search.stopped = True
        self._search = None
        self.searching = False

    def _go_on(self, chunks: Iterator[tuple[int, int]]) -> None:
        store, session = self._library.store, self._cursor.session
        if store is None or not session:
            return
        self._length = self._cursor.length
        if self._search is not None and self.searching:
            self._search.chunks.extend(chunks)
            return
        needle = self._text.casefold() if self._any_case else self._text
        self._search = _Search(store, session, needle, self._any_case, self._hidden, deque(chunks))
        self.searching = True
        self._run(self._search)

    def _run(self, search: _Search) -> None:
        def done(found: list[int]) -> None:
            if search is self._search:
                self._take(found, over=not search.chunks)
                if self.searching:
                    self._run(search)

        def failed(_error: Exception) -> None:
            if search is self._search:
                self._take([], over=True)

        self._library.tasks.run("find", search.step, done, failed)

    def _take(self, found: list[int], over: bool) -> None:
        for event in found:
            at = bisect_left(self._matches, event)
            if at == len(self._matches) or self._matches[at] != event:
                insort(self._matches, event)
        self.searching = not over
        if found or over:
            self.changed.emit()


def chunks_around(index: int, length: int) -> Iterator[tuple[int, int]]:
    """All events 0…length-1 in chunks, those around an index first."""
    here = min(index, max(length - 1, 0)) // CHUNK
    last = (length - 1) // CHUNK
    for away in range(max(here, last - here) + 1):
        for number in {here + away: None, here - away: None}:
            if 0 <= number <= last:
                yield number * CHUNK, min((number + 1) * CHUNK, length)


def chunks_from(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The events start…stop-1 in chunks."""
    for first in range(start, stop, CHUNK):
        yield first, min(first + CHUNK, stop)
