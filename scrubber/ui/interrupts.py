"""Ctrl-C in the terminal that a window was opened from closes the window."""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget


@contextmanager
def closing(window: QWidget) -> Iterator[None]:
    """Meanwhile the first interrupt closes the window, a second one ends the program at once.

    Python would raise a KeyboardInterrupt in whatever slot comes next, of which Qt prints it and
    goes on: with half of the slot's work. An interrupt that is ignored, as in the background of a
    shell, stays so. For the main thread.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: _end(window, ours))
    signal.signal(signal.SIGINT, _be_told_once)
    former = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()


def _end(window: QWidget, woken: socket.socket) -> None:
    """Also if a dialog is open: then Qt does not take the window for the last one."""
    woken.recv(64)
    if window.close():
        QCoreApplication.quit()


def _be_told_once(_number: int, _frame: object) -> None:
    """The socket has woken Qt, which waits outside of Python."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
