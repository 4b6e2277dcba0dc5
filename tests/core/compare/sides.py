"""Branches of a few letters: equal letters are equal events, lower case is bookkeeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.compare.alignment import Alignment, align
from scrubber.core.compare.keys import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

TOOLS = "ABCDEFGH"
"""Letters of one shape; all others are of another."""


def side(letters: str) -> Side:
    """A stretch of events, each in another place of the store."""
    made = Side()
    for letter in letters:
        made.ids.append(len(made.ids) << 32 | ord(letter))
        made.exact.append(ord(letter))
        made.text.append(ord(letter))
        made.head.append(ord(letter.upper()))
        made.shape.append(1000 + (letter.upper() in TOOLS) + 2 * letter.islower())
        made.telling.append(letter.isupper())
    return made


def aligned(*branches: str) -> Alignment:
    """The branches side by side, each compared with the one before."""
    nearest = [max(n - 1, 0) for n in range(len(branches))]
    sides = [side(branch) for branch in branches]
    return align([len(b) for b in branches], (0, 0), sides, nearest, lambda: None)


def rows(alignment: Alignment, branches: Sequence[str]) -> list[str]:
    """Each row as the letters of its events, a point where there is none."""
    return [
        "".join("." if at is None else b[at] for at, b in zip(row.places, branches, strict=True))
        for row in alignment.rows()
    ]
