"""Keys as they look on a keyboard: small framed caps, drawn for the palette and the key sheet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeySequence, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_GAP = 4.0
_BETWEEN = 10.0
_PAD = 6.0

_SIGNS = {
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Return": "Enter",
    "Ins": "Insert",
    "Del": "Delete",
}


def caps(sequence: QKeySequence) -> list[str]:
    """The keys of a shortcut, each in the word that stands on it: ``["Ctrl", "Shift", "O"]``."""
    if sys.platform == "darwin":
        return list(sequence.toString(QKeySequence.SequenceFormat.NativeText))
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText).split(", ")[0]
    keys = text.split("+") if not text.endswith("+") else [*text[:-1].split("+")[:-1], "+"]
    return [_SIGNS.get(key, key) for key in keys if key]


def cap_font(font: QFont) -> QFont:
    """The font of the words on the keys."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    return small


def cap_height(font: QFont) -> float:
    """Height of a key."""
    return round(QFontMetricsF(cap_font(font)).height()) + 4.0


def caps_width(font: QFont, keys: Sequence[Sequence[str]]) -> float:
    """Width of some shortcuts side by side."""
    metrics = QFontMetricsF(cap_font(font))
    one = [sum(_cap_width(metrics, key) + _GAP for key in keys_of) - _GAP for keys_of in keys]
    return sum(one) + _BETWEEN * max(len(one) - 1, 0)


def _cap_width(metrics: QFontMetricsF, key: str) -> float:
    return float(max(round(metrics.horizontalAdvance(key) + 2 * _PAD), round(metrics.height() + 4)))


def draw_caps(
    painter: QPainter, at: QPointF, font: QFont, keys: Sequence[Sequence[str]], words: QColor
) -> None:
    """Draw shortcuts side by side; ``at`` is the left top corner."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(cap_font(font))
    metrics, x = QFontMetricsF(cap_font(font)), at.x()
    for keys_of in keys:
        for key in keys_of:
            wide = _cap_width(metrics, key)
            _draw_cap(painter, QRectF(x, at.y(), wide, cap_height(font)), key, words)
            x += wide + _GAP
        x += _BETWEEN - _GAP
    painter.restore()


def _draw_cap(painter: QPainter, area: QRectF, key: str, words: QColor) -> None:
    """A face, and below it the edge that makes it look like a key."""
    look = theme.current()
    frame = QColor(look.line).darker(112) if not look.dark else QColor(look.line).lighter(125)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(frame)
    painter.drawRoundedRect(area, 4, 4)
    painter.setBrush(look.background if not look.dark else look.surface)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -2), 3, 3)
    painter.setPen(words)
    painter.drawText(area.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, key)


class KeyCaps(QWidget):
    """One or more shortcuts for the same thing, side by side."""

    def __init__(self, sequences: Sequence[QKeySequence], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = [caps(sequence) for sequence in sequences]
        self.setAccessibleName(" or ".join("+".join(keys) for keys in self.keys))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Just the keys."""
        wide = caps_width(self.font(), self.keys)
        return QSize(round(wide), round(cap_height(self.font())))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw them."""
        draw_caps(QPainter(self), QPointF(0, 0), self.font(), self.keys, theme.current().text)
