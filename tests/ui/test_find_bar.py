from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QPlainTextEdit, QVBoxLayout, QWidget

from scrubber.models.cursor import Cursor
from scrubber.ui.find_bar import FindBar, count_words
from tests.ui.inspector.libraries import main_session, open_library, record, write_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.models.library import Library

LENGTH = 300
NEEDLES = [9, 109, 209]


@pytest.fixture
def library(qtbot: QtBot, tmp_path: Path) -> Iterator[Library]:
    texts = ("hay needle" if n in NEEDLES else "hay" for n in range(LENGTH))
    file = write_records(tmp_path / "s.jsonl", [record(n, text) for n, text in enumerate(texts)])
    with open_library(qtbot, tmp_path / "store.db", file) as opened:
        yield opened


@pytest.fixture
def cursor() -> Cursor:
    return Cursor()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """With something else that takes the focus."""
    window = QMainWindow()
    qtbot.addWidget(window)
    column = QVBoxLayout(middle := QWidget())
    column.addWidget(QPlainTextEdit(window))
    window.setCentralWidget(middle)
    window.resize(700, 300)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def bar(library: Library, cursor: Cursor, window: QMainWindow) -> FindBar:
    """In a window whose owner follows the matches, as the main window does."""
    bar = FindBar(library, cursor, window)
    bar.resize(700, 32)
    bar.hide()
    bar.match_activated.connect(lambda event: cursor.set_index(event + 1))
    session = main_session(library)
    cursor.open(session.id, session.events, 150)
    other(window).setFocus()
    bar.open()
    return bar


def other(window: QMainWindow) -> QPlainTextEdit:
    found = window.findChild(QPlainTextEdit)
    assert found is not None
    return found


def find(qtbot: QtBot, bar: FindBar, text: str) -> None:
    bar.edit.clear()
    qtbot.keyClicks(bar.edit, text)
    qtbot.waitUntil(lambda: bar.finder.text == text and not bar.finder.searching)


def test_says_how_many_and_which(qtbot, bar, cursor):
    find(qtbot, bar, "needle")
    assert bar.count.text() == "3 events"
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    assert (cursor.index, bar.count.text()) == (210, "3 of 3")
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    assert (cursor.index, bar.count.text()) == (10, "1 of 3")
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (cursor.index, bar.count.text()) == (210, "3 of 3")
    bar.previous()
    assert cursor.index == 110
    bar.next()
    assert cursor.index == 210


def test_enter_right_after_typing_waits_for_the_first_match(qtbot, bar, cursor):
    qtbot.keyClicks(bar.edit, "needle")
    with qtbot.waitSignal(bar.match_activated) as caught:
        qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    assert caught.args[0] in NEEDLES


def test_case_counts_where_it_is_asked_to(qtbot, bar):
    find(qtbot, bar, "NEEDLE")
    assert bar.count.text() == "3 events"
    bar.case.click()
    qtbot.waitUntil(lambda: not bar.finder.searching)
    assert bar.count.text() == "not found"
    assert not bar.on.isEnabled()


def test_tells_what_to_highlight(qtbot, bar):
    marked: list[str] = []
    bar.highlight_changed.connect(marked.append)
    find(qtbot, bar, "hay")
    bar.edit.clear()
    find(qtbot, bar, "needle")
    qtbot.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert marked == ["hay", "", "needle", ""]


def test_escape_closes_forgets_and_gives_the_focus_back(qtbot, bar, window):
    find(qtbot, bar, "needle")
    with qtbot.waitSignal(bar.dismissed):
        qtbot.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert bar.finder.matches == []
    assert other(window).hasFocus()


def test_opening_again_takes_the_search_up(qtbot, bar):
    find(qtbot, bar, "needle")
    bar.dismiss()
    bar.open()
    assert bar.edit.selectedText() == "needle"
    qtbot.waitUntil(lambda: bar.count.text() == "3 events")


def test_keys_of_the_bar_are_no_shortcuts_of_the_window(qtbot, bar, window):
    done: list[str] = []
    for key in ("Return", "Esc", "F", "/"):
        action = QAction(window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _on=False, key=key: done.append(key))
        window.addAction(action)
    find(qtbot, bar, "f/")
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    qtbot.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert done == []


def test_fits_into_a_narrow_pane(qtbot, bar, library, cursor):
    find(qtbot, bar, "needle")
    narrow = FindBar(library, cursor)
    qtbot.addWidget(narrow)
    narrow.resize(240, 32)
    narrow.show()
    assert narrow.width() == 240
    assert narrow.case.isHidden()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("", 0, None, False), ""), (("a", 17, 3, False), "3 of 17"),
     (("a", 1, None, False), "1 event"),
     (("a", 1700, None, True), "1,700 events…"), (("a", 0, None, True), "searching…"),
     (("a", 0, None, False), "not found")],
)  # fmt: skip
def test_words(arguments, words):
    assert count_words(*arguments) == words
