"""Keeps the index of words up to date while the window is open."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.errors import CancelledError

if TYPE_CHECKING:
    from scrubber.models.library import Library

_log = logging.getLogger(__name__)

_CALM_MS = 2_000
"""How long after a change it begins: many come together, and the first picture goes first."""

_BREATH_S = 0.05
"""How long it rests, about as long as it works, so that the window stays quick."""


class IndexKeeper(QObject):
    """Indexes what is new, on a thread that exists only while there is something to do.

    Signals:
        moved(int, int): so many events are indexed, of so many.
    """

    moved = Signal(int, int)
    _over = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._again = False
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self.start)
        self._over.connect(self._on_over)
        library.opened.connect(lambda _store: self._calm.start())
        library.changed.connect(lambda _changes: self._wait())

    @property
    def is_busy(self) -> bool:
        """Whether it is at work, or will be soon."""
        return self._thread is not None or self._calm.isActive()

    def start(self) -> None:
        """Index what is missing, now."""
        self._calm.stop()
        if self._thread is not None:
            self._again = True
        elif self._library.store is not None and not self._closed.is_set():
            self._thread = threading.Thread(target=self._work, name="index", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop; what was indexed so far is kept."""
        self._closed.set()
        self._calm.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _wait(self) -> None:
        if not self._calm.isActive():
            self._calm.start()

    def _work(self) -> None:
        from scrubber.transfer.progress import Progress

        store = self._library.store
        progress = Progress(report=self._rest, cancelled=self._closed.is_set)
        try:
            assert store is not None
            store.update_index(progress)
            self.moved.emit(*store.index_state())
        except CancelledError:
            pass
        except Exception:  # the search works without it; another change is another try
            _log.info("the index could not be brought up to date", exc_info=True)
        if not self._closed.is_set():
            self._over.emit()

    def _rest(self, _progress: object) -> None:
        self._closed.wait(_BREATH_S)
        if self._library.store is not None and not self._closed.is_set():
            self.moved.emit(*self._library.store.index_state())

    def _on_over(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._again:
            self._again = False
            self._wait()
