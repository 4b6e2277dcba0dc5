"""The files that a session has touched, in the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from scrubber.ui.inspector.diff_view import MOST_LINES, DiffView
from scrubber.ui.inspector.files_page import EDITS, FilesPage
from tests.ui.inspector.test_inspector import go_to

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.ui.inspector import Inspector


@pytest.fixture
def page(qtbot: QtBot, inspector: Inspector) -> FilesPage:
    inspector.show_page(FilesPage)
    qtbot.waitUntil(lambda: inspector.is_settled)
    return inspector.page(FilesPage)


def names(page: FilesPage) -> list[str]:
    return [file.name for file in page.files]


def test_files_follow_the_playhead(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    assert names(page) == ["tidepool/cart.py", "tidepool/auth.py"]
    assert page.title.full == "2 files · 2 edits"
    go_to(qtbot, inspector, cursor, 20)
    assert page.title.full == "No file touched so far"
    assert page.below.isHidden()


def test_the_chosen_file_stays_chosen(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 111)
    row = names(page).index("tidepool/cart.py")
    area = page.list.visualRect(page.list.rows.index(row))
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert page.path.full == "tidepool/cart.py"
    assert page.note.full == "1 edit failed"
    go_to(qtbot, inspector, cursor, 120)
    assert page.path.full == "tidepool/cart.py"
    assert page.list.currentIndex().row() == names(page).index("tidepool/cart.py")
    assert "+    def move(self" in page.diff.text.toPlainText()


def test_an_edit_is_a_place_to_go(qtbot, inspector, cursor, page):
    page.choose("/home/ada/shop/tidepool/cart.py")
    page.switch.choose(EDITS)
    rows = page.edits.rows.rows
    assert [row.amount for row in (rows[0], rows[1])] == ["failed ✗", "edit"]
    page.edits.setCurrentIndex(page.edits.rows.index(0))
    qtbot.keyClick(page.edits, Qt.Key.Key_Return)
    assert cursor.index == rows[0].target
    qtbot.waitUntil(lambda: inspector.is_settled)
    assert page.path.full == "tidepool/cart.py"


def test_a_diff_is_plain_text_and_bounded(qtbot: QtBot) -> None:
    view = DiffView()
    qtbot.addWidget(view)
    lines = ("@@", "+<b>\x1b[31m</b>", *(f"+{number}" for number in range(MOST_LINES)))
    view.show_diff("/a", lines)
    shown = view.text.toPlainText().splitlines()
    assert shown[1] == "+<b>␛[31m</b>"
    assert shown[-1].startswith("… 2 more lines")
    first = view.text.document().findBlockByNumber(1).layout().formats()[0]
    assert first.format.foreground().color() != QColor()
