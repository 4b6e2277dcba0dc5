"""Long work with progress: imports, exports, checks; each on a thread of its own."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from scrubber.core.errors import CancelledError
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable


class Job(QObject):
    """One long piece of work.

    Signals:
        progressed(object): a copy of the Progress, some ten times a second.
        delivered(object): the work has an intermediate result.
        ended(object): it is over: None, or the exception that ended it (CancelledError if the
            user did).
    """

    progressed = Signal(object)
    delivered = Signal(object)
    ended = Signal(object)
    _over = Signal(object)

    def __init__(
        self, title: str, work: Callable[[Progress, Callable[[Any], None]], None], parent: QObject
    ) -> None:
        """``work`` is called on a thread with a Progress to feed and a function for results."""
        super().__init__(parent)
        self.title = title
        self._work = work
        self._cancelled = threading.Event()
        self._over.connect(self._on_over, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=title, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; what it did so far is kept."""
        self._cancelled.set()

    def wait(self) -> None:
        """Block until the thread has ended, if it began; for closing the window."""
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        progress = Progress(report=self._report, cancelled=self._cancelled.is_set)
        error: Exception | None = None
        try:
            self._work(progress, self.delivered.emit)
        except Exception as caught:  # told where the job was started
            error = caught
        self._over.emit(error)

    def _report(self, progress: Progress) -> None:
        self.progressed.emit(dataclasses.replace(progress, report=None, cancelled=None))

    @Slot(object)
    def _on_over(self, error: Exception | None) -> None:
        self._thread.join()
        self.ended.emit(error)
        self.deleteLater()


def was_cancelled(error: object) -> bool:
    """Whether a job ended because the user wanted it to."""
    return isinstance(error, CancelledError)
