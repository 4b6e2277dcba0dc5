"""How many events of a sort lie in the columns of a view: from the bytes, or from their totals."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BLOCK = 256
"""Events between two running totals."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a view: column j holds the events from edge j up to edge j + 1."""

    edges: list[int]
    places: list[tuple[int, int]] | None
    """Each edge as (block, events into it); None where a column is too narrow for that."""

    @classmethod
    def of(cls, edges: list[int], count: int) -> Columns:
        """Columns of a session with so many events."""
        if any(b - a < BLOCK for a, b in pairwise(edges)):
            return cls(edges, None)
        places = [divmod(edge, BLOCK) for edge in edges]
        if edges[-1] == count:  # behind the last block, of which no part must be lost
            places[-1] = (-(-count // BLOCK), 0)
        return cls(edges, places)


def running(values: bytes, value: int) -> array[int]:
    """How often a value occurs in front of 0, BLOCK, 2 BLOCK, … and behind the end."""
    count = values.count
    parts = (count(value, i, i + BLOCK) for i in range(0, len(values) + BLOCK, BLOCK))
    return array("I", accumulate(parts, initial=0))


def totals(values: bytes, wanted: Iterable[int]) -> dict[int, array[int]]:
    """The running totals of those values that occur."""
    return {value: running(values, value) for value in wanted if value in values}


def counts(values: bytes, sums: array[int], value: int, edges: Sequence[int]) -> list[int]:
    """How often a value lies between neighbouring edges."""
    count = values.count
    if edges[-1] - edges[0] < BLOCK * len(edges):
        return [count(value, a, b) for a, b in pairwise(edges)]
    upto = [sums[e // BLOCK] + count(value, e // BLOCK * BLOCK, e) for e in edges]
    return [b - a for a, b in pairwise(upto)]


def densities(values: bytes, sums: array[int], value: int, columns: Columns) -> list[int]:
    """The same to be drawn; the unit is one for all values in the same columns.

    In wide columns the events of a block count as spread evenly over it: none is lost, one at an
    edge may be seen on both sides, and no event is looked at.
    """
    if columns.places is None:
        return counts(values, sums, value, columns.edges)
    upto = [sums[at] * (BLOCK - into) + sums[at + 1] * into for at, into in columns.places]
    return [b - a for a, b in pairwise(upto)]
