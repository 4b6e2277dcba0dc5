"""A transcript in a window of a known size."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from scrubber.models.cursor import Cursor
from scrubber.ui.transcript import TranscriptView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.models.event_feed import EventFeed

Open = Callable[..., TranscriptView]


@pytest.fixture
def cursor() -> Cursor:
    return Cursor()


@pytest.fixture
def transcript(qtbot: QtBot, cursor: Cursor) -> Open:
    """Opens a feed with the playhead at an index, laid out and painted."""

    def open_feed(
        feed: EventFeed, index: int = 0, width: int = 900, height: int = 700
    ) -> TranscriptView:
        cursor.open("s", len(feed), index)
        view = TranscriptView(feed, cursor)
        qtbot.addWidget(view)
        view.resize(width, height)
        with qtbot.waitExposed(view):
            view.show()
        settle(view)
        return view

    return open_feed


def settle(view: TranscriptView) -> None:
    """Lay out all that is in sight and paint it."""
    view.ensure_laid_out()
    for _ in range(50):
        if not view.pager.pending:
            break
        view.refresh()
        view.ensure_laid_out()
    view.viewport().repaint()
