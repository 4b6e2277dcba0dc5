"""The window: from the start of the process until its first paint."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.measuring import Result, Size
from tests.bench.sessions import many_sessions
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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
