"""What a window with a very long session takes, after it was jumped about in."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.bench.measuring import TELL_PEAK, Result, Size
from tests.bench.sessions import long_session
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

JUMPS = 400

_BARE = """
from PySide6.QtWidgets import QApplication, QListView, QMainWindow, QSplitter, QTreeView
app = QApplication([])
window = QMainWindow()
panes = QSplitter()
panes.addWidget(QTreeView())
panes.addWidget(QListView())
window.setCentralWidget(panes)
window.resize(1280, 860)
window.show()
window.grab()
"""

_OURS = """
import sys, time
from pathlib import Path
from random import Random
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from scrubber.ui.main_window import MainWindow
path, session, jumps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
app = QApplication([])
settings = QSettings(str(path.with_suffix(".ini")), QSettings.Format.IniFormat)
window = MainWindow(path, settings)
window.resize(1280, 860)
window.show()

def wait(done):
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        app.processEvents()
        time.sleep(0.001)

wait(lambda: window.panes.library.store is not None)
window.show_session(session)
wait(lambda: window.is_settled(session))
random = Random(5)
for _ in range(jumps):
    window.panes.cursor.set_index(random.randrange(window.panes.cursor.length))
    window.repaint()
    wait(lambda: window.is_settled(session))
window.close()
"""


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    events = size.events[-1]
    store, session = long_session(folder, events)
    store.close()
    jumps = JUMPS if size.rounds > 1 else 5
    bare = _peak(_BARE, ())
    ours = _peak(_OURS, (str(store.path), session, str(jumps)))
    name = f"memory, {events:,} events, after {jumps} jumps"
    yield Result(name, ours / bare, "x bare window", 2.0, f"bare PySide6 window: {bare:.0f} MB")
    yield Result(f"{name}, alone", ours, "MB")


def _peak(code: str, words: Sequence[str]) -> float:
    """Peak memory in MB of a process."""
    done = subprocess.run(
        [sys.executable, "-c", code + TELL_PEAK, *words],
        cwd=REPOSITORY,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return int(done.stdout.split()[-1]) / 1e6
