"""The search over all sessions, on a thread of its own: hits come as they are found."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scrubber.core.query import QueryError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.query import Query
    from scrubber.models.library import Library
    from scrubber.models.tasks import Tasks
    from scrubber.transfer.searching import Hit

STEP_S = 0.04
"""Seconds after which what was found so far is shown."""

MOST = 500
"""Hits that one search gives; who wants others asks more narrowly."""


class _Run:
    """One search, a step at a time."""

    def __init__(self, store: OpenStore, query: Query) -> None:
        self.stopped = self.is_over = False
        self.given = 0
        self._hits = self._found(store, query)

    def _found(self, store: OpenStore, query: Query) -> Iterator[Hit]:
        yield from islice(store.search(query, stopped=lambda: self.stopped), MOST)

    def step(self) -> list[Hit]:
        """Go on for a moment, on the search's thread."""
        end = time.monotonic() + STEP_S
        found: list[Hit] = []
        while time.monotonic() < end:
            hit = next(self._hits, None)
            if hit is None:
                self.is_over = True
                break
            found.append(hit)
        self.given += len(found)
        return found


class EventSearch(QObject):
    """Searches all sessions; the newest query wins, and stops what runs for an older one.

    Signals:
        started(): there is another query, or none; what was found before is void.
        found(object): more hits, a list.
        ended(): there are no more; ``is_cut`` tells whether some were left out.
        failed(object): the query makes no sense, a QueryError, or something else went wrong.
    """

    started = Signal()
    found = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, library: Library, tasks: Tasks, parent: QObject | None = None) -> None:
        """``tasks`` is a thread for this, so that nothing else waits for a search."""
        super().__init__(parent)
        self._library, self._tasks = library, tasks
        self._run: _Run | None = None
        self.text = ""
        self.searching = self.is_cut = False

    def search(self, text: str) -> None:
        """Search for this from now on; an empty query finds nothing."""
        self.stop()
        self.text = text
        self.started.emit()
        try:
            query = parse(text)
        except QueryError as error:
            self.failed.emit(error)
            return
        if query and self._library.store is not None:
            self._run, self.searching = _Run(self._library.store, query), True
            self._go_on(self._run)
        else:
            self.ended.emit()

    def stop(self) -> None:
        """Let what runs end soon; what it finds is not told any more."""
        if self._run is not None:
            self._run.stopped = True
        self._run, self.searching, self.is_cut = None, False, False

    def _go_on(self, run: _Run) -> None:
        def done(hits: list[Hit]) -> None:
            if run is not self._run:
                return
            if hits:
                self.found.emit(hits)
            if not run.is_over:
                self._go_on(run)
                return
            self.searching, self.is_cut = False, run.given >= MOST
            self.ended.emit()

        def failed(error: Exception) -> None:
            if run is self._run:
                self.stop()
                self.failed.emit(error)

        self._tasks.run("search", run.step, done, failed)
