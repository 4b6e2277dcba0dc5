"""A session is a list of slices of logs; this is the arithmetic of such lists.

A *log* is an append-only list of events. A slice ``(log, start, stop)`` stands for the log's
events start…stop-1. The session's event at position p lies in the slice whose cumulated length
first exceeds p, found by bisection. Cutting a list costs its number of slices, never the number
of events: that is why a fork is free.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Slice:
    """Events start…stop-1 of a log."""

    log: int
    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.stop:
            raise ValueError(f"slice {self.start}…{self.stop} of log {self.log} is not a range")

    def __len__(self) -> int:
        return self.stop - self.start


class SliceList:
    """The slices of one session, in order, with their first positions."""

    __slots__ = ("_firsts", "length", "slices")

    def __init__(self, slices: Sequence[Slice] = ()) -> None:
        self.slices: tuple[Slice, ...] = tuple(join_neighbours(slices))
        self._firsts: list[int] = []
        self.length = 0
        for piece in self.slices:
            self._firsts.append(self.length)
            self.length += len(piece)

    def __len__(self) -> int:
        return self.length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SliceList) and self.slices == other.slices

    def __hash__(self) -> int:
        return hash(self.slices)

    def __repr__(self) -> str:
        return f"SliceList({list(self.slices)!r})"

    def first_position(self, ordinal: int) -> int:
        """Position in the session of the first event of the slice with this ordinal."""
        return self._firsts[ordinal]

    def locate(self, position: int) -> tuple[int, int, int]:
        """(ordinal of the slice, its log, place in the log) of the event at a position."""
        if not 0 <= position < self.length:
            raise IndexError(f"event {position} is not among the {self.length} of the session")
        ordinal = bisect_right(self._firsts, position) - 1
        piece = self.slices[ordinal]
        return ordinal, piece.log, piece.start + position - self._firsts[ordinal]

    def position_of(self, log: int, seq: int) -> int | None:
        """Where in the session a log's event stands, None if it does not."""
        for first, piece in zip(self._firsts, self.slices, strict=True):
            if piece.log == log and piece.start <= seq < piece.stop:
                return first + seq - piece.start
        return None

    def shared_with(self, other: SliceList) -> int:
        """How many events both begin with: those that lie in the same place of the same log."""
        shared = 0
        for mine, its in zip(self.slices, other.slices, strict=False):
            if (mine.log, mine.start) != (its.log, its.start):
                break
            shared += min(len(mine), len(its))
            if len(mine) != len(its):
                break
        return shared

    def between(self, start: int, stop: int) -> SliceList:
        """The slices of positions start…stop-1; bounds outside the session are clipped."""
        return SliceList([piece for _, piece in self.ranges(start, stop)])

    def ranges(self, start: int, stop: int) -> Iterator[tuple[int, Slice]]:
        """(first position, slice) of each stretch of positions start…stop-1."""
        start, stop = max(start, 0), min(stop, self.length)
        ordinal = max(bisect_right(self._firsts, start) - 1, 0)
        for first, piece in zip(self._firsts[ordinal:], self.slices[ordinal:], strict=True):
            low, high = max(start, first), min(stop, first + len(piece))
            if first >= stop:
                return
            if low < high:
                yield low, Slice(piece.log, piece.start + low - first, piece.start + high - first)

    def __add__(self, other: SliceList) -> SliceList:
        return SliceList([*self.slices, *other.slices])


def join_neighbours(slices: Sequence[Slice]) -> list[Slice]:
    """The same events in as few slices as possible: no empty ones, adjoining ones as one."""
    joined: list[Slice] = []
    for piece in slices:
        if joined and joined[-1].log == piece.log and joined[-1].stop == piece.start:
            joined[-1] = Slice(piece.log, joined[-1].start, piece.stop)
        elif len(piece):
            joined.append(piece)
    return joined
