"""Paints single pieces of rows at their places."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPen,
)

from scrubber.core.ages import count
from scrubber.ui.transcript.marks import paint_badges, paint_chevron, paint_icon
from scrubber.ui.transcript.paint_text import Brush, paint_text
from scrubber.ui.transcript.pieces import Divider, Line, Picture, Piece, Run, TextPiece
from scrubber.ui.transcript.style import UNIT

_ICON = 16
_CHEVRON = 2.0 * UNIT


def paint_piece(painter: QPainter, piece: Piece, top: float, brush: Brush) -> None:
    """Paint a piece whose top is at ``top`` on the page."""
    if isinstance(piece, TextPiece):
        paint_text(painter, piece, top, brush)
    elif isinstance(piece, Line):
        _paint_line(painter, piece, top, brush)
    elif isinstance(piece, Picture):
        _paint_picture(painter, piece, top, brush)
    elif isinstance(piece, Divider):
        _paint_divider(painter, piece, top, brush)


def _paint_line(painter: QPainter, line: Line, top: float, brush: Brush) -> None:
    style = brush.style
    middle = top + style.line / 2
    if line.icon:
        colour = line.icon_colour or style.theme.muted
        at = QPointF(style.icons + _ICON / 2, middle)
        paint_icon(painter, line.icon, colour, at, _ICON, style.ratio)
    right = _paint_right(painter, line, top, brush)
    x = style.left
    if line.folded is not None:
        colour = style.theme.text if brush.pointed else style.theme.muted
        paint_chevron(painter, QPointF(x + 4, middle), line.folded, colour)
        x += _CHEVRON
    for run in line.runs:
        x = _paint_run(painter, run, x, right, top, brush)


def _paint_right(painter: QPainter, line: Line, top: float, brush: Brush) -> float:
    """Paint what stands at the right; returns where it begins."""
    style, right = brush.style, brush.style.right
    for run in reversed(line.right):
        width = QFontMetricsF(run.font).horizontalAdvance(run.text)
        _paint_run(painter, run, right - width, right + 1, top, brush)
        right -= width + UNIT
    right = paint_badges(painter, line.badges, right, top, style)
    matches = line.matches(brush.needle)
    if matches:
        words = ((count(matches, "match", "matches"), False),)
        right = paint_badges(painter, words, right, top, style)
    return right - UNIT


def _paint_run(
    painter: QPainter, run: Run, x: float, right: float, top: float, brush: Brush
) -> float:
    """Paint words, cut to fit; returns where the next ones begin."""
    if not run.text or right - x < 12:
        return x
    metrics = QFontMetricsF(run.font)
    text = metrics.elidedText(run.text, Qt.TextElideMode.ElideRight, right - x)
    painter.setFont(run.font)
    painter.setPen(brush.style.theme.text if brush.pointed else run.colour)
    area = QRectF(x, top, right - x + 1, brush.style.line)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, align | Qt.TextFlag.TextSingleLine, text)
    return x + metrics.horizontalAdvance(text) + 1.25 * UNIT


def _paint_picture(painter: QPainter, piece: Picture, top: float, brush: Brush) -> None:
    style = brush.style
    area = QRectF(style.left, top, piece.size.width(), piece.size.height())
    image = brush.images.image(piece.key, piece.source)
    if image is not None and not image.isNull():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)
    else:
        painter.fillRect(area, style.theme.surface)
        words = piece.alt if image is None else f"cannot be shown · {piece.alt}"
        painter.setPen(style.theme.muted)
        painter.setFont(style.small)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(style.theme.accent if brush.pointed else style.theme.line, 1))
    painter.drawRoundedRect(area.adjusted(-0.5, -0.5, 0.5, 0.5), 2, 2)


def _paint_divider(painter: QPainter, piece: Divider, top: float, brush: Brush) -> None:
    style = brush.style
    colour = style.theme.text if brush.pointed else style.theme.muted
    metrics = QFontMetricsF(style.small)
    width = metrics.horizontalAdvance(piece.text) + 2 * UNIT
    middle, left = top + piece.height / 2, style.left + (style.width - width) / 2
    painter.setPen(QPen(style.theme.line, 1))
    painter.drawLine(QPointF(style.left, middle), QPointF(left - UNIT, middle))
    painter.drawLine(QPointF(left + width + UNIT, middle), QPointF(style.right, middle))
    icon = QPointF(style.icons + _ICON / 2, middle)
    paint_icon(painter, "compaction", style.theme.muted, icon, _ICON, style.ratio)
    if piece.folded is not None:
        paint_chevron(painter, QPointF(left + 6, middle), piece.folded, colour)
    painter.setFont(style.small)
    painter.setPen(colour)
    area = QRectF(left + 2 * UNIT, top, width, piece.height)
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, piece.text)
