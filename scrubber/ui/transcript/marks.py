"""Small things that are painted in many places: icons, chevrons, badges."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from scrubber.ui import theme
from scrubber.ui.transcript.style import UNIT, Style, tint


@lru_cache(maxsize=256)
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap | None:
    try:
        return theme.pixmap(name, colour, size, ratio)
    except FileNotFoundError:
        return None


def paint_icon(
    painter: QPainter, name: str, colour: QColor, centre: QPointF, size: int, ratio: float
) -> None:
    """An icon of resources/icons, ``size`` logical pixels wide; a dot if it is missing."""
    drawn = _pixmap(name, colour.name(), size, ratio)
    if drawn is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(centre, size / 5, size / 5)
        return
    x, y = round(centre.x() - size / 2), round(centre.y() - size / 2)
    painter.drawPixmap(QPointF(x, y), drawn)


def paint_chevron(painter: QPainter, centre: QPointF, folded: bool, colour: QColor) -> None:
    """A small angle that points right where something is folded, down where it is not."""
    a, b = (2.0, 4.0)
    points = [QPointF(-a, -b), QPointF(a, 0), QPointF(-a, b)]
    if not folded:
        points = [QPointF(-b, -a), QPointF(0, a), QPointF(b, -a)]
    pen = QPen(colour, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline([centre + point for point in points])


def badge_boxes(
    badges: tuple[tuple[str, bool], ...], right: float, top: float, style: Style
) -> list[tuple[QRectF, str, bool]]:
    """Where badges stand in front of a right edge, the last of them first."""
    metrics, found = QFontMetricsF(style.small), []
    for word, origin in reversed(badges):
        width, height = metrics.horizontalAdvance(word) + 1.5 * UNIT, metrics.height() + 2
        box = QRectF(right - width, top + (style.line - height) / 2, width, height)
        found.append((box, word, origin))
        right = box.left() - UNIT / 2
    return found


def paint_badges(
    painter: QPainter, badges: tuple[tuple[str, bool], ...], right: float, top: float, style: Style
) -> float:
    """Badges in front of a right edge; returns the left edge of the first one."""
    painter.setFont(style.small)
    for pill, word, origin in badge_boxes(badges, right, top, style):
        colour = style.theme.accent if origin else style.theme.warning
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(colour, 0.14))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(colour)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, word)
        right = pill.left() - UNIT / 2
    return right
