"""Windows on a store with the sample in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.app import create_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def branch_window(qtbot: QtBot, tmp_path: Path, bundled_sample: Path) -> Iterator[MainWindow]:
    """A window with a fork of the sample open, in front of the wrong edit."""
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.import_paths([bundled_sample])
        fork = store.fork(store.roots()[0].id, 26, title="a branch").session.id
    window = create_window(path)
    window.resize(1200, 800)
    with qtbot.waitSignal(window.panes.library.opened):
        window.show()
    window.show_session(fork)
    qtbot.waitUntil(partial(is_open, window, fork))
    window.activateWindow()
    yield window
    window.panes.runs.stop_all()
    qtbot.waitUntil(lambda: not window.panes.runs.running)
    window.close()
    window.deleteLater()


def is_open(window: MainWindow, session: str) -> bool:
    found = window.panes.branch.session
    return found is not None and found.id == session and window.is_settled(session)


@pytest.fixture
def branch_store(branch_window: MainWindow) -> OpenStore:
    store = branch_window.panes.library.store
    assert store is not None
    return store
