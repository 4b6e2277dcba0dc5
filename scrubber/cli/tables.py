"""Aligned columns, by the width that characters have on a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = "  "
_NARROWEST = 10
_ROOM = 24
"""Columns that the last one should have, even if another one is cut for it."""


def width_of(text: str) -> int:
    """Columns that a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """The text, or its beginning and ``…``, in at most ``width`` columns."""
    if width_of(text) <= width:
        return text
    taken = used = 0
    for character in text:
        used += _width(character)
        if used > width - 1:
            break
        taken += 1
    return text[:taken] + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """The text, filled up with spaces; ``right``: in front of it."""
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: str = "", width: int | None = None
) -> list[str]:
    """The lines of a table.

    ``right`` names the columns that are aligned to the right. Where a line would be longer than
    ``width`` (None: never), the last column is cut, and the widest other one if need be.
    """
    widths = [max(map(width_of, column)) for column in list(zip(head, *rows, strict=True))[:-1]]
    rest = None if width is None else _fit(widths, width)
    aligned = [name in right.split() for name in head]
    return [_line(row, widths, aligned, rest) for row in (head, *rows)]


def _fit(widths: list[int], width: int) -> int:
    """Narrow the widest column if the last one would have no room; gives the last one's room."""
    rest = width - sum(widths) - len(_GAP) * len(widths)
    if rest < _ROOM and widths:
        widest = widths.index(max(widths))
        narrowed = max(widths[widest] - (_ROOM - rest), min(widths[widest], _NARROWEST))
        rest += widths[widest] - narrowed
        widths[widest] = narrowed
    return max(rest, _NARROWEST)


def _line(
    row: Sequence[str], widths: Sequence[int], right: Sequence[bool], rest: int | None
) -> str:
    cells = [
        pad(shorten(text, width), width, to_the_right)
        for text, width, to_the_right in zip(row, widths, right, strict=False)
    ]
    last = row[-1] if rest is None else shorten(row[-1], rest)
    return _GAP.join([*cells, last]).rstrip()
