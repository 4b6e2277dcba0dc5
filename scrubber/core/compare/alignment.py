"""Branches side by side: which events of each stand in one row, and which rows differ."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scrubber.core.compare.profile import MISSING, aligned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.compare.keys import Side
    from scrubber.core.compare.matching import Check

NONE = 255
"""The variant of a branch that has no event in a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the index of each branch's event, and which of them say the same."""

    number: int
    places: tuple[int | None, ...]
    variants: tuple[int, ...]
    """Equal numbers say the same; NONE where there is no event."""
    is_telling: bool
    """Whether a difference here counts; see ``keys.is_telling``."""

    @property
    def is_whole(self) -> bool:
        """Whether all branches have an event here."""
        return NONE not in self.variants

    @property
    def is_alike(self) -> bool:
        """Whether all branches have the same here."""
        return len(set(self.variants)) == 1

    @property
    def differs(self) -> bool:
        """Whether there is a difference that counts."""
        return self.is_telling and not self.is_alike

    @property
    def state(self) -> str:
        """``equal``, ``changed``, or ``missing`` where not all branches have an event."""
        if self.is_alike:
            return "equal"
        return "changed" if self.is_whole else "missing"


class Alignment:
    """All rows. What the branches share at both ends is arithmetic and takes no memory."""

    def __init__(
        self,
        lengths: Sequence[int],
        start: int,
        end: int,
        columns: Sequence[array[int]],
        sides: Sequence[Side],
    ) -> None:
        """``columns`` are about the events behind the first ``start`` and before the last ``end``
        of each branch, counted from there; ``sides`` are their keys."""
        self.lengths = tuple(lengths)
        self.start, self.end = start, end
        self._columns = tuple(columns)
        self._middle = len(self._columns[0])
        self._telling = bytearray(self._middle)
        self.variants = [bytearray(self._middle) for _ in columns]
        """Per branch, of each row behind the shared start: which others say the same."""
        self._classify(sides)

    def _classify(self, sides: Sequence[Side]) -> None:
        """Take for the same, for now, what reads the same as far as the keys tell."""
        for row in range(self._middle):
            seen: dict[int, int] = {}
            for column, side, variants in zip(self._columns, sides, self.variants, strict=True):
                at = column[row]
                if at == MISSING:
                    variants[row] = NONE
                    continue
                variants[row] = seen.setdefault(side.text[at], len(seen))
                self._telling[row] |= side.telling[at]

    def __len__(self) -> int:
        return self.start + self._middle + self.end

    def row(self, number: int) -> Row:
        """A row, counted from 0."""
        at = number - self.start
        if not 0 <= number < len(self):
            raise IndexError(f"row {number} is not among the {len(self)}")
        if 0 <= at < self._middle:
            places = tuple(
                None if column[at] == MISSING else self.start + column[at]
                for column in self._columns
            )
            variants = tuple(variants[at] for variants in self.variants)
            return Row(number, places, variants, bool(self._telling[at]))
        behind = len(self) - number
        same = (0,) * len(self.lengths)
        if at < 0:
            return Row(number, (number,) * len(self.lengths), same, True)
        return Row(number, tuple(length - behind for length in self.lengths), same, True)

    def rows(self, first: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The rows first…stop-1."""
        return map(self.row, range(first, len(self) if stop is None else stop))

    def middle(self) -> range:
        """The rows that are not shared for certain."""
        return range(self.start, self.start + self._middle)

    def cut(self, column: int, number: int) -> int:
        """How many events of a column stand in front of a row."""
        for row in range(number - 1, self.start - 1, -1):
            place = self.row(row).places[column]
            if place is not None:
                return place + 1
        return min(number, self.start)

    def in_common(self, number: int) -> int:
        """How many events all columns share in front of a row."""
        rows = map(self.row, range(self.start, number))
        return min(number, self.start) + sum(row.is_alike and row.is_whole for row in rows)

    def doubtful(self, sides: Sequence[Side]) -> list[int]:
        """The rows where what seems alike is not the same event: their contents tell."""
        ids = [side.ids for side in sides]
        return [
            self.start + row
            for row in range(self._middle)
            if self._telling[row] and self._is_doubtful(row, ids)
        ]

    def _is_doubtful(self, row: int, ids: Sequence[array[int]]) -> bool:
        seen: dict[int, int] = {}
        for column, of, variants in zip(self._columns, ids, self.variants, strict=True):
            if column[row] != MISSING:
                here = of[column[row]]
                if seen.setdefault(variants[row], here) != here:
                    return True
        return False

    def is_telling(self, number: int) -> bool:
        """Whether a difference in a row would count."""
        at = number - self.start
        return not 0 <= at < self._middle or bool(self._telling[at])

    def tell_apart(self, number: int, variants: Sequence[int]) -> None:
        """Say which branches really have the same in a row, after their contents were read."""
        for column, variant in zip(self.variants, variants, strict=True):
            column[number - self.start] = variant
        self.__dict__.pop("differences", None)

    @cached_property
    def differences(self) -> array[int]:
        """The rows whose difference counts, ascending."""
        shift, telling = self.start, self._telling
        columns = list(zip(*self.variants, strict=True))
        differing = (n for n, row in enumerate(columns) if telling[n] and len(set(row)) > 1)
        return array("l", (shift + n for n in differing))

    @property
    def first(self) -> Row | None:
        """The first divergence; None if there is none."""
        return self.row(self.differences[0]) if self.differences else None

    def after(self, number: int) -> int | None:
        """The first row of the next run of differences behind a row."""
        found = self.differences
        at = bisect_left(found, number + 1)
        if number in found[max(at - 1, 0) : at]:
            while at < len(found) and found[at] == found[at - 1] + 1:
                at += 1
        return found[at] if at < len(found) else None

    def before(self, number: int) -> int | None:
        """The first row of the run of differences in front of a row."""
        found = self.differences
        at = bisect_left(found, number) - 1
        if at < 0:
            return None
        while at > 0 and found[at - 1] == found[at] - 1:
            at -= 1
        return found[at]


def align(
    lengths: Sequence[int],
    shared: tuple[int, int],
    sides: Sequence[Side],
    nearest: Sequence[int],
    check: Check,
) -> Alignment:
    """Branches of these lengths side by side, of which all but the shared ends are the sides."""
    return Alignment(lengths, *shared, aligned(sides, nearest, check), sides)
