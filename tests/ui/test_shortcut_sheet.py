from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from scrubber.ui.actions import SPECS
from scrubber.ui.key_caps import KeyCaps
from scrubber.ui.shortcut_sheet import ShortcutSheet, groups, share_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def sheet(qtbot: QtBot) -> Iterator[ShortcutSheet]:
    parent = QWidget()
    qtbot.addWidget(parent)
    sheet = ShortcutSheet(parent)
    with qtbot.waitExposed(sheet):
        sheet.open()
    yield sheet
    parent.deleteLater()


def shown(sheet: ShortcutSheet) -> list[str]:
    return [label.text() for label in sheet.sheet.findChildren(QLabel) if label.isVisible()]


def test_every_action_with_a_key_is_there(sheet):
    with_keys = {
        spec.text.rstrip("…") for spec in SPECS if any(isinstance(k, str) for k in spec.keys)
    }
    assert with_keys <= set(shown(sheet))
    assert list(groups()) == [g._title.text() for g in sheet.sheet.groups]


def test_is_not_modal_and_escape_closes_it(qtbot, sheet):
    assert not sheet.isModal()
    with qtbot.waitSignal(sheet.destroyed):
        qtbot.keyClick(sheet.filter, Qt.Key.Key_Escape)


def test_what_is_typed_filters(qtbot, sheet):
    qtbot.keyClicks(sheet.filter, "error")
    assert shown(sheet) == ["Go", "Previous Error", "Next Error"]
    sheet.filter.setText("shift")
    assert "Next Message" in shown(sheet)
    sheet.filter.setText("zzqq")
    assert shown(sheet) == ["No shortcut fits"]
    sheet.filter.clear()
    assert len(shown(sheet)) > 30


def test_a_second_one_brings_the_first_to_the_front(qtbot, sheet):
    second = ShortcutSheet(sheet.parentWidget())
    with qtbot.waitSignal(second.destroyed):
        second.open()
    assert sheet.isVisible()


@pytest.mark.parametrize("width", [360, 700, 1000, 1800])
def test_groups_stand_in_columns_that_do_not_overlap(qtbot, sheet, width):
    sheet.resize(width, 500)
    qtbot.waitUntil(lambda: sheet.sheet.width() <= width)
    areas = [group.geometry() for group in sheet.sheet.groups]
    assert not any(a.intersects(b) for n, a in enumerate(areas) for b in areas[:n])
    assert all(area.right() < sheet.sheet.width() for area in areas)
    assert max(area.bottom() for area in areas) < sheet.sheet.minimumHeight()
    for caps in sheet.sheet.findChildren(KeyCaps):
        assert caps.width() >= caps.sizeHint().width()


@pytest.mark.parametrize("columns", [1, 2, 3, 6])
def test_columns_keep_the_order(columns):
    shared = share_out([4, 9, 4, 15, 8, 2], columns)
    assert shared == sorted(shared)
    assert max(shared) < columns


def test_opens_as_high_as_its_words(sheet):
    most = sheet.screen().availableGeometry().height() * 9 // 10
    assert sheet.height() >= min(sheet.sheet.minimumHeight(), most - 1)


def test_takes_as_many_columns_as_the_screen_has_room_for(sheet):
    room = sheet.screen().availableGeometry()
    assert sheet.width() <= room.width()
    assert sheet.height() <= room.height()
    lefts = {group.x() for group in sheet.sheet.groups}
    assert len(lefts) == min(4, (room.width() - 32) // (33 * 8 + 32))
