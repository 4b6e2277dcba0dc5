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
STRIP = 11
"""Height of a strip that shows a branch beside the session."""
_LEAST_LANE, _LEAST_CURVE = 15, 18
"""Lanes and curve make room for strips down to these heights."""


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
    strips: tuple[Row, ...] = ()
    """As many as there is room for."""
    more: Row = Row(0, 0)
    """Says how many strips there was no room for."""

    @property
    def lanes_top(self) -> int:
        """Where the first lane begins."""
        return self.marks.bottom

    @property
    def lanes_stop(self) -> int:
        """Where what is about the session itself ends: the strips begin, or the axis."""
        return self.strips[0].top if self.strips else self.more.top or self.axis.top

    def lane(self, lane: Lane) -> Row | None:
        """The row of a lane, None where it is absent."""
        return next((row for which, row in self.lanes if which is lane), None)

    def lane_at(self, y: float) -> Lane | None:
        """The lane under a pixel."""
        return next((lane for lane, row in self.lanes if row.holds(y)), None)


def share_out(
    height: int, lanes: Sequence[Lane], minimap: bool, curve: bool, strips: int = 0, more: int = 0
) -> Rows:
    """Stack the rows in a widget of this height; the lanes take what the fixed rows leave.

    ``strips`` are wanted above the axis, and a row if there are ``more``, or if not all fit.
    """
    top = Row(0, MINIMAP if minimap else 0)
    marks = Row(top.bottom, MARKS)
    free = max(height - marks.bottom - AXIS, 0)
    least = len(lanes) * _LEAST_LANE + _LEAST_CURVE * curve
    room = max((free - least) // STRIP, 0)
    shown = strips if strips + bool(more) <= room else max(room - 1, 0)
    number = shown + bool(room and (more or shown < strips))
    free -= number * STRIP
    curve_height = min(max(free // 4, _LEAST_CURVE), 64) if curve and free > 60 else 0
    each = min((free - curve_height) // max(len(lanes), 1), TALLEST_LANE)
    stack, y = [], marks.bottom
    for lane in lanes:
        stack.append((lane, Row(y, each)))
        y += each
    axis = Row(max(height - AXIS, y), AXIS)
    below = [Row(axis.top - (number - n) * STRIP, STRIP) for n in range(number)]
    bottom = below[0].top if below else axis.top
    rest = below[shown] if number > shown else Row(0, 0)
    curve_row = Row(y, bottom - y if curve_height else 0)
    return Rows(top, marks, tuple(stack), curve_row, axis, tuple(below[:shown]), rest)
