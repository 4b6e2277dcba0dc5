"""Paints documents: ground, words, matches, selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
)

from scrubber.ui.transcript.style import Style, tint

if TYPE_CHECKING:
    from scrubber.ui.transcript.images import ImageStore
    from scrubber.ui.transcript.pieces import TextPiece
    from scrubber.ui.transcript.selection import Selection


@dataclass(frozen=True, slots=True)
class Brush:
    """What a piece is painted with."""

    style: Style
    palette: QPalette
    clip: QRectF
    needle: str
    images: ImageStore
    pointed: bool
    selection: Selection | None
    place: tuple[int, int]
    """Event and number of the piece in its row."""


def paint_text(painter: QPainter, piece: TextPiece, top: float, brush: Brush) -> None:
    """Paint a document whose piece begins at ``top`` on the page."""
    style = brush.style
    x, y = piece.x(style), top + piece.pad
    _paint_ground(painter, piece, top, brush)
    painter.save()
    painter.translate(x, y)
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette(brush.palette)
    palette.setColor(QPalette.ColorRole.Text, piece.colour)
    context.palette = palette
    clip = brush.clip.translated(-x, -y)
    context.clip = QRectF(0, clip.top(), style.width, clip.height())
    context.selections = _selections(piece, brush)
    painter.setClipRect(context.clip, Qt.ClipOperation.IntersectClip)
    piece.document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_ground(painter: QPainter, piece: TextPiece, top: float, brush: Brush) -> None:
    """Surfaces of code, bars along quotes and output."""
    style = brush.style
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.theme.surface)
    left = style.left + piece.indent
    if piece.surface:
        painter.drawRoundedRect(QRectF(left, top, style.right - left, piece.height), 6, 6)
    elif piece.rich:
        for run in piece.codes():
            painter.drawRoundedRect(piece.area(run, style).translated(left, top), 6, 6)
    painter.setBrush(style.theme.line)
    for area in piece.quotes():
        painter.drawRect(QRectF(left, top + area.top(), 3, area.height()))
    if piece.rail is not None:
        painter.setBrush(piece.rail)
        painter.drawRect(QRectF(style.left + 3, top + 3, 2, piece.height - 4))


def _selections(piece: TextPiece, brush: Brush) -> list[QAbstractTextDocumentLayout.Selection]:
    found = []
    style = brush.style
    for cursor in piece.matches(brush.needle):
        found.append(_marked(cursor, tint(style.theme.warning, 0.38)))
    span = brush.selection.span(*brush.place, piece) if brush.selection else None
    if span is not None:
        cursor = QTextCursor(piece.document)
        last = piece.document.characterCount() - 1
        cursor.setPosition(min(span[0], last))
        cursor.setPosition(min(span[1], last), QTextCursor.MoveMode.KeepAnchor)
        colour = brush.palette.color(QPalette.ColorRole.Highlight)
        found.append(_marked(cursor, tint(colour, 0.45 if style.theme.dark else 0.3)))
    return found


def _marked(cursor: QTextCursor, colour: QColor) -> QAbstractTextDocumentLayout.Selection:
    selection = QAbstractTextDocumentLayout.Selection()
    selection.cursor = cursor
    look = QTextCharFormat()
    look.setBackground(colour)
    selection.format = look
    return selection
