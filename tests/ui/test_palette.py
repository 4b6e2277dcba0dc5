from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QMainWindow, QPlainTextEdit

from scrubber.ui.actions import Actions
from scrubber.ui.key_caps import KeyCaps, caps, draw_caps
from scrubber.ui.palette import CommandPalette
from scrubber.ui.palette_list import PaletteModel, runs
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
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QPlainTextEdit(window))
    window.resize(1000, 700)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.findChildren(QPlainTextEdit)[0].setFocus()
    return window


@pytest.fixture
def actions(window: QMainWindow) -> Actions:
    actions = Actions(window)
    actions.enable(
        session=True,
        selection=True,
        branch=True,
        running=True,
        busy=True,
        child=True,
        several=True,
        compared=True,
        comparing=True,
    )
    window.addActions(list(actions.by_id.values()))
    return actions


@pytest.fixture
def palette(
    qtbot: QtBot, actions: Actions, library: Library, window: QMainWindow
) -> CommandPalette:
    palette = CommandPalette(actions, library, window)
    palette.open_centered()
    return palette


def texts(palette: CommandPalette) -> list[str]:
    return [palette.model.index(row, 0).data() for row in range(palette.model.rowCount())]


def press(qtbot: QtBot, palette: CommandPalette, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(palette.edit, key)


def test_lists_all_enabled_actions_but_itself(palette, actions):
    assert len(texts(palette)) == len(actions.by_id) - 1
    actions.enable(session=False, selection=False)
    palette.open_centered()
    assert "Fork Here" not in texts(palette)
    assert "Import Files" in texts(palette)


def test_stands_in_the_upper_middle_of_its_window(palette, window):
    assert palette.isVisible()
    assert abs(palette.geometry().center().x() - window.width() // 2) <= 1
    assert palette.geometry().bottom() < window.height()
    window.resize(420, 320)
    assert palette.geometry().right() < 420
    assert palette.geometry().bottom() < 320


def test_enter_does_what_fits_best(qtbot, palette, actions, window):
    qtbot.keyClicks(palette.edit, "fork")
    with qtbot.waitSignal(actions["action.fork"].triggered):
        press(qtbot, palette, Qt.Key.Key_Return)
    assert palette.isHidden()
    assert window.centralWidget().hasFocus()


def test_arrows_choose_and_go_round(qtbot, palette, actions):
    qtbot.keyClicks(palette.edit, "import")
    assert texts(palette) == ["Import Files", "Import Folder", "Import What Was Found"]
    press(qtbot, palette, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert palette.list.currentIndex().data() == "Import What Was Found"
    press(qtbot, palette, Qt.Key.Key_PageUp)
    assert palette.list.currentIndex().data() == "Import Files"
    press(qtbot, palette, Qt.Key.Key_PageDown)
    with qtbot.waitSignal(actions["action.import_found"].triggered):
        press(qtbot, palette, Qt.Key.Key_Enter)


def test_keys_of_the_palette_are_no_shortcuts_of_the_window(qtbot, palette, actions):
    done: list[str] = []
    for name, action in actions.by_id.items():
        action.triggered.connect(lambda _on=False, name=name: done.append(name))
    press(qtbot, palette, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F, Qt.Key.Key_Slash)
    press(qtbot, palette, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Left)
    assert done == []
    assert palette.edit.text() == "f/ "


def test_the_mouse_chooses(qtbot, palette, actions):
    qtbot.keyClicks(palette.edit, "next error")
    where = palette.list.visualRect(palette.model.index(0, 0)).center()
    with qtbot.waitSignal(actions["action.next_error"].triggered):
        qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_escape_closes_and_gives_the_focus_back(qtbot, palette, window):
    press(qtbot, palette, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert window.centralWidget().hasFocus()


def test_closes_when_the_focus_goes_elsewhere(palette, window):
    window.centralWidget().setFocus()
    assert palette.isHidden()
    assert window.centralWidget().hasFocus()


def test_sessions_are_found_in_the_background(qtbot, palette, library):
    session = main_session(library)
    qtbot.keyClicks(palette.edit, session.title[:9])
    qtbot.waitUntil(lambda: session.title in texts(palette))
    row = texts(palette).index(session.title)
    palette.list.setCurrentIndex(palette.model.index(row, 0))
    with qtbot.waitSignal(palette.session_activated) as caught:
        press(qtbot, palette, Qt.Key.Key_Return)
    assert caught.args == [session.id]


def test_one_letter_finds_no_sessions(qtbot, palette, library):
    qtbot.keyClicks(palette.edit, main_session(library).title[0])
    qtbot.wait(150)
    assert all(not palette.model.entry(row).is_session for row in range(palette.model.rowCount()))


def test_nothing_fits(qtbot, palette):
    qtbot.keyClicks(palette.edit, "zzqq")
    assert palette.nothing.isVisible()
    press(qtbot, palette, Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert palette.isVisible()


def test_what_was_used_lately_comes_first(qtbot, palette, actions):
    for words in ("previous error", "copy session"):
        palette.open_centered()
        qtbot.keyClicks(palette.edit, words)
        press(qtbot, palette, Qt.Key.Key_Return)
    palette.open_centered()
    assert texts(palette)[:2] == ["Copy Session Id", "Previous Error"]
    assert palette.recent() == ["action.copy_id", "action.prev_error"]
    palette.set_recent(["action.undo"])
    palette.open_centered()
    assert texts(palette)[0] == "Undo"


def test_a_menu_can_be_typed_as_well(qtbot, palette):
    qtbot.keyClicks(palette.edit, "view in")
    assert texts(palette)[0] == "Inspector"


def test_the_list_is_a_model_as_qt_wants_it(qtmodeltester, palette):
    model = PaletteModel()
    qtmodeltester.check(model, force_py=False)
    model.set_entries([palette.model.entry(0), palette.model.entry(1)])
    model.set_entries([])


def test_rows_are_painted(qtbot, palette):
    qtbot.keyClicks(palette.edit, "fork")
    image = palette.list.viewport().grab().toImage()
    middle = palette.list.visualRect(palette.model.index(0, 0)).center().y()
    colours = {image.pixelColor(x, middle).name() for x in range(image.width())}
    assert len(colours) > 10


def test_runs_of_letters():
    assert runs("Fork Here", {0, 1, 5}) == [(0, 2), (2, 5), (5, 6), (6, 9)]
    assert runs("ab", set()) == [(0, 2)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [("Ctrl+Shift+O", ["Ctrl", "Shift", "O"]), ("+", ["+"]), ("Ctrl++", ["Ctrl", "+"]),
     ("Left", ["←"]), ("Ctrl+-", ["Ctrl", "-"]), ("?", ["?"])],
)  # fmt: skip
def test_keys_of_a_shortcut(qapp, text, keys):
    assert caps(QKeySequence(text)) == keys


def test_key_caps_are_as_large_as_they_are_drawn(qtbot):
    shown = KeyCaps([QKeySequence("Ctrl+Shift+O"), QKeySequence("F1")])
    qtbot.addWidget(shown)
    assert shown.accessibleName() == "Ctrl+Shift+O or F1"
    image = QImage(shown.sizeHint().width() + 40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    painter = QPainter(image)
    draw_caps(painter, QPointF(0, 0), shown.font(), shown.keys, QColor("white"))
    painter.end()
    drawn = [x for x in range(image.width()) if image.pixelColor(x, 10) != QColor("#123456")]
    assert shown.sizeHint().width() - 2 <= max(drawn) + 1 <= shown.sizeHint().width()


def test_an_ampersand_of_a_title_stays(palette, actions):
    actions["action.undo"].setText("Undo rename of Salt && Pepper")
    palette.open_centered()
    assert "Undo rename of Salt & Pepper" in texts(palette)


def test_no_entry_loses_a_letter_to_a_mnemonic(actions):
    assert not any("&" in action.text().replace("&&", "") for action in actions.by_id.values())
