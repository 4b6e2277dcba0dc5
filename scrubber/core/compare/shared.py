"""What branches share because they are made of the same slices: known without reading an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.slices import SliceList


def common_start(one: SliceList, other: SliceList) -> int:
    """How many events two lists of slices begin with in common."""
    shared = 0
    for mine, theirs in zip(one.slices, other.slices, strict=False):
        if (mine.log, mine.start) != (theirs.log, theirs.start):
            break
        shared += min(len(mine), len(theirs))
        if len(mine) != len(theirs):
            break
    return shared


def common_end(one: SliceList, other: SliceList) -> int:
    """How many events they end with in common."""
    shared = 0
    for mine, theirs in zip(reversed(one.slices), reversed(other.slices), strict=False):
        if (mine.log, mine.stop) != (theirs.log, theirs.stop):
            break
        shared += min(len(mine), len(theirs))
        if len(mine) != len(theirs):
            break
    return shared


def common_ends(branches: Sequence[SliceList]) -> tuple[int, int]:
    """How many events all of them begin with, and how many behind these they all end with."""
    first = branches[0]
    start = min((common_start(first, one) for one in branches[1:]), default=len(first))
    shortest = min(map(len, branches))
    end = min((common_end(first, one) for one in branches[1:]), default=0)
    return start, min(end, shortest - start)


def nearest(branches: Sequence[SliceList]) -> list[int]:
    """For each branch, the one before it that shares its beginning for longest."""
    found = [0]
    for number in range(1, len(branches)):
        before = range(number)
        found.append(max(before, key=lambda n: (common_start(branches[n], branches[number]), -n)))
    return found
