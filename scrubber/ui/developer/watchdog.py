"""Logs what the GUI thread is doing when it does not answer."""

from __future__ import annotations

import logging
import threading
import time

from PySide6.QtCore import QObject, QTimer

from scrubber.ui.developer.stacks import stack_of

STALL_S = 0.050
"""Seconds without an answer after which the stack of the GUI thread is logged."""

_BEAT_MS = 10
_log = logging.getLogger(__name__)


class Watchdog(QObject):
    """A timer on the GUI thread beats; a second thread looks whether it still does.

    A stall is logged twice: with its stack while it lasts, and with its length when it is over.
    Made on the GUI thread; ends with its parent.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._gui_thread = threading.get_ident()
        self._beat = time.monotonic()
        self._stalled_since: float | None = None
        self._over = threading.Event()
        self._timer = QTimer(self, interval=_BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        parent.destroyed.connect(self._over.set)

    def start(self) -> None:
        """Begin to watch."""
        self._on_beat()
        self._timer.start()
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer, and wait until the second thread has ended."""
        self._timer.stop()
        self._over.set()
        self._thread.join()

    def _on_beat(self) -> None:
        self._beat = time.monotonic()

    def _watch(self) -> None:
        while not self._over.wait(_BEAT_MS / 1000):
            beat = self._beat
            if self._stalled_since not in (None, beat):
                _log.warning("answers again after %.0f ms", 1000 * (beat - self._stalled_since))
                self._stalled_since = None
            elif self._stalled_since is None and time.monotonic() - beat > STALL_S:
                self._stalled_since = beat
                _log.warning("the window does not answer:\n%s", stack_of(self._gui_thread))
