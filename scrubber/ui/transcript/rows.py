"""Rows: the pieces of one event with their places, built on demand and kept while they are near."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Visibility
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.bodies import body
from scrubber.ui.transcript.pieces import Line, Piece, TextPiece
from scrubber.ui.transcript.scene import Scene, Surroundings
from scrubber.ui.transcript.style import UNIT, Style

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.models.event_feed import EventFeed
    from scrubber.ui.transcript.folds import Folds

KEPT_ROWS = 160
"""Rows that stay laid out; more than a tall page and what is looked ahead."""

_KEPT_CHARACTERS = 600_000
_KEPT_HEIGHTS = 8_192


@dataclass(slots=True)
class Row:
    """One event laid out; ``height`` in logical pixels includes the gap above it."""

    event: Event
    gap: float
    height: float
    pieces: list[Piece]
    weight: int
    """Characters laid out in it."""
    provisional: bool
    """Built while a neighbour that matters was not loaded yet."""

    def texts(self) -> list[tuple[int, TextPiece]]:
        """The pieces that can be selected, with their numbers."""
        return [(n, piece) for n, piece in enumerate(self.pieces) if isinstance(piece, TextPiece)]


class RowBuilder:
    """Builds rows from what the feed has at hand."""

    def __init__(self, feed: EventFeed, folds: Folds) -> None:
        self._surroundings = Surroundings(feed, folds)

    def set_show_hidden(self, shown: bool) -> None:
        """Take hidden events for rows like any other."""
        self._surroundings.show_hidden = shown

    def set_fitting(self, fitting: bytes | None) -> None:
        """Take for the row above one that a filter shows."""
        self._surroundings.fitting = fitting

    def build(self, event: Event, content: Content, style: Style) -> Row:
        """Lay the event out."""
        scene = self._surroundings.scene(event, content, style)
        pieces = list(body(scene))
        gap = _gap(scene)
        height = stack(pieces, gap, style)
        weight = sum(p.document.characterCount() for p in pieces if isinstance(p, TextPiece))
        return Row(event, gap, height, pieces, weight, self._surroundings.missing)


def _gap(scene: Scene) -> float:
    event, above = scene.event, scene.previous
    if scene.follows_call:
        return 0.0
    if event.kind is Kind.COMPACTION:
        return 3.0 * UNIT
    if event.kind not in labels.LOUD:
        return 1.0 * UNIT if above is not None and above.kind in labels.LOUD else 0.0
    if event.kind is Kind.TOOL_RESULT or not scene.opens_group:
        return 1.0 * UNIT
    return 1.5 * UNIT if event.kind is Kind.TOOL_CALL else 3.0 * UNIT


def stack(pieces: list[Piece], gap: float, style: Style) -> float:
    """Put pieces below each other; gives the height of all, the gap above them included."""
    y = gap
    above: Piece | None = None
    for piece in pieces:
        if isinstance(piece, TextPiece):
            piece.measure(style)
        elif not piece.height:
            piece.height = style.line
        if above is not None:
            y += UNIT / 2 if isinstance(above, Line) or isinstance(piece, Line) else UNIT
        piece.top = y
        y += piece.height
        above = piece
    return float(round(y + (UNIT / 2 if isinstance(above, TextPiece) else 0)))


class RowCache:
    """The rows that were used last, bounded by number and by characters; heights for longer."""

    def __init__(self) -> None:
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._heights: OrderedDict[int, float] = OrderedDict()
        self._weight = 0

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, index: int) -> Row | None:
        """The row of an event, if it is laid out."""
        row = self._rows.get(index)
        if row is not None:
            self._rows.move_to_end(index)
        return row

    def put(self, row: Row) -> None:
        """Keep a row; the ones not used for longest make room."""
        index = row.event.index
        self.drop(index)
        self._rows[index] = row
        self._weight += row.weight
        self._heights[index] = row.height
        self._heights.move_to_end(index)
        while len(self._rows) > KEPT_ROWS or (
            self._weight > _KEPT_CHARACTERS and len(self._rows) > 1
        ):
            self._weight -= self._rows.popitem(last=False)[1].weight
        while len(self._heights) > _KEPT_HEIGHTS:
            self._heights.popitem(last=False)

    def drop(self, index: int) -> None:
        """Lay an event out anew when it is next seen."""
        row = self._rows.pop(index, None)
        if row is not None:
            self._weight -= row.weight

    def drop_provisional(self) -> None:
        """Lay out anew what was laid out without knowing its neighbours."""
        for index in [i for i, row in self._rows.items() if row.provisional]:
            self.drop(index)

    def clear(self) -> None:
        """Forget all rows and heights."""
        self._rows.clear()
        self._heights.clear()
        self._weight = 0

    def height(self, index: int, event: Event | None, style: Style) -> float:
        """The height that a row had, or a guess from what the event is."""
        if index in self._heights:
            return self._heights[index]
        return 4.0 * style.line if event is None else _guess(event, style)


def _guess(event: Event, style: Style) -> float:
    if event.kind not in labels.LOUD:
        return style.line
    if event.kind in (Kind.TOOL_CALL, Kind.REASONING):
        return style.line + UNIT
    lines = min(event.size, 2_000) / max(20.0, style.width / (style.line * 0.35)) + 1
    if event.kind is Kind.TOOL_RESULT:
        return style.line * (1 + min(6.0, lines))
    return style.line * (1 + lines) + 3 * UNIT


def is_shown(event: Event, show_hidden: bool) -> bool:
    """Whether an event has a row at all."""
    return show_hidden or event.visibility is not Visibility.HIDDEN
