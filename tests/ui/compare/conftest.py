"""A window on the sample, with a fork of it that was edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.app import create_window
from scrubber.transfer.editing import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.ui.main_window import MainWindow

EDITED = 28
"""Index of the result that says something else in the fork."""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, bundled_sample: Path) -> Iterator[MainWindow]:
    """The fork is open, the sample is its parent; there is a second, short fork."""
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.import_paths([bundled_sample])
        root = store.roots()[0].id
        edit = Edit(text="The file is read-only.", is_error=True)
        fork = store.fork_edited(root, EDITED, edit, keep_following=True, title="edited").session
        store.fork(root, 20, title="short")
    made = create_window(path)
    made.resize(1300, 900)
    with qtbot.waitSignal(made.panes.library.opened):
        made.show()
    made.show_session(fork.id)
    qtbot.waitUntil(lambda: made.is_settled(fork.id))
    made.activateWindow()
    yield made
    made.close()
    made.deleteLater()
