"""A small panel at a button: closes when one clicks elsewhere or presses Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

_GAP = 4


class Popover(QFrame):
    """A title, and a form below it.

    Signals:
        closed(): it was closed, in whatever way.
    """

    closed = Signal()

    def __init__(self, title: str, form: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        look = theme.current()
        self.setStyleSheet(
            f"QFrame#popover {{ border: 1px solid {look.line.name()};"
            f" background: {look.background.name()}; }}"
        )
        heading = QLabel(title, self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addWidget(heading)
        column.addWidget(form)

    def popup(self, anchor: QWidget) -> None:
        """Show it above the anchor, or below where there is no room."""
        self.adjustSize()
        size, at = self.sizeHint(), anchor.mapToGlobal(QPoint(0, 0))
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        y = at.y() - size.height() - _GAP
        if y < room.top():
            y = min(at.y() + anchor.height() + _GAP, room.bottom() - size.height())
        x = min(max(at.x(), room.left() + _GAP), room.right() - size.width() - _GAP)
        self.move(x, max(y, room.top()))
        self.show()
        first = self.nextInFocusChain()
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell of it."""
        self.closed.emit()
        super().closeEvent(event)
