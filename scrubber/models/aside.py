"""Work that may wait for somebody else, a server or a key ring: each on a thread of its own.

Nobody waits for it: a dialog may be closed meanwhile, and so may the window.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class Aside(QObject):
    """Runs functions; newer work with the same key makes the result of older work void."""

    _finished = Signal(object, int, object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest: dict[str, int] = {}
        self._number = 0
        self._waiting: dict[int, tuple[Callable[[Any], None], Callable[[Exception], None]]] = {}
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        key: str,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do ``work``, then call ``done`` with its result, or ``failed``."""
        self._number += 1
        number = self._number
        self._newest[key] = number
        self._waiting[number] = (done, failed)

        def serve() -> None:
            result: _T | None = None
            error: Exception | None = None
            try:
                result = work()
            except Exception as caught:  # told where it was asked for
                error = caught
            if shiboken6.isValid(self):
                self._finished.emit(key, number, result, error)

        threading.Thread(target=serve, name=f"aside {key}", daemon=True).start()

    @Slot(object, int, object, object)
    def _on_finished(self, key: str, number: int, result: Any, error: Exception | None) -> None:
        done, failed = self._waiting.pop(number)
        if self._newest.get(key) != number:
            return
        if error is not None:
            failed(error)
        else:
            done(result)
