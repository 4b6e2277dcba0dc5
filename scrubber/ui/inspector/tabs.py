"""A quiet strip of tabs: words, and a line under the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QTabBar, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class TabStrip(QTabBar):
    """Tabs that take as much room as their words."""

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Inspector")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        for name in names:
            self.addTab(name)

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802  # Qt's name
        """The word, and air."""
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self.tabText(index)) + 2
        return QSize(wide + 2 * UNIT, metrics.height() + 2 * UNIT)

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802  # Qt's name
        """The same: nothing is shortened."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the words, and a line below the current one."""
        painter, look = QPainter(self), theme.current()
        for index in range(self.count()):
            area = self.tabRect(index)
            current = index == self.currentIndex()
            painter.setPen(look.text if current else look.muted)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
            if current:
                self._underline(painter, area, look.accent)

    def _underline(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        thick = 3 if self.hasFocus() else 2
        left, wide = area.left() + UNIT, area.width() - 2 * UNIT
        painter.fillRect(left, self.height() - thick, wide, thick, colour)
