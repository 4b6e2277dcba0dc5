"""A test cleans up: no thread, running QThread or QTimer, window or SQLite connection outlives it.

What was there before the test's own fixtures (say, of a module-wide fixture) does not count. What
is just about to end gets a second to do so.
"""

from __future__ import annotations

import gc
import itertools
import sqlite3
import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Iterator
    from types import FrameType

GRACE = 1.0  # seconds

# What is alive: a key that tells one thing from another, and words for it.
Alive = dict["Hashable", str]


def threads() -> Alive:
    return {
        thread: f"thread {thread.name!r}"
        for thread in threading.enumerate()
        # Python's stand-ins for Qt's own threads; they stay in the list for ever.
        if not isinstance(thread, threading._DummyThread)
        # Imports a package and ends by itself; on a busy machine that may take seconds.
        and thread.name != "pygments"
    }


def qt_threads_and_timers() -> Alive:
    alive: Alive = {}
    here = QThread.currentThread()
    # Everything of Qt that Python has a hold on, QTimer.singleShot's hidden timers included.
    for thing in shiboken6.getAllValidWrappers():
        if isinstance(thing, QTimer) and thing.isActive():
            alive[address(thing)] = f"QTimer {thing.objectName()!r}, every {thing.interval()} ms"
        elif isinstance(thing, QThread) and thing is not here and thing.isRunning():
            alive[address(thing)] = f"QThread {thing.objectName()!r}"
    if jobs := QThreadPool.globalInstance().activeThreadCount():
        alive["pool", jobs] = f"{jobs} jobs in the global QThreadPool"
    return alive


def windows() -> Alive:
    if not isinstance(QCoreApplication.instance(), QApplication):
        return {}
    return {
        address(window): f"window {type(window).__name__} {window.windowTitle()!r}"
        for window in QApplication.topLevelWidgets()
    }


def address(thing: shiboken6.Object) -> Hashable:
    return type(thing).__name__, shiboken6.getCppPointer(thing)


# ------------------------------------------------------------------------- SQLite connections

# By number, as a forgotten connection's address may be used again.
_open_connections: dict[int, tuple[str, weakref.ref[sqlite3.Connection]]] = {}
_numbers = itertools.count()


class WatchedConnection(sqlite3.Connection):
    """Counts as open until it is closed: being forgotten is not enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = next(_numbers)
        words = f"SQLite connection opened in {opener(sys._getframe(1))}"
        _open_connections[self.number] = words, weakref.ref(self)

    def close(self) -> None:
        super().close()
        _open_connections.pop(self.number, None)

    def __del__(self) -> None:
        # The rule below reports it; Python 3.13's own warning would hit some later test.
        with suppress(sqlite3.ProgrammingError):  # another thread's
            super().close()


def opener(frame: FrameType | None) -> str:
    """Where our code, not a library's, asked for the connection."""
    while frame and (
        "site-packages" in frame.f_code.co_filename or __file__ == frame.f_code.co_filename
    ):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "a library"


def connections() -> Alive:
    return {number: words for number, (words, _) in _open_connections.items()}


def watched(connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
    def connect_watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        kwargs.setdefault("factory", WatchedConnection)
        return connect(*args, **kwargs)

    return connect_watched


def pytest_configure(config: pytest.Config) -> None:
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(sqlite3, "connect", watched(sqlite3.connect))
    config.add_cleanup(monkeypatch.undo)


# ------------------------------------------------------------------------------------ the rule

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    before = alive()
    yield
    left = wait_for_the_last(before)
    clear_away(before)
    # A failed test has been told enough, and its traceback keeps its things alive.
    if left and FAILED not in request.node.stash:
        pytest.fail("left behind: " + "; ".join(left.values()), pytrace=False)


def alive() -> Alive:
    return {**threads(), **qt_threads_and_timers(), **windows(), **connections()}


def wait_for_the_last(before: Alive) -> Alive:
    """What is still alive after its time of grace and was not before."""
    end = time.monotonic() + GRACE
    while left := {key: words for key, words in alive().items() if key not in before}:
        if time.monotonic() > end:
            break
        gc.collect()  # windows in reference cycles
        if QCoreApplication.instance():
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QCoreApplication.processEvents()
        time.sleep(0.01)
    return left


def clear_away(before: Alive) -> None:
    """What this test left should not disturb the next."""
    for thing in shiboken6.getAllValidWrappers():
        with suppress(RuntimeError):  # gone with its parent meanwhile
            if isinstance(thing, QTimer) and address(thing) not in before:
                thing.stop()
    for window in QApplication.topLevelWidgets() if QApplication.instance() else ():
        if address(window) not in before:
            window.close()
            window.deleteLater()
    for number, (_, connection) in list(_open_connections.items()):
        if number not in before:
            with suppress(sqlite3.ProgrammingError):  # of another thread
                if still_there := connection():
                    still_there.close()
