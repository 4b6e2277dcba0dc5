"""Pictures: raster formats only, never fetched, bounded, decoded beside the GUI thread."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize

from scrubber.core.content import Content, Image
from scrubber.core.events import Kind, Role
from scrubber.ui.transcript.images import ImageStore, decode, fitted, size_of
from scrubber.ui.transcript.pieces import Line, Picture
from tests.ui.transcript.conftest import Open, settle
from tests.ui.transcript.feeds import ListFeed, event
from tests.ui.transcript.story import picture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SVG = Image("image/svg+xml", base64.b64encode(b"<svg><image href='file:///x'/></svg>").decode())

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_size_is_known_before_decoding() -> None:
    assert size_of(picture(900, 520)) == QSize(900, 520)
    assert decode(picture(900, 520), QSize(90, 90)).size() == QSize(90, 52)
    assert fitted(QSize(10, 10), QSize(90, 90)) == QSize(10, 10)


@pytest.mark.parametrize("data", ["", "!!!", "AAAA", base64.b64encode(b"\x89PNG broken").decode()])
def test_what_is_no_picture_is_said_so(data: str) -> None:
    assert size_of(Image("image/png", data)) is None
    assert decode(Image("image/png", data), QSize(9, 9)).isNull()


def test_formats_that_point_elsewhere_are_not_read() -> None:
    assert size_of(SVG) is None
    assert decode(SVG, QSize(9, 9)).isNull()


def test_pictures_come_later_and_are_kept(qtbot: QtBot) -> None:
    store = ImageStore()
    key = (1, 2, 0, 90, 52)
    assert store.image(key, picture()) is None
    with qtbot.waitSignal(store.decoded, timeout=5_000):
        pass
    image = store.image(key, picture())
    assert image is not None
    assert image.size() == QSize(90, 52)
    store.stop()


def test_a_click_enlarges_a_picture_in_place(transcript: Open) -> None:
    shot = event(0, Kind.TOOL_RESULT, "", Role.TOOL, name="Screenshot")
    view = transcript(ListFeed([(shot, Content((picture(900, 520),)))]), 1)

    def shown() -> Picture:
        row = view.pager.row(0)
        assert row is not None
        return next(piece for piece in row.pieces if isinstance(piece, Picture))

    assert shown().size.width() == 480
    view.pager.folds.enlarge(0)
    view.pager.cache.clear()
    view.refresh()
    settle(view)
    assert shown().size.width() > 700


def test_a_reference_is_named_and_not_fetched(transcript: Open) -> None:
    shot = event(0, Kind.TOOL_RESULT, "", Role.TOOL, name="Screenshot")
    source = Image("image/png", reference="http://evil.example/x.png")
    view = transcript(ListFeed([(shot, Content((source,)))]), 1)
    row = view.pager.row(0)
    assert row is not None
    last = row.pieces[-1]
    assert isinstance(last, Line)
    assert last.runs[0].text == "image not in the transcript · http://evil.example/x.png"
