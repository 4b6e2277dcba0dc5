"""The time axis: monotone time, with long idle gaps folded to a narrow break.

Real transcripts lack times, repeat them and run backwards thousands of times. The axis follows
the running maximum: an event never stands left of the one before it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING

from scrubber.core.timeline.axis import SumAxis
from scrubber.core.timeline.view import Mode

if TYPE_CHECKING:
    from collections.abc import Generator

LONG = 120_000
"""Milliseconds; no shorter gap is ever folded."""
SHARE = 50
"""A gap is folded if it is longer than this fraction of the time in which something happened."""
CHUNK = 4096
"""Events worked on between two yields: about a third of a millisecond."""


@dataclass(frozen=True, slots=True)
class Break:
    """A folded gap on the axis."""

    start: float
    stop: float
    """Positions."""
    gap: int
    """Milliseconds that really passed."""


class TimeAxis(SumAxis):
    """Positions are milliseconds of time with the breaks folded; knows the clock at each."""

    def __init__(self, widths: array[int], origin: int, gaps: list[tuple[int, int]]) -> None:
        super().__init__(widths, Mode.TIME)
        self.minimum = min(self.length, 200.0)
        self.breaks = [
            Break(self.position(i), self.position(i) + widths[i], gap) for i, gap in gaps
        ]
        hidden = accumulate((b.gap - (b.stop - b.start) for b in self.breaks), initial=0.0)
        self._offsets = [origin + shift for shift in hidden]
        self._begins = [b.start for b in self.breaks]
        self._stops = [b.stop for b in self.breaks]

    def clock(self, position: float) -> float:
        """Milliseconds since 1970 at a position; within a break, counted from its beginning."""
        return self._offsets[bisect_right(self._stops, position)] + position

    def breaks_between(self, first: float, stop: float) -> list[Break]:
        """The breaks that touch a stretch of positions."""
        return self.breaks[bisect_right(self._stops, first) : bisect_right(self._begins, stop)]

    def segments(self, first: float, stop: float) -> list[tuple[float, float]]:
        """The stretches of positions without breaks in which time runs as it did."""
        cuts = [first]
        for fold in self.breaks_between(first, stop):
            cuts += [fold.start, fold.stop]
        cuts.append(stop)
        return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if b > a]


def build_time_axis(times: array[int]) -> Generator[None, None, TimeAxis | None]:
    """The axis of a column of times, in steps that a caller may spread; None without any time."""
    column = times.tobytes()
    blank = (len(column) - len(column.lstrip(b"\0"))) // times.itemsize
    if not times or blank >= len(times):
        return None
    origin = last = times[blank]
    widths: array[int] = array("I")
    long: list[tuple[int, int]] = []
    active = 0
    for start in range(0, len(times), CHUNK):
        gaps, last = _gaps(times[start : start + CHUNK].tolist(), last)
        if max(gaps) > LONG:
            folds = [(i, gap) for i, gap in enumerate(gaps) if gap > LONG]
            long += [(start + i - 1, gap) for i, gap in folds]
            for i, _ in folds:
                gaps[i] = LONG
        active += sum(gaps)
        widths.extend(gaps)
        yield
    del widths[0]  # a gap belongs to the event in front of it
    return _fold(widths, origin, long, active) if active else None


def _gaps(times: list[int], last: int) -> tuple[list[int], int]:
    """How long after the one before each event came, by the running maximum; and that maximum."""
    reached = list(accumulate(times, max, initial=last))
    return list(map(sub, reached[1:], reached)), reached[-1]


def _fold(widths: array[int], origin: int, long: list[tuple[int, int]], active: int) -> TimeAxis:
    """Give each long gap its width: as it was, or folded."""
    threshold = max(LONG, active // SHARE)
    folded = [(i, gap) for i, gap in long if gap > threshold]
    narrow = max(min(threshold, active // (3 * len(folded) + 1)), 1)
    for i, gap in long:
        widths[i] = narrow if gap > threshold else gap
    widths.append(max(active // 400, 1))  # room for the last event in front of the end
    return TimeAxis(widths, origin, folded)
