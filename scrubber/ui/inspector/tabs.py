"""A quiet strip of tabs: words, and a line under the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_ICON = 16
_PADDINGS = (UNIT, UNIT * 3 // 4, UNIT // 2)
"""Beside each word, from airy to close."""


class TabStrip(QTabBar):
    """Tabs that take as much room as their words.

    Where there is not enough room for all words, even close together, only the current tab shows
    its word; the others show their icons, and the words as tooltips.
    """

    def __init__(self, names: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        """``names``: the word of each tab and the name of its icon."""
        super().__init__(parent)
        self._icons = [icon for _, icon in names]
        self._padding, self._is_close = UNIT, False
        self.setAccessibleName("Inspector")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for name, _ in names:
            self.addTab(name)
        self.currentChanged.connect(self._fit)

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802  # Qt's name
        """The word or the icon, and air."""
        wide = _ICON if self._is_icon(index) else self._word(index)
        return QSize(wide + 2 * self._padding, self.fontMetrics().height() + 2 * UNIT)

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802  # Qt's name
        """The same: nothing is shortened."""
        return self.tabSizeHint(index)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Choose between words and icons anew."""
        super().resizeEvent(event)
        self._fit()

    def _is_icon(self, index: int) -> bool:
        return self._is_close and index != self.currentIndex()

    def _word(self, index: int) -> int:
        return self.fontMetrics().horizontalAdvance(self.tabText(index)) + 2

    def _fit(self) -> None:
        words = sum(self._word(index) for index in range(self.count()))
        room = (self.width() - words) // (2 * max(self.count(), 1))
        fitting = next((padding for padding in _PADDINGS if padding <= room), None)
        self._is_close = fitting is None
        self._padding = fitting if fitting is not None else UNIT * 3 // 4
        for index in range(self.count()):
            word = self.tabText(index)
            self.setTabToolTip(index, word if self._is_icon(index) else "")
        self.setIconSize(QSize(_ICON, _ICON))  # which lets the tabs be measured anew

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the words or icons, and a line below the current one."""
        painter, look = QPainter(self), theme.current()
        for index in range(self.count()):
            area = self.tabRect(index)
            current = index == self.currentIndex()
            colour = look.text if current else look.muted
            if self._is_icon(index):
                self._draw_icon(painter, area, self._icons[index], colour)
            else:
                painter.setPen(colour)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
            if current:
                self._underline(painter, area, look.accent)

    def _draw_icon(self, painter: QPainter, area: QRect, name: str, colour: QColor) -> None:
        drawn = theme.pixmap(name, colour.name(), _ICON, self.devicePixelRatioF())
        corner = area.center()
        painter.drawPixmap(corner.x() - _ICON // 2 + 1, corner.y() - _ICON // 2, drawn)

    def _underline(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        thick = 3 if self.hasFocus() else 2
        left, wide = area.left() + self._padding, area.width() - 2 * self._padding
        painter.fillRect(left, self.height() - thick, wide, thick, colour)
