"""Which events of the open session are shown: a query, and a byte for each event."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scrubber.core.query import Field, Query, QueryError, parse

if TYPE_CHECKING:
    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library
    from scrubber.models.tasks import Tasks

_NOTED = {"bookmarked", "noted"}


class EventFilter(QObject):
    """Looks for the events that fit, in the background; an index never changes by it.

    Signals:
        changed(): other events are shown.
        failed(object): the query makes no sense, a QueryError; what was shown stays.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, library: Library, tasks: Tasks, cursor: Cursor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library, self._tasks, self._cursor = library, tasks, cursor
        self.text = ""
        self._query = Query()
        self._stop = threading.Event()
        self.mask: bytes | None = None
        """1 for each event that is shown; events behind its end are new and shown. None: all."""
        cursor.session_changed.connect(lambda _session: self._on_session())
        cursor.length_changed.connect(self._on_length)
        library.changed.connect(self._on_changed)

    @property
    def session(self) -> str:
        """The session that is open."""
        return self._cursor.session

    @property
    def is_on(self) -> bool:
        """Whether events may be left out."""
        return bool(self._query)

    @property
    def shown(self) -> int:
        """How many events fit."""
        return self._cursor.length if self.mask is None else self.mask.count(1)

    def set_text(self, text: str) -> None:
        """Show only what fits this query; an empty one shows everything."""
        self.text = text
        try:
            query = parse(text)
        except QueryError as error:
            self.failed.emit(error)
            return
        self._query = query
        self._start()

    def stop(self) -> None:
        """Look no further; what is found by now comes too late."""
        self._stop.set()
        self._tasks.run("filter", lambda: None, lambda _nothing: None)

    def next_fit(self, index: int, step: int) -> int | None:
        """The index behind the next event that fits, or the previous one."""
        mask = self.mask or b""
        found = mask.find(1, index) if step > 0 else mask.rfind(1, 0, max(index - 1, 0))
        return found + 1 if found >= 0 else None

    def _on_session(self) -> None:
        if self.mask is not None:
            self.mask = None
            self.changed.emit()
        if self._query:
            self._start()

    def _on_length(self, length: int) -> None:
        if self._query and self.mask is not None and length > len(self.mask):
            self._read(len(self.mask))
        elif self._query and self.mask is not None and length < len(self.mask):
            self._start()

    def _on_changed(self, _changes: object) -> None:
        """Notes are about events that do not change."""
        asked = self._query.conditions
        if any(c.field in (Field.LABEL, Field.NOTE) or _NOTED & set(c.values) for c in asked):
            self._start()

    def _start(self) -> None:
        if self._query:
            self._read(0)
            return
        self.stop()
        if self.mask is not None:
            self.mask = None
        self.changed.emit()

    def _read(self, start: int) -> None:
        store, session, query = self._library.store, self._cursor.session, self._query
        if store is None or not session:
            return
        self._stop.set()
        stop = self._stop = threading.Event()
        former = self.mask[:start] if self.mask is not None and start else b""

        def done(found: bytes) -> None:
            if session == self._cursor.session and query == self._query:
                self.mask = former + found
                self.changed.emit()

        self._tasks.run(
            "filter", lambda: store.fits(session, query, start, stopped=stop.is_set), done
        )
