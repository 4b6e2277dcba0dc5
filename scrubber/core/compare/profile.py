"""Aligns any number of branches by adding one after the other to rows that grow."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from scrubber.core.compare.keys import Side
from scrubber.core.compare.matching import match

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.compare.matching import Check, Pair

MISSING = -1
"""In the place of an event: the branch has none in this row."""


def aligned(sides: Sequence[Side], nearest: Sequence[int], check: Check) -> list[array[int]]:
    """Per branch, a column: which of its events stands in each row, or MISSING.

    Each event stands in just one row, in order, and no row is empty. ``nearest`` names for each
    branch the one before it that it has most in common with: it is compared with that one's
    event where a row has one.
    """
    columns = [array("l", range(len(sides[0])))]
    for number in range(1, len(sides)):
        rows = _as_side(sides, columns, nearest[number])
        pairs = match(rows, sides[number], check)
        columns = _merged(columns, len(rows), len(sides[number]), pairs)
    return columns


def _as_side(sides: Sequence[Side], columns: Sequence[array[int]], nearest: int) -> Side:
    """The rows as if they were a branch: of each row the event that is compared."""
    order = [nearest, *(n for n in range(len(columns)) if n != nearest)]
    made = Side()
    for row in range(len(columns[0])):
        which = next(n for n in order if columns[n][row] != MISSING)
        made.add(sides[which], columns[which][row])
    return made


def _merged(
    columns: Sequence[array[int]], rows: int, events: int, pairs: list[Pair]
) -> list[array[int]]:
    """The columns with one more; what is only on one side comes in rows of its own."""
    order = list(_order(rows, events, pairs))
    made = [
        array("l", (column[r] if r != MISSING else MISSING for r, _ in order)) for column in columns
    ]
    return [*made, array("l", (event for _, event in order))]


def _order(rows: int, events: int, pairs: list[Pair]) -> Iterator[Pair]:
    """(former row, event) of each new row; MISSING for the one that it lacks."""
    row = event = 0
    for at, to in [*pairs, (rows, events)]:
        yield from ((r, MISSING) for r in range(row, at))
        yield from ((MISSING, e) for e in range(event, to))
        if at < rows:
            yield at, to
        row, event = at + 1, to + 1
