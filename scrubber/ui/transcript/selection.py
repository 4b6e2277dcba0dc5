"""Text selected across rows: two places in the transcript and what lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.ui.transcript.documents import text_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.ui.transcript.pieces import TextPiece
    from scrubber.ui.transcript.rows import Row

MOST_ROWS = 500
"""Rows that one selection spans; copying lays out what is not laid out."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the text: event, number of the piece in its row, position in its document."""

    index: int
    piece: int
    position: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the mouse was pressed to where it is."""

    anchor: Place
    head: Place

    @property
    def start(self) -> Place:
        """The earlier end."""
        return min(self.anchor, self.head)

    @property
    def stop(self) -> Place:
        """The later end, exclusive."""
        return max(self.anchor, self.head)

    def moved(self, head: Place) -> Selection:
        """The selection up to another place, at most so many rows away."""
        low, high = self.anchor.index - MOST_ROWS, self.anchor.index + MOST_ROWS
        return Selection(self.anchor, head if low <= head.index <= high else self.head)

    def span(self, index: int, number: int, piece: TextPiece) -> tuple[int, int] | None:
        """The selected positions of a piece, None where nothing of it is selected."""
        here, start, stop = (index, number), self.start, self.stop
        if not (start.index, start.piece) <= here <= (stop.index, stop.piece):
            return None
        first = start.position if here == (start.index, start.piece) else 0
        whole = piece.document.characterCount()
        last = stop.position if here == (stop.index, stop.piece) else whole
        return (first, last) if last > first else None

    def text(self, row_of: Callable[[int], Row | None]) -> str:
        """What is selected, as it is shown; pieces and rows are a line apart."""
        parts = []
        for index in range(self.start.index, self.stop.index + 1):
            row = row_of(index)
            for number, piece in row.texts() if row is not None else ():
                span = self.span(index, number, piece)
                if span is not None:
                    parts.append(text_between(piece.document, *span))
        return "\n".join(parts)


def whole_row(row: Row) -> Selection | None:
    """All text of one row."""
    texts = row.texts()
    if not texts:
        return None
    (first, _), (last, piece) = texts[0], texts[-1]
    index = row.event.index
    end = piece.document.characterCount() - 1
    return Selection(Place(index, first, 0), Place(index, last, end))
