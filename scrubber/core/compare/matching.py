"""Pairs the events of two branches: the surest pairs first, the others between them.

Each stage looks only at what lies between the pairs of the stages before, so that order is kept
and an inserted step shifts nothing: what is alike at the ends; what occurs once on either side
(as in a patience diff); then the longest common subsequence of what is exactly alike, of what
reads alike, of what begins alike, of what is of one shape. The last two pair what was *replaced*.
Bookkeeping comes last: it is alike everywhere, and would pull the rest out of place.

The subsequences are rapidfuzz's, whose bit-parallel algorithm is quadratic only in 64ths: ten
thousand events against ten thousand others take 30 ms, on any input.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from scrubber.core.compare.keys import Side

Pair = tuple[int, int]
"""Place on one side, place on the other."""
Check = Callable[[], None]
"""Called now and then; it may raise to end the work."""

_MOST_CELLS = 200_000_000
"""Of a subsequence at once: 25 MB and a tenth of a second."""


class Gap(NamedTuple):
    """What lies between two pairs, on both sides."""

    a: int
    a_stop: int
    b: int
    b_stop: int


def match(one: Side, other: Side, check: Check) -> list[Pair]:
    """The pairs, ascending on both sides; what is in none is only on one of them."""
    pairs: list[Pair] = []
    for stage in (
        lambda gap: _ends(gap, one.exact, other.exact),
        lambda gap: _unique(gap, one, other),
        lambda gap: _common(gap, one, other, "exact"),
        lambda gap: _common(gap, one, other, "text"),
        lambda gap: _common(gap, one, other, "head"),
        lambda gap: _common(gap, one, other, "shape"),
        lambda gap: _common(gap, one, other, "shape", all_of_it=True),
    ):
        pairs = _refined(pairs, len(one), len(other), stage, check)
    return pairs


def _refined(
    pairs: list[Pair], a: int, b: int, stage: Callable[[Gap], list[Pair]], check: Check
) -> list[Pair]:
    """The pairs, and those that a stage finds in the gaps between them."""
    found: list[Pair] = []
    for before, behind in pairwise([(-1, -1), *pairs, (a, b)]):
        if before != (-1, -1):
            found.append(before)
        if behind[0] - before[0] > 1 and behind[1] - before[1] > 1:
            check()
            found += stage(Gap(before[0] + 1, behind[0], before[1] + 1, behind[1]))
    return found


def _ends(gap: Gap, one: array[int], other: array[int]) -> list[Pair]:
    """What is alike from the beginning on, and up to the end."""
    a, a_stop, b, b_stop = gap
    while a < a_stop and b < b_stop and one[a] == other[b]:
        a, b = a + 1, b + 1
    first = list(zip(range(gap.a, a), range(gap.b, b), strict=True))
    while a < a_stop and b < b_stop and one[a_stop - 1] == other[b_stop - 1]:
        a_stop, b_stop = a_stop - 1, b_stop - 1
    last = zip(range(a_stop, gap.a_stop), range(b_stop, gap.b_stop), strict=True)
    return [*first, *last]


def _unique(gap: Gap, one: Side, other: Side) -> list[Pair]:
    """The longest ascending run of what occurs just once on either side."""
    mine = _once(one, gap.a, gap.a_stop)
    theirs = _once(other, gap.b, gap.b_stop)
    return _ascending([(a, theirs[key]) for key, a in mine.items() if key in theirs])


def _once(side: Side, start: int, stop: int) -> dict[int, int]:
    """Key → place of the telling events whose key no other has."""
    places: dict[int, int] = {}
    for at in _telling(side, start, stop):
        key = side.exact[at]
        places[key] = -1 if key in places else at
    return {key: at for key, at in places.items() if at >= 0}


def _ascending(pairs: list[Pair]) -> list[Pair]:
    """The longest part of pairs, ascending on the first side, that ascends on the other too."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, b) in enumerate(pairs):
        length = bisect_left(tails, b)
        before.append(last[length - 1] if length else -1)
        tails[length : length + 1] = [b]
        last[length : length + 1] = [number]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _common(gap: Gap, one: Side, other: Side, key: str, *, all_of_it: bool = False) -> list[Pair]:
    """The longest common subsequence by one of the keys, of what is telling or of all."""
    pick = _every if all_of_it else _telling
    mine, theirs = pick(one, gap.a, gap.a_stop), pick(other, gap.b, gap.b_stop)
    ours: array[int] = getattr(one, key)
    those: array[int] = getattr(other, key)
    found: list[Pair] = []
    for some, others in _pieces(mine, theirs):
        found += [
            (some[a], others[b])
            for a, b in subsequence([ours[i] for i in some], [those[i] for i in others])
        ]
    return found


def _telling(side: Side, start: int, stop: int) -> list[int]:
    telling = side.telling
    return [at for at in range(start, stop) if telling[at]]


def _every(_side: Side, start: int, stop: int) -> list[int]:
    return list(range(start, stop))


def _pieces(
    mine: Sequence[int], theirs: Sequence[int]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Both as they are, or cut into as many pieces as keep the work within bounds."""
    number = max(ceil(sqrt(len(mine) * len(theirs) / _MOST_CELLS)), 1)
    for n in range(number):
        yield (
            mine[len(mine) * n // number : len(mine) * (n + 1) // number],
            theirs[len(theirs) * n // number : len(theirs) * (n + 1) // number],
        )


def subsequence(one: Sequence[int], other: Sequence[int]) -> list[Pair]:
    """The places of a longest common subsequence of two lists of numbers."""
    from rapidfuzz.distance import LCSseq

    if not one or not other:
        return []
    blocks = LCSseq.editops(one, other).as_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]
