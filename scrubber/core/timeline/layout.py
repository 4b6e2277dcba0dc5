"""Which row of the timeline stands where: heights shared out in whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.track import Lane

MINIMAP, MARKS, AXIS = 18, 15, 20
"""Heights of the fixed rows."""
TALLEST_LANE = 30
"""Taller ones look like blocks, not like ticks; the rest goes to the curve."""


@dataclass(frozen=True, slots=True)
class Row:
    """A horizontal band."""

    top: int
    height: int

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.top + self.height

    def holds(self, y: float) -> bool:
        """Whether a pixel lies in it."""
        return self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows from top to bottom; a row of height 0 is absent."""

    minimap: Row
    marks: Row
    lanes: tuple[tuple[Lane, Row], ...]
    curve: Row
    axis: Row

    @property
    def lanes_top(self) -> int:
        """Where the first lane begins."""
        return self.marks.bottom

    def lane(self, lane: Lane) -> Row | None:
        """The row of a lane, None where it is absent."""
        return next((row for which, row in self.lanes if which is lane), None)

    def lane_at(self, y: float) -> Lane | None:
        """The lane under a pixel."""
        return next((lane for lane, row in self.lanes if row.holds(y)), None)


def share_out(height: int, lanes: Sequence[Lane], minimap: bool, curve: bool) -> Rows:
    """Stack the rows in a widget of this height; the lanes take what the fixed rows leave."""
    top = Row(0, MINIMAP if minimap else 0)
    marks = Row(top.bottom, MARKS)
    free = max(height - marks.bottom - AXIS, 0)
    curve_height = min(max(free // 4, 18), 64) if curve and free > 60 else 0
    each = min((free - curve_height) // max(len(lanes), 1), TALLEST_LANE)
    stack, y = [], marks.bottom
    for lane in lanes:
        stack.append((lane, Row(y, each)))
        y += each
    axis = Row(max(height - AXIS, y), AXIS)
    return Rows(top, marks, tuple(stack), Row(y, axis.top - y if curve_height else 0), axis)
