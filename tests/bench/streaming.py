"""A reply of 1,000 chunks a second, from a server on this machine into the window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median, quantiles
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from scrubber.live.endpoints import Endpoint
from scrubber.live.providers.model_provider import ModelProvider
from scrubber.live.run import Plan
from scrubber.ui.main_window import MainWindow
from tests.bench.chunks import pieces
from tests.bench.measuring import Result, Size
from tests.bench.sessions import long_session
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RATE = 1_000
_LONGEST = 10_000
"""Events in front of the reply: how long it takes to build a request of more is another matter."""
_BATCH_S = 0.033
_PATIENCE_S = 60


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    chunks, events = RATE * size.rounds, min(size.events[1], _LONGEST)
    store, session = long_session(folder, events)
    branch = store.fork(session, events).session.id
    store.close()
    floor = list(_into_a_text_field(app, pieces(chunks)))
    window = _open(app, folder, store.path, branch)
    frames, took, cpu = _into_the_window(app, window, branch, chunks)
    shown = window.panes.cursor.length > events
    window.close()
    window.deleteLater()
    app.processEvents()
    if not shown:
        raise RuntimeError("the reply did not become an event")
    name = f"frame at {RATE:,} chunks a second, {events:,} events"
    yield Result(f"{name}, p50", median(frames), "ms")
    yield Result(f"{name}, p99", quantiles(frames, n=100)[98], "ms", 16.0)
    yield Result(f"{name}, worst", max(frames), "ms")
    ratio = median(frames) / median(floor)
    yield Result("the same, p50", ratio, "x floor", None, "the text appended to a QPlainTextEdit")
    yield Result("one core taken while it streams", 100 * cpu / took, "%")
    yield Result("chunks a second that came through", chunks / took, "/s")


def _open(app: QApplication, folder: Path, path: Path, branch: str) -> MainWindow:
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(path, settings)
    window.resize(1280, 860)
    window.show()
    _live(app, lambda: window.panes.library.store is not None)
    window.show_session(branch)
    _live(app, lambda: window.is_settled(branch) and window.panes.branch.can_grow)
    return window


def _into_the_window(
    app: QApplication, window: MainWindow, branch: str, chunks: int
) -> tuple[list[float], float, float]:
    """Let a branch run on; gives the milliseconds of the window's thread for each frame, and how
    many seconds, of the clock and of this process, it took from the first word on."""
    words = [sys.executable, "-m", "tests.bench.chunks", str(chunks), str(RATE)]
    with subprocess.Popen(words, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        # With a window that is known, nothing asks the server for it.
        provider = ModelProvider(Endpoint("bench", url, window=1_000_000), "tiny")
        runs = window.panes.runs
        runs.begin(branch, provider, Plan())
        _live(app, lambda: window.panes.transcript.tail.height > 0)
        began, cpu = time.perf_counter(), time.process_time()
        frames = _live(app, lambda: not runs.running)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        return frames + _live(app, lambda: window.is_settled(branch)), took, cpu


def _into_a_text_field(app: QApplication, texts: list[str]) -> Iterator[float]:
    """What Qt itself takes to show the same text, in batches of the same time."""
    field = QPlainTextEdit()
    field.resize(700, 400)
    field.show()
    per_batch = max(1, round(RATE * _BATCH_S))
    for start in range(0, len(texts), per_batch):
        before = time.thread_time()
        field.insertPlainText("".join(texts[start : start + per_batch]))
        field.verticalScrollBar().setValue(field.verticalScrollBar().maximum())
        app.processEvents()
        yield (time.thread_time() - before) * 1000
    field.close()
    field.deleteLater()


def _live(app: QApplication, done: Callable[[], bool]) -> list[float]:
    """Let the window live until something holds; milliseconds of its thread at each turn that
    had anything to do."""
    until, found = time.perf_counter() + _PATIENCE_S, list[float]()
    while not done():
        if time.perf_counter() > until:
            raise TimeoutError("the window did not settle")
        before = time.thread_time()
        app.processEvents()
        taken = (time.thread_time() - before) * 1000
        if taken > 0.05:
            found.append(taken)
        time.sleep(0.0005)
    return found
