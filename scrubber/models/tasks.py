"""Work that must not be done on the GUI thread: one thread for the store, newest request first."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(slots=True)
class _Task:
    key: str
    number: int
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    durable: bool


class Tasks(QObject):
    """Runs functions on one background thread and brings their results to the GUI thread.

    Tasks with the same non-empty key replace each other: while the user scrubs, two hundred
    requests become two, and a result that came too late is dropped. The newest key runs first.

    Signals:
        failed(str): a task without its own handler failed; a sentence for people.
        busy_changed(bool): there is work, or there is none any more.
    """

    failed = Signal(str)
    busy_changed = Signal(bool)
    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[_Task] = []
        self._newest: dict[str, int] = {}
        self._number = 0
        self._open = 0
        self._stopped = False
        self._wake = threading.Condition()
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def run(
        self,
        key: str,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        durable: bool = False,
    ) -> None:
        """Do ``work`` in the background, then call ``done`` with its result, or ``failed``.

        Durable work, a change of the store, is done even if the window closes before its turn.
        """
        with self._wake:
            self._number += 1
            if key:
                before = len(self._waiting)
                self._waiting = [task for task in self._waiting if task.key != key]
                self._open -= before - len(self._waiting)
                self._newest[key] = self._number
            self._waiting.append(_Task(key, self._number, work, done, failed, durable))
            self._open += 1
            self._wake.notify()
        if self._open == 1:
            self.busy_changed.emit(True)

    @property
    def idle(self) -> bool:
        """Whether nothing waits, runs, or is about to be delivered."""
        return self._open == 0

    def stop(self) -> None:
        """Finish what is running and what is durable, drop the rest, and end the thread."""
        with self._wake:
            self._stopped = True
            self._waiting = [task for task in reversed(self._waiting) if task.durable]
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            result: Any = None
            error: Exception | None = None
            try:
                result = task.work()
            except Exception as caught:  # whatever fails is told on the GUI thread
                error = caught
            if not self._stopped:
                self._finished.emit(task, result, error)

    def _next(self) -> _Task | None:
        with self._wake:
            while not self._waiting and not self._stopped:
                self._wake.wait()
            return self._waiting.pop() if self._waiting else None

    @Slot(object, object, object)
    def _on_finished(self, task: _Task, result: Any, error: Exception | None) -> None:
        self._open -= 1
        if not self._open:
            self.busy_changed.emit(False)
        if self._stopped or (task.key and self._newest.get(task.key) != task.number):
            return
        if error is None and _is_alive(task.done):
            task.done(result)
        elif error is None:
            return
        elif task.failed is not None and _is_alive(task.failed):
            task.failed(error)
        else:
            _log.info("task %r failed", task.key, exc_info=error)
            self.failed.emit(str(error) or type(error).__name__)


def _is_alive(callback: Callable[..., Any]) -> bool:
    """Whether the object whose method this is still exists: a dialog may be closed by now."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
