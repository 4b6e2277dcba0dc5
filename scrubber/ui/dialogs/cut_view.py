"""Shows a cut: the last events it keeps, the line, the first ones it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from scrubber.core.describe import describe
from scrubber.core.events import Event, Visibility
from scrubber.core.track import lane_of
from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDE = 4
"""Events shown on either side of the cut."""


class CutView(QWidget):
    """A few rows around a cut, painted: nothing in it can be clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._kept: Sequence[Event] = ()
        self._dropped: Sequence[Event] = ()
        self._index = 0

    def show_cut(self, index: int, around: Sequence[Event]) -> None:
        """Show the events around an index; hidden ones are left out."""
        shown = [event for event in around if event.visibility is not Visibility.HIDDEN]
        self._index = index
        self._kept = [event for event in shown if event.index < index][-SIDE:]
        self._dropped = [event for event in shown if event.index >= index][:SIDE]
        self.setAccessibleName(
            f"keeps up to: {describe(self._kept[-1]) if self._kept else 'nothing'}; "
            f"leaves out from: {describe(self._dropped[0]) if self._dropped else 'nothing'}"
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Room for both sides and the line between them."""
        return QSize(480, self._row() * (2 * SIDE + 1) + 16)

    def minimumSizeHint(self) -> QSize:
        """The same height, less width."""
        return QSize(280, self.sizeHint().height())

    def _row(self) -> int:
        return QFontMetrics(self.font()).height() + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint rows and line."""
        look, row = theme.current(), self._row()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.line))
        painter.setBrush(look.background)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        top = 8 + (SIDE - len(self._kept)) * row
        for kept in self._kept:
            self._paint_event(painter, top, kept)
            top += row
        self._paint_line(painter, 8 + SIDE * row)
        painter.setOpacity(0.45)
        top = 8 + (SIDE + 1) * row
        for dropped in self._dropped:
            self._paint_event(painter, top, dropped)
            top += row
        painter.end()

    def _paint_event(self, painter: QPainter, top: int, event: Event) -> None:
        look, row = theme.current(), self._row()
        colour = look.error if event.is_error else look.lane(lane_of(event.kind, event.role))
        painter.fillRect(QRect(12, top + 4, 3, row - 8), colour)
        painter.setPen(look.muted)
        number = QRect(22, top, 52, row)
        painter.drawText(
            number,
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
            f"{event.index + 1:,}",
        )
        painter.setPen(look.text)
        words = QRect(84, top, self.width() - 96, row)
        text = QFontMetrics(self.font()).elidedText(
            describe(event, 200), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_line(self, painter: QPainter, top: int) -> None:
        look, row = theme.current(), self._row()
        middle = top + row // 2
        text = "cut"
        if not self._kept:
            text = "cut · nothing is kept"
        elif not self._dropped:
            text = "cut · nothing is left out"
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(text)
        painter.setPen(QPen(look.accent, 1.5))
        painter.drawLine(12, middle, 22, middle)
        painter.drawLine(34 + width, middle, self.width() - 12, middle)
        painter.drawText(QRect(28, top, width + 2, row), int(Qt.AlignmentFlag.AlignVCenter), text)
