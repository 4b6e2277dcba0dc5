"""A small switch between a few views of one thing: words side by side, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT, strong

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent


class Switch(QWidget):
    """Takes clicks, and the arrow keys where it has the focus.

    Signals:
        changed(int): another choice was made, by its number.
    """

    changed = Signal(int)

    def __init__(self, name: str, choices: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = choices
        self._current = 0
        self._name = name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name}: {choices[0]}")

    @property
    def current(self) -> int:
        """Number of what is chosen."""
        return self._current

    def choose(self, number: int) -> None:
        """Choose another; a number that there is not is clipped."""
        number = min(max(number, 0), len(self.choices) - 1)
        if number != self._current:
            self._current = number
            self.setAccessibleName(f"{self._name}: {self.choices[number]}")
            self.update()
            self.changed.emit(number)

    def sizeHint(self) -> QSize:
        """The words and some air."""
        metrics = self.fontMetrics()
        words = max(metrics.horizontalAdvance(choice) for choice in self.choices)
        return QSize((words + 3 * UNIT) * len(self.choices), metrics.height() + UNIT)

    def minimumSizeHint(self) -> QSize:
        """The words, closer."""
        size = self.sizeHint()
        return QSize(size.width() - 2 * UNIT * len(self.choices), size.height())

    def area(self, number: int) -> QRectF:
        """Where a choice is drawn."""
        wide = self.width() / len(self.choices)
        return QRectF(number * wide, 0, wide, self.height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw a trough, and the chosen word on a card in it."""
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            self.palette().color(QPalette.ColorRole.Highlight) if self.hasFocus() else look.line
        )
        painter.setBrush(look.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for number, word in enumerate(self.choices):
            chosen = number == self._current
            if chosen:
                painter.setPen(look.line)
                painter.setBrush(look.background)
                painter.drawRoundedRect(self.area(number).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)
            painter.setFont(strong(self.font()) if chosen else self.font())
            painter.setPen(look.text if chosen else look.muted)
            painter.drawText(self.area(number), Qt.AlignmentFlag.AlignCenter, word)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose what is clicked."""
        self.choose(int(event.position().x() * len(self.choices) / max(self.width(), 1)))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Choose the one beside."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.choose(self._current + by)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()
