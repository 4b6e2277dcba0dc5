"""Paints a page of rows: order, dimming, gutter and playhead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette

from scrubber.core.events import Kind, Role, Visibility
from scrubber.ui.note_marks import WIDTH, paint_sign
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.marks import paint_icon
from scrubber.ui.transcript.paint_piece import paint_piece
from scrubber.ui.transcript.paint_text import Brush
from scrubber.ui.transcript.pieces import TextPiece
from scrubber.ui.transcript.style import PLAYHEAD, UNIT, Style, tint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.ui.note_marks import NoteMark
    from scrubber.ui.transcript.images import ImageStore
    from scrubber.ui.transcript.layout import Page, Placed
    from scrubber.ui.transcript.selection import Selection

DIMMED = 0.5
"""Opacity of what lies behind the playhead."""

FORK_BUTTON = 20
"""Width and height of the fork button in the gutter, in logical pixels."""

_RAIL = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks like besides its rows."""

    style: Style
    palette: QPalette
    images: ImageStore
    count: int
    """Events of the session."""
    playhead: int
    selection: Selection | None
    needle: str
    hovered: int | None
    """Row under the mouse."""
    pointed: tuple[int, int] | None
    """Row and piece under the mouse that can be clicked."""
    fork_hot: bool
    """Whether the mouse is on the fork button."""
    flash: tuple[int, float] | None
    """Row that lights up, and how much, 0…1."""
    below: float = 0.0
    """Height of what stands below the last row; a playhead at the end stands below that."""
    notes: Mapping[int, NoteMark] = field(default_factory=dict)
    """What is written on events."""


def paint_page(painter: QPainter, page: Page, look: Look, clip: QRectF) -> None:
    """Paint what of the page lies in the clip."""
    painter.fillRect(clip, look.style.theme.background)
    for placed in page.rows:
        if placed.bottom >= clip.top() and placed.top <= clip.bottom() and placed.height > 0:
            _paint_placed(painter, placed, look, clip)
    top = page.top_of(look.playhead, look.count)
    if top is not None and look.count:
        below = look.below if look.playhead == look.count else 0.0
        paint_playhead(painter, top + below, look)


def row_top(placed: Placed, playhead: int) -> float:
    """Where the row itself begins, under the playhead if that stands in front of it."""
    return placed.top + (PLAYHEAD if placed.index == playhead else 0)


def fork_rect(placed: Placed, playhead: int, style: Style) -> QRectF:
    """The fork button of a row."""
    row = placed.row
    first = row.gap + _first_top(placed) if row is not None else 0.0
    top = row_top(placed, playhead) + first + (style.line - FORK_BUTTON) / 2
    return QRectF(max(0.0, style.gutter - UNIT / 2), top, FORK_BUTTON, FORK_BUTTON)


def _first_top(placed: Placed) -> float:
    pieces = placed.row.pieces if placed.row else []
    return pieces[0].top - placed.row.gap if pieces and placed.row else 0.0


def _paint_placed(painter: QPainter, placed: Placed, look: Look, clip: QRectF) -> None:
    hidden = placed.row is not None and placed.row.event.visibility is Visibility.HIDDEN
    behind = placed.index >= look.playhead
    painter.setOpacity(DIMMED if behind or hidden else 1.0)
    top = row_top(placed, look.playhead)
    if placed.row is None:
        _paint_placeholder(painter, top, placed.bottom, look.style)
    else:
        _paint_row(painter, placed, top, look, clip)
    painter.setOpacity(1.0)
    if placed.index == look.hovered and placed.row is not None:
        _paint_fork(painter, placed, look)


def _paint_row(painter: QPainter, placed: Placed, top: float, look: Look, clip: QRectF) -> None:
    row = placed.row
    assert row is not None
    style = look.style
    _paint_flash(painter, placed, top + row.gap, look)
    _paint_rail(painter, placed, top + row.gap, style)
    number_top = top + (row.pieces[0].top if row.pieces else row.gap)
    if row.pieces and isinstance(row.pieces[0], TextPiece):
        number_top -= 2.0 - row.pieces[0].pad
    _paint_number(painter, placed.index, number_top, look)
    for number, piece in enumerate(row.pieces):
        y = top + piece.top
        if y <= clip.bottom() and y + piece.height >= clip.top():
            brush = Brush(
                style,
                look.palette,
                clip,
                look.needle,
                look.images,
                look.pointed == (placed.index, number),
                look.selection,
                (placed.index, number),
            )
            paint_piece(painter, piece, y, brush)


def _paint_flash(painter: QPainter, placed: Placed, top: float, look: Look) -> None:
    if look.flash is not None and look.flash[0] == placed.index:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(look.style.theme.accent, 0.16 * look.flash[1]))
        left, right = look.style.icons - UNIT, look.style.right + UNIT
        area = QRectF(left, top - UNIT / 2, right - left, placed.bottom - top + UNIT)
        painter.drawRoundedRect(area, 6, 6)


def _paint_rail(painter: QPainter, placed: Placed, top: float, style: Style) -> None:
    """A bar along what the person said, and along errors (which also have an icon and a word)."""
    row = placed.row
    assert row is not None
    event = row.event
    mine = event.role is Role.USER and event.kind in (Kind.MESSAGE, Kind.COMMAND)
    failed = event.is_error or event.kind is Kind.ERROR
    if mine or failed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(labels.colour(event, style.theme))
        x = style.icons - 1.25 * UNIT
        painter.drawRoundedRect(QRectF(x, top + 2, _RAIL, placed.bottom - top - UNIT / 2), 1.5, 1.5)


def _paint_number(painter: QPainter, index: int, top: float, look: Look) -> None:
    style = look.style
    painter.setFont(style.small)
    painter.setPen(tint(style.theme.muted, 0.95 if index == look.hovered else 0.55))
    area = QRectF(0, top, style.icons - 2 * UNIT, style.line)
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, align, f"{index + 1:,}")
    if index in look.notes:
        _paint_notes(painter, look.notes[index], area, index)


def _paint_notes(painter: QPainter, mark: NoteMark, area: QRectF, index: int) -> None:
    """Signs in front of an event's number, the first nearest to it."""
    width = painter.fontMetrics().horizontalAdvance(f"{index + 1:,}")
    x, top = area.right() - width - 4, area.center().y() - 4.5
    for kind, colour in mark.signs():
        x -= WIDTH
        if x < 0:
            return
        paint_sign(painter, kind, colour, x, top)


def _paint_fork(painter: QPainter, placed: Placed, look: Look) -> None:
    area = fork_rect(placed, look.playhead, look.style)
    if look.fork_hot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(look.style.theme.accent, 0.16))
        painter.drawRoundedRect(area, 5, 5)
    colour = look.style.theme.accent if look.fork_hot else look.style.theme.muted
    paint_icon(painter, "fork", colour, area.center(), 14, look.style.ratio)


def _paint_placeholder(painter: QPainter, top: float, bottom: float, style: Style) -> None:
    """Quiet bars where words will be."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(style.theme.line, 0.55))
    y = top + UNIT
    for share in (0.22, 0.86, 0.64):
        if y + 10 > bottom - UNIT / 2:
            break
        painter.drawRoundedRect(QRectF(style.left, y, style.width * share, 8), 4, 4)
        y += style.line


def paint_playhead(painter: QPainter, top: float, look: Look) -> None:
    """The line between what was and what comes after, with words on it."""
    style, accent = look.style, look.style.theme.accent
    words = f"playhead · {look.playhead:,} of {look.count:,}"
    y = round(top + PLAYHEAD / 2)
    font = style.small
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(words) + 2 * UNIT
    pill = QRectF(style.left, y - metrics.height() / 2 - 2, width, metrics.height() + 4)
    left = style.gutter + UNIT
    painter.fillRect(QRectF(left, y - 1, style.right - left, 2), accent)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.drawEllipse(QPointF(left, y), 4, 4)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff") if accent.lightness() < 150 else QColor("#17191d"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
