"""The budget as a bar: a stretch for each part of the context, and what is left of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scrubber.core.timeline.text import plain_tooltip
from scrubber.ui import theme
from scrubber.ui.flow import FlowLayout
from scrubber.ui.inspector.labels import UNIT
from scrubber.ui.inspector.tones import tone

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent, QPaintEvent


class Part(NamedTuple):
    """One stretch."""

    name: str
    tone: str
    tokens: int
    told: str
    """Its size in words."""
    is_guess: bool = False
    """Drawn hatched: nobody has seen it."""


class Bar(QWidget):
    """Stretches side by side, on a trough as long as the window of the model."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._whole = 1
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: tuple[Part, ...], whole: int) -> None:
        """Show other stretches of a whole of so many tokens."""
        self._parts, self._whole = parts, max(whole, sum(part.tokens for part in parts), 1)
        self.setAccessibleName(", ".join(f"{part.name} {part.told}" for part in parts))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(20 * UNIT, self._height)

    def areas(self) -> list[tuple[Part, QRectF]]:
        """Where each part is drawn."""
        found, left = [], 0.0
        for part in self._parts:
            wide = self.width() * part.tokens / self._whole
            found.append((part, QRectF(left, 0, wide, self.height())))
            left += wide
        return found

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw trough and stretches, a pixel of background between two of them."""
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), look.line)
        for part, area in self.areas():
            colour = tone(part.tone, look)
            shown = area.adjusted(0, 0, -1 if area.width() > 3 else 0, 0)
            painter.fillRect(shown, look.background)
            painter.fillRect(shown, _brush(colour, part.is_guess))

    def event(self, event: QEvent, /) -> bool:
        """Tell what a stretch is."""
        if event.type() == QEvent.Type.ToolTip:
            self._tell(event)  # type: ignore[arg-type]  # a tool tip's event is a QHelpEvent
            return True
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        at = event.pos().x()
        found = (part for part, area in self.areas() if area.left() <= at < area.right())
        part = next(found, None)
        words = f"{part.name}: {part.told}" if part else "not used"
        QToolTip.showText(event.globalPos(), plain_tooltip(words), self)


def _brush(colour: QColor, is_guess: bool) -> QBrush:
    return QBrush(colour, Qt.BrushStyle.BDiagPattern if is_guess else Qt.BrushStyle.SolidPattern)


class Legend(QWidget):
    """The parts in words, each behind a swatch of its colour, in lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, UNIT)
        self._entries: list[Entry] = []

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Show other parts."""
        while len(self._entries) < len(parts):
            entry = Entry(self)
            self._entries.append(entry)
            self._flow.addWidget(entry)
        for number, entry in enumerate(self._entries):
            entry.setVisible(number < len(parts))
            if number < len(parts):
                entry.show_part(parts[number])
        self.updateGeometry()


class Entry(QWidget):
    """A swatch, a name, a size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = Part("", "", 0, "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_part(self, part: Part) -> None:
        """Show another part."""
        if part != self.part:
            self.part = part
            self.setAccessibleName(f"{part.name} {part.told}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """The words and the swatch."""
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(f"{self.part.name} {self.part.told}")
        return QSize(words + 2 * UNIT + 2, metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it; the size is quiet."""
        painter, look = QPainter(self), theme.current()
        swatch = QRectF(0, (self.height() - 9) / 2, 9, 9)
        painter.fillRect(swatch, look.line)
        painter.fillRect(swatch, _brush(tone(self.part.tone, look), self.part.is_guess))
        area = self.rect().adjusted(9 + UNIT // 2 + 1, 0, 0, 0)
        painter.setPen(look.text)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.part.name)
        area.setLeft(area.left() + self.fontMetrics().horizontalAdvance(self.part.name + " "))
        painter.setPen(look.muted)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.part.told)
