"""Keys that are the window's also where something is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget


class FieldKeys(QObject):
    """Keeps the fields of a window from taking the keys of an action.

    On X11 a field takes Ctrl+K to delete what is behind the cursor, and so it would never open
    the palette there.
    """

    def __init__(self, window: QWidget, action: QAction) -> None:
        super().__init__(window)
        self._action = action
        for field in (*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)):
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Leave the keys of the action to it."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if QKeySequence(event.keyCombination()) not in self._action.shortcuts():
            return False
        event.ignore()
        return True
