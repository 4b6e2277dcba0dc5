"""A comparison as text for a terminal: figures, the first divergence, then what else differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.tables import pad, shorten, table, width_of
from scrubber.core.ages import amount, count, span
from scrubber.core.compare.texts import counterpart, marked
from scrubber.core.compare.values import as_text
from scrubber.core.describe import describe, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.compare.alignment import Row
    from scrubber.core.compare.figures import Figures
    from scrubber.core.events import Event
    from scrubber.transfer.comparing import Cell, Comparison

LETTERS = "ABCDEFGH"
"""What the columns are called."""

_FEW = 40
"""Differences listed without ``--all``."""
_LINES = 12
"""Of a text at the first divergence."""
_CONTEXT = 1
"""Lines that are alike kept around one that is not."""


class ComparisonText:
    """Turns a comparison into lines."""

    def __init__(self, store: OpenStore, comparison: Comparison, width: int) -> None:
        self._store = store
        self._comparison = comparison
        self._alignment = comparison.alignment
        self._width = width

    def lines(self, everything: bool) -> Iterator[str]:
        """All lines; without ``everything``, the first differences only."""
        yield from self._figures()
        yield ""
        first = self._alignment.first
        if first is None:
            yield f"equal: {count(len(self._alignment), 'event')} alike"
            return
        yield from self._divergence(first)
        yield ""
        yield from self._differences(everything)

    def _figures(self) -> Iterator[str]:
        columns = self._comparison.columns
        rows = [
            [letter, *figures_words(c.headline.whole), output.line(c.headline.outcome)]
            for letter, c in zip(LETTERS, columns, strict=False)
        ]
        for letter, column in zip(LETTERS, columns, strict=False):
            title = output.line(column.session.title) or "untitled"
            yield shorten(f"{letter}  {column.session.id[:8]}  {title}", self._width)
        yield ""
        right = "EVENTS TURNS CALLS ERRORS TOKENS COST TIME"
        yield from table(["", *right.split(), "OUTCOME"], rows, right, self._width)

    def _divergence(self, row: Row) -> Iterator[str]:
        shared = self._comparison.alignment.in_common(row.number)
        text = f" first divergence, behind {count(shared, 'event')} in common "
        yield "══" + text + "═" * max(self._width - 2 - width_of(text), 2)
        cells = self._store.compared(self._comparison, row.number)
        texts = _texts(cells)
        for n, (cell, said) in enumerate(zip(cells, texts, strict=True)):
            yield from self._cell(n, cell, said, counterpart(texts, n))

    def _cell(
        self, n: int, cell: Cell | None, text: str | None, other: str | None
    ) -> Iterator[str]:
        if cell is None or text is None:
            yield f"{LETTERS[n]} (nothing here)"
            return
        yield shorten(f"{LETTERS[n]} #{cell.event.index + 1:,} {heading(cell.event)}", self._width)
        for sign, line in _few(_signed(text, other)):
            yield shorten(f"  {sign} {line.expandtabs(4)}".rstrip(), self._width)

    def _differences(self, everything: bool) -> Iterator[str]:
        found = self._alignment.differences
        number = len(found) if everything else min(len(found), _FEW)
        several = "all differ" if len(self._comparison.columns) == 2 else "not all the same"
        yield f"{count(len(found), 'difference')}  (~ {several}, + only there)"
        last = found[0] - 1
        for at in found[:number]:
            if at > last + 1:
                yield f"    = {count(at - last - 1, 'event')} alike"
            yield from self._row(self._alignment.row(at))
            last = at
        if number < len(found):
            yield f"    … {len(found) - number:,} more: --all lists them"

    def _row(self, row: Row) -> Iterator[str]:
        """A line for each variant of a row, with the columns that have it."""
        events = {
            n: self._event(n, place) for n, place in enumerate(row.places) if place is not None
        }
        sign = "~" if row.is_whole else "+"
        for variant in sorted({row.variants[n] for n in events}):
            which = [n for n in events if row.variants[n] == variant]
            letters = "".join(LETTERS[n] for n in which)
            event = events[which[0]]
            head = pad(letters, len(self._comparison.columns))
            line = f"{sign} {head} #{event.index + 1:<6,} "
            yield line + describe(event, max(self._width - width_of(line), 20))

    def _event(self, column: int, place: int) -> Event:
        slices = self._comparison.columns[column].slices
        return self._store.store.read(slices, place, place + 1)[0]


def figures_words(figures: Figures) -> list[str]:
    """The figures as words, in the order of the table."""
    cost = figures.cost_micros
    return [
        f"{figures.events:,}",
        f"{figures.turns:,}",
        f"{figures.tool_calls:,}",
        f"{figures.errors:,}",
        amount(figures.tokens) if figures.tokens else "—",
        "—" if cost is None else f"{'≈' * figures.cost_estimated}${cost / 1e6:,.2f}",
        "—" if figures.seconds is None else span(round(figures.seconds * 1000)),
    ]


def _texts(cells: tuple[Cell | None, ...]) -> list[str | None]:
    first = next(cell for cell in cells if cell is not None)
    return [None if cell is None else as_text(cell.content, first.content) for cell in cells]


def _signed(text: str, other: str | None) -> list[tuple[str, str]]:
    """(sign, line): ``>`` before a line that the other text does not have like this."""
    if other is None:
        return [(" ", line) for line in text.splitlines()]
    flagged: list[tuple[bool, str]] = [(False, "")]
    for part in marked(text, other).one:
        for number, piece in enumerate(part.text.split("\n")):
            if number:
                flagged.append((part.changed and bool(piece), piece))
            else:
                was, before = flagged[-1]
                flagged[-1] = (was or (part.changed and bool(piece)), before + piece)
    return [(">" if changed else " ", line) for changed, line in flagged]


def _few(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines that differ, what is right beside them, and a beginning: not too many."""
    changed = {n for n, (sign, _) in enumerate(lines) if sign == ">"}
    near = {n + by for n in changed for by in range(-_CONTEXT, _CONTEXT + 1)} & set(
        range(len(lines))
    )
    chosen = sorted(near or set(range(len(lines))))[:_LINES]
    found: list[tuple[str, str]] = []
    last = -1
    for n in chosen:
        if n > last + 1:
            found.append((" ", "⋮"))
        found.append(lines[n])
        last = n
    return found if last == len(lines) - 1 else [*found, (" ", "⋮")]
