"""What of a comparison is on the screen: rows that differ, a little around them, folds between.

An outline is a list of *runs*, each of one height: a fold (one line for many rows), rows that are
alike, rows that differ. So the place of any of a million rows is one bisection.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scrubber.core.compare.alignment import Alignment

CONTEXT = 2
"""Rows that are alike shown on either side of a difference."""
SHORTEST = 3
"""Rows that are worth a fold."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring items of one kind."""

    rows: Sequence[int]
    """Numbers of the alignment's rows, ascending."""
    differs: bool = False
    folded: bool = False

    @property
    def items(self) -> int:
        """Lines of the list that it takes."""
        return 1 if self.folded else len(self.rows)


class Outline:
    """The items of a list, each a row of the alignment or a fold."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(runs)
        self._firsts = [0, *accumulate(run.items for run in self.runs)]
        self._rows = [run.rows[0] for run in self.runs]

    def __len__(self) -> int:
        return self._firsts[-1]

    def number_of(self, item: int) -> int:
        """Which run an item is in."""
        if not 0 <= item < len(self):
            raise IndexError(f"item {item} is not among the {len(self)}")
        return bisect_right(self._firsts, item) - 1

    def run_of(self, item: int) -> tuple[Run, int]:
        """The run of an item, and the item's place in it."""
        number = self.number_of(item)
        return self.runs[number], item - self._firsts[number]

    def row(self, item: int) -> int | None:
        """The row of an item; None for a fold."""
        run, place = self.run_of(item)
        return None if run.folded else run.rows[place]

    def item_of(self, row: int) -> int:
        """The item that shows a row, or the nearest one in front of it (0 at the least)."""
        if not self.runs:
            return 0
        number = max(bisect_right(self._rows, row) - 1, 0)
        run = self.runs[number]
        inside = 0 if run.folded else max(bisect_right(run.rows, row) - 1, 0)
        return self._firsts[number] + inside

    def first_item(self, number: int) -> int:
        """The first item of the run with this number."""
        return self._firsts[number]


def outline(alignment: Alignment, opened: Collection[int], everything: bool) -> Outline:
    """The items of a comparison; ``opened`` are the first rows of folds that were opened.

    ``everything``: bookkeeping, too, which makes no difference.
    """
    runs: list[Run] = []
    stretches = _stretches(alignment, everything)
    for number, (rows, differs) in enumerate(stretches):
        if differs:
            runs.append(Run(rows, differs=True))
        else:
            before = CONTEXT if number else 0
            behind = CONTEXT if number < len(stretches) - 1 else 0
            runs += _folded(rows, before, behind, opened)
    return Outline(runs)


def _folded(
    rows: Sequence[int], before: int, behind: int, opened: Collection[int]
) -> Iterator[Run]:
    """A stretch that is alike: its middle as a fold, unless it is short or was opened."""
    stop = len(rows) - behind
    if stop - before < SHORTEST or rows[before] in opened:
        yield Run(rows)
        return
    if before:
        yield Run(rows[:before])
    yield Run(rows[before:stop], folded=True)
    if behind:
        yield Run(rows[stop:])


def _stretches(alignment: Alignment, everything: bool) -> list[tuple[Sequence[int], bool]]:
    """(rows, whether they differ) of each stretch, from the first row to the last."""
    middle, differing = alignment.middle(), set(alignment.differences)
    shown = (row for row in middle if everything or alignment.is_telling(row))
    parts = [(list(rows), differs) for differs, rows in groupby(shown, differing.__contains__)]
    first = parts.pop(0)[0] if parts and not parts[0][1] else []
    last = parts.pop()[0] if parts and not parts[-1][1] else []
    start, end = range(middle.start), range(middle.stop, len(alignment))
    ends = [Chain(start, first), Chain(last, end)] if parts else [Chain(start, first, end), Chain()]
    found = [(ends[0], False), *parts, (ends[1], False)]
    return [(rows, differs) for rows, differs in found if len(rows)]


class Chain(Sequence[int]):
    """Ascending numbers in parts, of which ranges are not written out."""

    def __init__(self, *parts: Sequence[int]) -> None:
        self._parts = [part for part in parts if len(part)]
        self._firsts = [0, *accumulate(map(len, self._parts))]

    def __len__(self) -> int:
        return self._firsts[-1]

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Chain: ...
    def __getitem__(self, at: int | slice) -> int | Chain:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            return Chain(
                *(
                    part[max(start - first, 0) : max(stop - first, 0)]
                    for first, part in zip(self._firsts, self._parts, strict=False)
                )
            )
        at = at + len(self) if at < 0 else at
        if not 0 <= at < len(self):
            raise IndexError(at)
        number = bisect_right(self._firsts, at) - 1
        return self._parts[number][at - self._firsts[number]]
