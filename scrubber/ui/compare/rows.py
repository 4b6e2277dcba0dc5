"""Paints the rows and folds of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt

from scrubber.core.ages import count
from scrubber.core.visible import visible
from scrubber.ui.compare.brush import LETTERS, CellBrush, paint_frame, paint_sign
from scrubber.ui.compare.places import GUTTER
from scrubber.ui.timeline.scene import faded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPainter

    from scrubber.core.compare.alignment import Row
    from scrubber.core.compare.outline import Run
    from scrubber.models.comparison import Cells


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is painted."""

    row: Row
    cells: Cells | None
    """None while they are being read."""
    columns: Sequence[tuple[int, int]]
    """(left, width) of each column."""
    current: int
    """The column of the current cell, -1 if it is in another row."""


def paint_row(
    painter: QPainter, brush: CellBrush, area: QRect, line: Line, frame: QColor | None
) -> None:
    """The sign of the row and its cells; a frame around the current one."""
    row, look = line.row, brush.look
    if line.current >= 0:
        painter.fillRect(area, look.surface)
    if row.differs:
        place = QRect(0, area.top(), GUTTER, brush.line + 6)
        paint_sign(painter, place, "≠" if row.is_whole else "+", look.warning, brush.font)
    for column, (left, width) in enumerate(line.columns):
        place = QRect(left, area.top(), width, area.height())
        _paint_cell(painter, brush, place, line, column)
        if column == line.current and frame is not None:
            paint_frame(painter, place, frame)
    painter.fillRect(area.left(), area.bottom(), area.width(), 1, faded(look.line, 0.6))


def _paint_cell(painter: QPainter, brush: CellBrush, area: QRect, line: Line, column: int) -> None:
    row, cells = line.row, line.cells
    painter.save()
    painter.setClipRect(area)
    if row.places[column] is None:
        brush.paint_missing(painter, area)
    elif cells is None:
        brush.paint_waiting(painter, area)
    elif (cell := cells[column]) is not None and row.differs:
        brush.paint_differing(painter, area, cell, _agreeing(row, column))
    elif cell is not None:
        brush.paint_alike(painter, area, cell)
    painter.restore()


def paint_fold(
    painter: QPainter, brush: CellBrush, area: QRect, run: Run, frame: QColor | None
) -> None:
    """One line for many rows; it can be opened."""
    painter.fillRect(area, brush.look.surface)
    where = "in common" if run.rows[0] == 0 else "alike"
    painter.setFont(brush.small)
    painter.setPen(brush.look.muted)
    words = f"▸  {count(len(run.rows), 'event')} {where}"
    painter.drawText(area.adjusted(GUTTER + 6, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, words)
    painter.fillRect(area.left(), area.bottom(), area.width(), 1, faded(brush.look.line, 0.6))
    if frame is not None:
        paint_frame(painter, area, frame)


def _agreeing(row: Row, column: int) -> str:
    """The letter of the first other column that has the same here, empty if none has."""
    if len(row.variants) < 3:
        return ""
    here = row.variants[column]
    same = (n for n, variant in enumerate(row.variants) if variant == here and n != column)
    other = next(same, None)
    return "" if other is None else LETTERS[other]


def described(row: Row, cells: Cells | None, column: int) -> str:
    """A cell in words, for those who do not see it."""
    cell = cells[column] if cells is not None else None
    words = visible(cell.event.text) if cell is not None else "nothing here"
    return f"{row.state}, column {LETTERS[column]}: {words}"
