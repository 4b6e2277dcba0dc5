"""Keeps the index of words up to date while the window is open."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.errors import CancelledError
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from scrubber.models.library import Library

_log = logging.getLogger(__name__)

_CALM_MS = 2_000
"""How long after a change it begins: many come together, and the first picture goes first."""

_BREATH_S = 0.05
"""How long it rests, about as long as it works, so that the window stays quick."""

_TELL_S = 1.0


class IndexKeeper(QObject):
    """Indexes what is new, on a thread of its own; what is much, in a process of its own.

    Signals:
        moved(int, int): so many events are indexed, of so many.
    """

    moved = Signal(int, int)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._tasks = Tasks(self)
        self._closed = threading.Event()
        self._told = 0.0
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self.start)
        library.opened.connect(lambda _store: self._calm.start())
        library.changed.connect(lambda _changes: self._wait())

    @property
    def is_busy(self) -> bool:
        """Whether it is at work, or will be soon."""
        at_work = self._calm.isActive() or not self._tasks.idle
        return at_work and not self._closed.is_set()

    def start(self) -> None:
        """Index what is missing, now."""
        self._calm.stop()
        if self._library.store is not None and not self._closed.is_set():
            self._tasks.run("index", self._work, lambda state: self.moved.emit(*state), _on_failed)

    def close(self) -> None:
        """Stop; what was indexed so far is kept."""
        self._closed.set()
        self._calm.stop()
        self._tasks.stop()

    def _wait(self) -> None:
        if not self._calm.isActive() and not self._closed.is_set():
            self._calm.start()

    def _work(self) -> tuple[int, int]:
        from scrubber.transfer.progress import Progress

        store = self._library.store
        assert store is not None
        progress = Progress(report=self._rest, cancelled=self._closed.is_set)
        store.update_index(progress, apart=True)
        return store.index_state()

    def _rest(self, _progress: object) -> None:
        """Between two steps, on the thread."""
        self._closed.wait(_BREATH_S)
        store, now = self._library.store, time.monotonic()
        if store is not None and now - self._told > _TELL_S and not self._closed.is_set():
            self._told = now
            self.moved.emit(*store.index_state())


def _on_failed(error: Exception) -> None:
    """The search works without an index; the next change is another try."""
    if not isinstance(error, CancelledError):
        _log.info("the index could not be brought up to date", exc_info=error)
