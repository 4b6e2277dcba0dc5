"""What the mouse points at on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QTextCursor

from scrubber.ui.transcript.marks import badge_boxes
from scrubber.ui.transcript.painter import fork_rect, row_top
from scrubber.ui.transcript.pieces import Action, Divider, Line, Picture, Piece, TextPiece
from scrubber.ui.transcript.selection import Place
from scrubber.ui.transcript.style import UNIT

if TYPE_CHECKING:
    from scrubber.ui.transcript.layout import Placed
    from scrubber.ui.transcript.pager import Pager


@dataclass(frozen=True, slots=True)
class Target:
    """A place on the page: the row, what of it, and what a click there does."""

    placed: Placed
    number: int = -1
    """Number of the piece in its row, -1 for none."""
    piece: Piece | None = None
    action: Action = Action.NONE
    on_text: bool = False
    in_gutter: bool = False
    on_fork: bool = False

    @property
    def index(self) -> int:
        """The event."""
        return self.placed.index


def target_at(pager: Pager, at: QPointF) -> Target | None:
    """What is at a point of the page."""
    placed = pager.page.at(at.y())
    if placed is None:
        return None
    style = pager.style
    if fork_rect(placed, pager.playhead, style).contains(at) and placed.row is not None:
        return Target(placed, on_fork=True)
    if at.x() < style.icons - UNIT / 2:
        return Target(placed, in_gutter=True)
    top = row_top(placed, pager.playhead)
    for number, piece in enumerate(placed.row.pieces if placed.row else []):
        if _area(piece, top, pager).contains(at):
            on_text = isinstance(piece, TextPiece)
            return Target(placed, number, piece, piece.action, on_text)
    return Target(placed)


def _area(piece: Piece, top: float, pager: Pager) -> QRectF:
    style = pager.style
    left = style.icons if isinstance(piece, Line | Divider) else style.left
    width = piece.size.width() if isinstance(piece, Picture) else style.right - left
    return QRectF(left, top + piece.top, width, piece.height)


def place_at(pager: Pager, at: QPointF) -> Place | None:
    """The place in the text that is nearest to a point."""
    placed = pager.page.at(at.y())
    if placed is None or placed.row is None:
        return _outside(pager, at)
    texts = placed.row.texts()
    y = at.y() - row_top(placed, pager.playhead)
    if not texts:
        return Place(placed.index, 0, 0)
    best = min(texts, key=lambda item: _distance(item[1], y))
    number, piece = best
    point = QPointF(at.x() - piece.x(pager.style), y - piece.top - piece.pad)
    position = piece.document.documentLayout().hitTest(point, Qt.HitTestAccuracy.FuzzyHit)
    return Place(placed.index, number, max(0, position))


def _distance(piece: Piece, y: float) -> float:
    return max(piece.top - y, y - piece.top - piece.height, 0.0)


def _outside(pager: Pager, at: QPointF) -> Place | None:
    rows = [placed for placed in pager.page.rows if placed.row is not None]
    if not rows:
        return None
    if at.y() < rows[0].top:
        return Place(rows[0].index, 0, 0)
    after = [placed for placed in rows if placed.top > at.y()]
    return Place(after[0].index, 0, 0) if after else Place(rows[-1].index + 1, 0, 0)


def link_at(pager: Pager, target: Target, at: QPointF) -> str:
    """The address of the link under a point, ``""`` where there is none."""
    piece = target.piece
    if not isinstance(piece, TextPiece):
        return ""
    top = row_top(target.placed, pager.playhead) + piece.top + piece.pad
    point = QPointF(at.x() - piece.x(pager.style), at.y() - top)
    return piece.document.documentLayout().anchorAt(point)


def badge_at(pager: Pager, target: Target, at: QPointF) -> str:
    """The word of the badge under a point, ``""`` where there is none."""
    line, style = target.piece, pager.style
    if not isinstance(line, Line) or not line.badges:
        return ""
    top = row_top(target.placed, pager.playhead) + line.top
    widths = (QFontMetricsF(run.font).horizontalAdvance(run.text) + UNIT for run in line.right)
    boxes = badge_boxes(line.badges, style.right - sum(widths), top, style)
    return next((word for box, word, _ in boxes if box.contains(at)), "")


def word_at(piece: TextPiece, position: int) -> tuple[int, int]:
    """First and last position of the word around a position."""
    cursor = QTextCursor(piece.document)
    cursor.setPosition(min(position, piece.document.characterCount() - 1))
    cursor.select(QTextCursor.SelectionType.WordUnderCursor)
    return cursor.selectionStart(), cursor.selectionEnd()
