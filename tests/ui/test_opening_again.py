"""Sessions that were shown leave nothing behind: what they needed is given back."""

from __future__ import annotations

import gc
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from scrubber.core.timeline.prepare import PreparedTrack

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.main_window import MainWindow

ROUNDS = 12
PAUSE_MS = 300
"""After which the inspector, too, shows what it shows at rest."""


def ours() -> Counter[str]:
    """How many objects there are of each class of this program."""
    gc.collect()
    classes = (type(one) for one in gc.get_objects())
    names = (f"{c.__module__}.{c.__qualname__}" for c in classes)  # a module may be anything
    return Counter(name for name in names if name.startswith("scrubber."))


def show_each(qtbot: QtBot, window: MainWindow, sessions: list[str]) -> None:
    for name in sessions:
        window.show_session(name)
        qtbot.waitUntil(partial(window.is_settled, name))
        for index in (1, window.panes.cursor.length):
            window.panes.cursor.set_index(index)
            window.repaint()
            qtbot.waitUntil(partial(window.is_settled, name))


def test_sessions_shown_again_and_again_leave_nothing(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    sessions = [session.id for session in branch_store.sessions()]
    assert len(sessions) >= 3
    show_each(qtbot, branch_window, sessions * 2)
    qtbot.wait(PAUSE_MS)
    before = ours()
    show_each(qtbot, branch_window, sessions * ROUNDS)

    def nothing_grew() -> None:
        """Of no class is there one more for each opening; what is on screen may differ by some."""
        more = ours() - before
        assert {name: more[name] for name in more if more[name] >= len(sessions) * ROUNDS} == {}

    qtbot.waitUntil(nothing_grew)
    assert sum(isinstance(one, PreparedTrack) for one in gc.get_objects()) <= 1 + len(sessions)
