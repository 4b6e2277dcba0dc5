"""A session in the window, as a user has it: opened, scrubbed, its tree opened and scrolled."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from scrubber.ui.main_window import MainWindow
from tests.bench.measuring import Result
from tests.bench.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STALL_MS = 50.0
"""The longest that the window may not answer, whatever the session is like."""
_JUMPS, _STEPS = 30, 60


def longest_turns(path: Path, session: str, name: str) -> Iterator[Result]:
    """The longest turn of the event loop while each thing is done, in ms of the GUI thread."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings = QSettings(str(path.with_suffix(".ini")), QSettings.Format.IniFormat)
    settings.setValue("session", session)
    turns, window = Turns(), MainWindow(path, settings)
    window.resize(1280, 860)
    window.show()
    turns.until(lambda: window.panes.library.store is not None)
    turns.take()  # the widgets are made: that is the start of the window, not this session
    turns.until(lambda: window.is_settled(session))
    yield _longest(turns, f"{name}: opened in the window")
    _jump(turns, window, session)
    yield _longest(turns, f"{name}: scrubbed in the window")
    _scroll_tree(turns, window, session)
    yield _longest(turns, f"{name}: its tree opened and scrolled")
    window.close()
    window.deleteLater()
    turns.app.processEvents()


def _longest(turns: Turns, name: str) -> Result:
    longest = max(turns.take().thread, default=0.0)
    return Result(f"{name}, longest turn", longest, "ms of GUI", STALL_MS)


def _jump(turns: Turns, window: MainWindow, session: str) -> None:
    cursor, random = window.panes.cursor, Random(2)
    for _ in range(_JUMPS):
        cursor.set_index(random.randrange(cursor.length))
        turns.until(lambda: window.is_settled(session))


def _scroll_tree(turns: Turns, window: MainWindow, session: str) -> None:
    view, model = window.panes.tree.view, window.panes.tree_model
    view.collapse(model.index_of(session))
    view.expand(model.index_of(session))
    turns.until(lambda: window.panes.tasks.idle)
    bar = view.verticalScrollBar()
    for _ in range(_STEPS):
        bar.setValue(bar.value() + bar.maximum() // _STEPS)
        turns.turn()
