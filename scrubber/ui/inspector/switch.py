"""A small switch between a few views of one thing: words side by side, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT, strong

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QPaintEvent


_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


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
        air = 3 * UNIT * len(self.choices)
        return QSize(sum(self._words()) + air, self.fontMetrics().height() + UNIT)

    def minimumSizeHint(self) -> QSize:
        """The words, closer."""
        air = UNIT * len(self.choices)
        return QSize(sum(self._words()) + air, self.sizeHint().height())

    def _words(self) -> list[int]:
        """How wide the words are, each as the chosen one."""
        metrics = QFontMetrics(strong(self.font()))
        return [metrics.horizontalAdvance(choice) for choice in self.choices]

    def area(self, number: int) -> QRectF:
        """Where a choice is drawn: in cells of one width, or in closer ones that fit the words."""
        words, count = self._words(), len(self.choices)
        wide = self.width() / count
        if max(words) + UNIT <= wide:
            return QRectF(number * wide, 0, wide, self.height())
        air = (self.width() - sum(words)) / count
        left = sum(words[:number]) + number * air
        return QRectF(left, 0, words[number] + air, self.height())

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
        at = event.position().x()
        areas = [self.area(number) for number in range(len(self.choices))]
        self.choose(sum(area.right() <= at for area in areas))

    def event(self, event: QEvent, /) -> bool:
        """Where it has the focus, the arrow keys are its own."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Choose the one beside."""
        by = _KEYS.get(Qt.Key(event.key()))
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
