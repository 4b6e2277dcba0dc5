"""Where on the page items and columns lie, in logical pixels."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.compare.outline import Outline, Run

GUTTER = 30
"""In front of the first column: the sign of a row."""
NARROWEST = 190
"""Of a column; where they do not all fit, they scroll sideways, together."""
LINES = 3
"""Of a cell that differs, below its heading."""
PAD = 6


@dataclass(frozen=True, slots=True)
class Heights:
    """Of each kind of item."""

    fold: int
    alike: int
    differs: int

    @classmethod
    def of(cls, line: int) -> Heights:
        """For text of this height."""
        return cls(line + 2 * PAD, line + PAD, (LINES + 1) * line + 2 * PAD + 2)

    def item(self, run: Run) -> int:
        """Of the items of a run."""
        return self.fold if run.folded else self.differs if run.differs else self.alike


class Places:
    """The tops of all items: a bisection each, however many there are."""

    def __init__(self, outline: Outline, heights: Heights) -> None:
        self._outline, self._heights = outline, heights
        tops = (run.items * heights.item(run) for run in outline.runs)
        self._tops = [0, *accumulate(tops)]

    @property
    def height(self) -> int:
        """Of all of it."""
        return self._tops[-1]

    def top(self, item: int) -> int:
        """Where an item begins."""
        run, inside = self._outline.run_of(item)
        return self._tops[self._outline.number_of(item)] + inside * self._heights.item(run)

    def height_of(self, item: int) -> int:
        """How tall an item is."""
        run, _ = self._outline.run_of(item)
        return self._heights.item(run)

    def item_at(self, y: float) -> int | None:
        """The item at a place; None above and below all."""
        if not 0 <= y < self.height:
            return None
        number = bisect_right(self._tops, y) - 1
        run = self._outline.runs[number]
        inside = int(y - self._tops[number]) // self._heights.item(run)
        return self._outline.first_item(number) + inside


def column_width(count: int, width: int) -> int:
    """Of each column of a page of this width."""
    return max((width - GUTTER) // max(count, 1), NARROWEST)
