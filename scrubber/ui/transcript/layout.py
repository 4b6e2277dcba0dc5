"""Where rows stand: from an anchor outwards, so that what is read never moves by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scrubber.ui.transcript.rows import Row

_MOST_ROWS = 3_000
"""Rows without height (hidden events) that are passed over in one go."""

Measure = Callable[[int], tuple[float, Row | None]]
"""Height in logical pixels of the row at an index, and the row itself if it is laid out."""

Beyond = Callable[[int, int], int]
"""The next index in a direction, 1 or -1, whose row may have a height: passes over what a filter
leaves out. At the ends: the session's length, or 0 and then -1."""


def neighbour(index: int, by: int) -> int:
    """The next index, where nothing is left out."""
    return index + by


@dataclass(frozen=True, slots=True)
class Anchor:
    """The top of a row, at ``y`` logical pixels below the top of the page.

    An index of the session's length stands for the end of the last row.
    """

    index: int
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A row at its place on the page."""

    index: int
    top: float
    height: float
    row: Row | None

    @property
    def bottom(self) -> float:
        """Where the next row begins."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Page:
    """The rows that are in sight, from top to bottom, and the anchor that holds them."""

    rows: tuple[Placed, ...]
    anchor: Anchor
    end: float | None
    """Where the last row of the session ends, None if that is not in sight."""

    def at(self, y: float) -> Placed | None:
        """The row at a height."""
        return next((row for row in self.rows if row.top <= y < row.bottom), None)

    def find(self, index: int) -> Placed | None:
        """The row of an event, if it is in sight."""
        return next((row for row in self.rows if row.index == index), None)

    def top_of(self, index: int, count: int) -> float | None:
        """Where the row of an event begins; the end of the session counts as a row."""
        placed = self.find(index)
        return placed.top if placed else self.end if index == count else None


def place(
    anchor: Anchor,
    count: int,
    height: float,
    margins: tuple[float, float],
    measure: Measure,
    beyond: Beyond = neighbour,
) -> Page:
    """Fill a page, with free space only before the first and behind the last event."""
    page = _fill(anchor, count, height, measure, beyond)
    for _ in range(3):
        shift = _correction(page, count, height, margins)
        if not shift:
            break
        held = page.anchor
        page = _fill(Anchor(held.index, held.y + shift), count, height, measure, beyond)
    in_sight = [row for row in page.rows if row.bottom >= 0 and row.top < height]
    return Page(tuple(in_sight), page.anchor, page.end)


def _fill(anchor: Anchor, count: int, height: float, measure: Measure, beyond: Beyond) -> Page:
    index = min(max(anchor.index, 0), count)
    below: list[Placed] = []
    y, at = anchor.y, index
    while at < count and y < height and len(below) < _MOST_ROWS:
        size, row = measure(at)
        below.append(Placed(at, y, size, row))
        y, at = y + size, beyond(at, 1)
    end = y if at == count else None
    above: list[Placed] = []
    y, at = anchor.y, beyond(index, -1)
    while at >= 0 and y > 0 and len(above) < _MOST_ROWS:
        size, row = measure(at)
        y -= size
        above.append(Placed(at, y, size, row))
        at = beyond(at, -1)
    return Page((*reversed(above), *below), Anchor(index, anchor.y), end)


def _correction(page: Page, count: int, height: float, margins: tuple[float, float]) -> float:
    """How far the page must move so that no free space is wasted."""
    start = page.rows[0].top if page.rows and page.rows[0].index == 0 else None
    top, bottom = margins
    shift = 0.0
    if page.end is not None and page.end + bottom < height:
        shift = height - bottom - page.end
    if start is not None and start + shift > top:
        shift = top - start
    elif not page.rows and count == 0:
        shift = 0.0
    return shift if abs(shift) > 0.5 else 0.0


def held(page: Page, height: float) -> Anchor:
    """The anchor to go on with: as before while it is in sight, else the first row that is read."""
    known = [row for row in page.rows if row.row is not None and 0 <= row.top < height]
    now = page.find(page.anchor.index)
    if now is None and page.anchor.index and page.end is not None and page.end < height:
        return page.anchor
    if now is not None and 0 <= now.top < height and (now.row is not None or not known):
        return page.anchor
    covering = [row for row in page.rows if row.top <= 0 < row.bottom]
    best = (known or covering or list(page.rows))[:1]
    return Anchor(best[0].index, best[0].top) if best else page.anchor


def position_at(page: Page, y: float, count: int) -> float:
    """The place in the session, in events, that stands at a height of the page."""
    for row in page.rows:
        if y < row.bottom and row.height > 0:
            return row.index + min(1.0, max(0.0, (y - row.top) / row.height))
    return (
        float(count) if page.end is not None else float(page.rows[-1].index + 1 if page.rows else 0)
    )


def fraction_of(page: Page, count: int, height: float) -> float:
    """Where a page stands in the session, 0…1, independent of heights that are not known.

    At fraction t the place t·count of the session stands at t·height of the page; so both ends
    are met exactly and nothing has to be summed up.
    """
    low, high = 0.0, 1.0
    for _ in range(24):
        t = (low + high) / 2
        if position_at(page, t * height, count) > t * count:
            low = t
        else:
            high = t
    return (low + high) / 2


def anchor_for(fraction: float, count: int, height: float, measure: Measure) -> Anchor:
    """The inverse of :func:`fraction_of`."""
    position = fraction * count
    index = min(int(position), count)
    if index >= count:
        return Anchor(count, height * fraction)
    return Anchor(index, height * fraction - (position - index) * measure(index)[0])
