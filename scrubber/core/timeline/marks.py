"""Forks, sub-agent spans and single events on the pixels of a view: what is drawn, what is hit.

The cost follows the pixels: what falls on one place is skipped by bisection, not visited.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.timeline.prepare import LANES, PreparedTrack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.timeline.axis import Axis
    from scrubber.core.timeline.view import View
    from scrubber.core.track import AgentSpan, ForkMark, Lane

NARROWEST = 3.0
"""Pixels of a bar, however short its span."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Forks so near to each other that they share one mark."""

    x: float
    forks: tuple[ForkMark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A sub-agent's span on the screen, in one of the lane's rows."""

    left: float
    right: float
    row: int
    span: AgentSpan


def clusters(forks: Sequence[ForkMark], axis: Axis, view: View, reach: float) -> list[Cluster]:
    """The fork marks of a view, from left to right; ``forks`` are sorted by their index."""
    found: list[Cluster] = []
    i = bisect_left(forks, axis.nearest_cut(view.position(-reach)), key=_fork_index)
    while i < len(forks):
        x = view.x(axis.position(forks[i].index))
        if x > view.width + reach:
            break
        last = axis.nearest_cut(view.position(x + reach))
        stop = max(bisect_right(forks, last, lo=i, key=_fork_index), i + 1)
        found.append(Cluster(x, tuple(forks[i:stop])))
        i = stop
    return found


def _fork_index(fork: ForkMark) -> int:
    return fork.index


def bars(prepared: PreparedTrack, axis: Axis, view: View, rows: int) -> list[Bar]:
    """The spans of a view, overlapping ones in different rows while there are any.

    Where several are narrower than a pixel, only the first of each NARROWEST pixels is kept.
    """
    found: list[Bar] = []
    ends = [float("-inf")] * max(rows, 1)
    spans, per_unit = prepared.spans, view.scale
    i = bisect_right(prepared.span_reach, axis.event_at(view.first))
    while i < len(spans):
        span = spans[i]
        left, right = view.x(axis.position(span.start)), view.x(axis.position(span.stop))
        if left > view.width:
            break
        if right >= 0:
            row = next((n for n, end in enumerate(ends) if end <= left), len(ends) - 1)
            ends[row] = max(ends[row], right)
            found.append(Bar(left, max(right, left + NARROWEST), row, span))
        i += 1
        if right - left <= 1:
            beside = axis.nearest_cut(view.first + (max(left, 0.0) + NARROWEST) / per_unit)
            i = max(bisect_left(prepared.span_starts, beside), i)
    return found


def bar_at(bars: Sequence[Bar], row: int, x: float) -> Bar | None:
    """The bar under a pixel: of this row, else of any."""
    under = [bar for bar in bars if bar.left - 1 <= x <= bar.right + 1]
    return next((bar for bar in under if bar.row == row), under[0] if under else None)


def marked(column: bytes, value: int, edges: Sequence[int]) -> list[int]:
    """The columns in which a byte occurs; visits only these."""
    found = []
    at = column.find(value, edges[0], edges[-1])
    while at >= 0:
        j = bisect_right(edges, at) - 1
        found.append(j)
        at = column.find(value, edges[j + 1], edges[-1])
    return found


def event_under(
    prepared: PreparedTrack, axis: Axis, view: View, x: float, lane: Lane | None, reach: float = 4
) -> int | None:
    """The event that a pointer means: near by, an error first, then one of the lane pointed at."""
    if not len(prepared):
        return None
    nearest = axis.event_at(view.position(x))
    first, stop = axis.edges([view.position(x - reach), view.position(x + reach)])
    if stop <= first:
        return nearest
    wanted = [] if lane is None else [(prepared.errors, lane + 1)]
    wanted += [(prepared.ticks, tick) for tick in prepared.sums if LANES[tick] is lane]
    hits = (column.find(value, first, stop) for column, value in wanted)
    return next((hit for hit in hits if hit >= 0), min(max(nearest, first), stop - 1))
