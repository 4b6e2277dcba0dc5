"""An inspector on the bundled sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.models.cursor import Cursor
from scrubber.ui.inspector import Inspector
from tests.ui.inspector.libraries import main_session, open_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.models.library import Library


@pytest.fixture
def library(qtbot: QtBot, tmp_path: Path, bundled_sample: Path) -> Iterator[Library]:
    with open_library(qtbot, tmp_path / "store.db", bundled_sample) as opened:
        yield opened


@pytest.fixture
def cursor() -> Cursor:
    return Cursor()


@pytest.fixture
def inspector(qtbot: QtBot, library: Library, cursor: Cursor) -> Inspector:
    """Open on the sample, all of which lies in front of the playhead."""
    pane = Inspector(library, cursor)
    qtbot.addWidget(pane)
    pane.resize(320, 700)
    with qtbot.waitExposed(pane):
        pane.show()
    session = main_session(library)
    cursor.open(session.id, session.events, session.events)
    qtbot.waitUntil(lambda: pane.is_settled)
    return pane
