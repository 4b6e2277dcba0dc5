"""Keys that stay the window's where something is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from scrubber.ui.field_keys import FieldKeys

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def is_taken(field: QWidget, key: Qt.Key) -> bool:
    """Whether a field wants Ctrl and a key for itself, as the system asks it."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    QApplication.sendEvent(field, event)
    return event.isAccepted()


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_a_field_leaves_the_keys_of_an_action_to_it(
    qtbot: QtBot, kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = kind(window)
    action = QAction(window)
    action.setShortcut(QKeySequence("Ctrl+A"))  # a field takes it on every system
    assert is_taken(field, Qt.Key.Key_A)
    FieldKeys(window, action)
    assert not is_taken(field, Qt.Key.Key_A)
    assert is_taken(field, Qt.Key.Key_V)
