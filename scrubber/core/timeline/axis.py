"""Where the events of a session lie on the timeline's axis.

The cut *e* (0…N) lies in front of event *e*; event *i* fills the cell from cut *i* to cut *i + 1*.
An axis is a column of cell widths with a running total each 64 events, so that a place in a
million events costs one bisection and one small sum, and no second column of that length.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from scrubber.core.timeline.view import Mode, View

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 64
"""Events between two running totals."""
EXACT = 32
"""Up to so many events a column, edges are exact; above, within a pixel or two."""


class Axis:
    """The index axis: every cell is one unit wide. The other axes derive from it."""

    mode = Mode.INDEX

    def __init__(self, count: int) -> None:
        self.count = count
        self.length = float(max(count, 1))
        """Units of the whole axis."""
        self.minimum = min(8.0, self.length)
        """The smallest span that is worth showing."""

    def view(self, width: float) -> View:
        """All of it, on so many pixels."""
        return View(self.length, width, minimum=self.minimum)

    def position(self, cut: int) -> float:
        """Where a cut lies; a cut outside 0…N is clipped."""
        return float(min(max(cut, 0), self.count))

    def positions(self, first: int, stop: int) -> list[float]:
        """Where the cuts ``first``…``stop`` lie, both included."""
        return [float(cut) for cut in range(first, stop + 1)]

    def nearest_cut(self, position: float) -> int:
        """The cut nearest to a position."""
        return min(max(int(position + 0.5), 0), self.count)

    def event_at(self, position: float) -> int:
        """The event in whose cell a position lies, clipped to the first and the last."""
        return min(max(int(position), 0), max(self.count - 1, 0))

    def edges(self, positions: Sequence[float]) -> list[int]:
        """For ascending positions: how many events begin before each."""
        found = [-int(-p // 1) for p in positions]
        if found and (found[0] < 0 or found[-1] > self.count):
            return [min(max(edge, 0), self.count) for edge in found]
        return found

    def column_edges(self, view: View, columns: int) -> list[int]:
        """The events of the view's columns: column j holds events edge j up to edge j + 1."""
        step = view.span / columns
        edges = self.edges([view.first + j * step for j in range(columns + 1)])
        if view.stop >= self.length:
            edges[-1] = self.count
        return edges


class SumAxis(Axis):
    """An axis whose cells have the widths of a column of whole numbers."""

    def __init__(self, widths: array[int], mode: Mode) -> None:
        super().__init__(len(widths))
        self.mode = mode
        self._widths = widths
        sums = (sum(widths[i : i + BLOCK]) for i in range(0, len(widths), BLOCK))
        self._starts = array("q", accumulate(sums, initial=0))
        self.length = float(max(self._starts[-1], 1))
        self.minimum = min(self.length, max(16.0, self.length / max(self.count, 1)))

    def position(self, cut: int) -> float:
        cut = min(max(cut, 0), self.count)
        block = cut // BLOCK
        return float(self._starts[block] + sum(self._widths[block * BLOCK : cut]))

    def positions(self, first: int, stop: int) -> list[float]:
        return list(accumulate(self._widths[first:stop], initial=self.position(first)))

    def nearest_cut(self, position: float) -> int:
        cut = self._begun(position)
        before, after = self.position(cut - 1), self.position(cut)
        return cut if after - position <= position - before else cut - 1

    def event_at(self, position: float) -> int:
        block = min(bisect_right(self._starts, position) - 1, len(self._starts) - 2)
        first = max(block, 0) * BLOCK
        cuts = self.positions(first, min(first + BLOCK, self.count))
        return min(max(first + bisect_right(cuts, position) - 1, 0), max(self.count - 1, 0))

    def edges(self, positions: Sequence[float]) -> list[int]:
        if not self.count or not positions:
            return [0] * len(positions)
        first = max(bisect_left(self._starts, positions[0]) - 1, 0) * BLOCK
        stop = min(bisect_left(self._starts, positions[-1]) * BLOCK, self.count)
        if stop - first > max(EXACT * len(positions), 4 * BLOCK):
            return [self._begun_about(p) for p in positions]
        cuts = self.positions(first, max(stop, first))
        top = self.count
        return [min(first + bisect_left(cuts, p), top) for p in positions]

    def _begun(self, position: float) -> int:
        """How many events begin before a position."""
        block = max(bisect_left(self._starts, position) - 1, 0)
        first = min(block * BLOCK, self.count)
        cuts = self.positions(first, min(first + BLOCK, self.count))
        return min(first + bisect_left(cuts, position), self.count)

    def _begun_about(self, position: float) -> int:
        """The same, interpolated within a block."""
        starts = self._starts
        block = max(bisect_left(starts, position) - 1, 0)
        if block >= len(starts) - 1:
            return self.count
        share = (position - starts[block]) / max(starts[block + 1] - starts[block], 1)
        return min(block * BLOCK + int(BLOCK * min(max(share, 0.0), 1.0)), self.count)
