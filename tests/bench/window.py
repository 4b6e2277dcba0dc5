"""The window: until its first paint, until a session is on screen, and while scrubbing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from scrubber.ui.main_window import MainWindow
from tests.bench.measuring import Result, Size
from tests.bench.sessions import long_session, many_sessions
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_PATIENCE_S = 30

_BARE = """
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication, QListView, QMainWindow, QSlider, QSplitter, QTreeView
)
app = QApplication([])
window = QMainWindow()
panes = QSplitter()
for part in (QTreeView(), QListView(), QSlider(Qt.Orientation.Horizontal)):
    panes.addWidget(part)
window.setCentralWidget(panes)
window.resize(1280, 860)
window.show()
window.grab()
"""

_OURS = """
import sys
from PySide6.QtWidgets import QApplication
from scrubber.app import create_window
app = QApplication([])
window = create_window(sys.argv[1], at_once=False)
window.show()
window.grab()
"""
_FILLED = (
    _OURS
    + """
window.fill()
window.grab()
"""
)


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    yield from start(folder, size)
    events = size.events[-1]
    store, session = long_session(folder, events)
    store.close()
    yield from scrub(folder, store.path, session, events, size)


def start(folder: Path, size: Size) -> Iterator[Result]:
    """From the start of the process to the first painted window."""
    path, _ = many_sessions(folder, size)
    bare, ours, filled = [], [], []
    for _ in range(max(size.rounds, 1) + 3):
        bare.append(_process_seconds(_BARE, (), folder))
        ours.append(_process_seconds(_OURS, (str(path),), folder))
        filled.append(_process_seconds(_FILLED, (str(path),), folder))
    for name, spent, goal in (("first paint", ours, 1.25), ("paint with all panes", filled, None)):
        ratios = [a / b for a, b in zip(spent[1:], bare[1:], strict=True)]  # the first one compiles
        yield Result(name, median(ratios), "x bare window", goal, "bare PySide6 window")
        yield Result(f"{name}, alone", median(spent) * 1000, "ms")


def _process_seconds(code: str, words: Sequence[str], folder: Path) -> float:
    # As for a user: what is imported was compiled before, whatever this process is told.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *words], cwd=REPOSITORY, check=True, env=environment
    )
    return time.perf_counter() - before


def scrub(folder: Path, path: Path, session: str, events: int, size: Size) -> Iterator[Result]:
    """A session opened, dragged through, and jumped about in, all panes shown."""
    app = QApplication.instance() or QApplication([])
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(path, settings)
    window.resize(1280, 860)
    window.show()
    _wait(app, lambda: window.panes.library.store is not None)
    before = time.perf_counter()
    window.show_session(session)
    _wait(app, lambda: window.is_settled(session))
    window.grab()
    opened = (time.perf_counter() - before) * 1000
    yield Result(f"open {events:,} events to painted", opened, "ms", 600)
    random, count = Random(3), 60 * size.rounds
    drags = [events // 2 + 37 * number for number in range(count) if 37 * number < events // 2]
    jumps = [random.randrange(events) for _ in range(count)]
    for name, places, goal in (("drag step", drags, 16.0), ("random jump", jumps, 16.0)):
        yield from _scrub(app, window, session, f"{name}, {events:,} events", places, goal)
    yield from zoom(window, events, 20 * size.rounds)
    window.close()
    window.deleteLater()
    app.processEvents()


def _scrub(
    app: QApplication | object,
    window: MainWindow,
    session: str,
    name: str,
    places: Sequence[int],
    goal: float,
) -> Iterator[Result]:
    painted, settled = [], []
    for place in places:
        before = time.perf_counter()
        window.panes.cursor.set_index(place)
        window.repaint()
        painted.append((time.perf_counter() - before) * 1000)
        _wait(app, lambda: window.is_settled(session))
        settled.append((time.perf_counter() - before) * 1000)
    yield Result(f"{name} to first frame, p50", median(painted), "ms")
    yield Result(f"{name} to first frame, p99", quantiles(painted, n=100)[98], "ms", goal)
    yield Result(f"{name} to all panes read and painted, p50", median(settled), "ms")


def zoom(window: MainWindow, events: int, count: int) -> Iterator[Result]:
    """Steps into the timeline and out again."""
    timeline, spent = window.panes.timeline, []
    for number in range(count):
        step = timeline.zoom_in if number % 20 < 10 else timeline.zoom_out
        before = time.perf_counter()
        step()
        timeline.repaint()
        spent.append((time.perf_counter() - before) * 1000)
    yield Result(f"zoom step, {events:,} events, p50", median(spent), "ms")
    yield Result(f"zoom step, {events:,} events, p99", quantiles(spent, n=100)[98], "ms", 6)


def _wait(app: QApplication | object, done: Callable[[], bool]) -> None:
    """Let the window live until something holds."""
    assert isinstance(app, QApplication)
    until = time.perf_counter() + _PATIENCE_S
    while not done():
        if time.perf_counter() > until:
            raise TimeoutError("the window did not settle")
        app.processEvents()
        time.sleep(0.0005)
    app.processEvents()
