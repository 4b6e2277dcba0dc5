"""Fills the index of words: reads what the formats say is in the events, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.query.folding import fold
from scrubber.store.search.index import Backlog
from scrubber.transfer.event_texts import EventTexts
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.store import Store

_STEP = 256
_BATCH_CHARACTERS = 8 * 1024 * 1024
_BATCH_EVENTS = 8_000
MOST = 256 * 1024
"""Characters of one event that are indexed; behind them stands what a machine has written."""


def extend(store: Store, progress: Progress | None = None) -> int:
    """Index what is not indexed yet, the newest first; gives how many events that was.

    What is done when it is cancelled, or killed, is kept. Other programs may do the same meanwhile.
    """
    backlog = store.index.backlog()
    waiting = sum(one.stop - one.start for one in backlog)
    if not waiting:
        return 0
    progress = progress or Progress()
    store.index.begin_bulk(waiting)
    done = 0
    try:
        for batch, rows in _batches(store, backlog, progress):
            if store.index.add(batch, rows):
                done += len(rows)
        for _ in store.index.end_bulk(waiting):
            progress.advance()
    finally:
        store.index.let_merge()
    return done


def _batches(
    store: Store, backlog: list[Backlog], progress: Progress
) -> Iterator[tuple[list[Backlog], list[tuple[int, str]]]]:
    """(stretches, their rows) for one transaction each."""
    batch: list[Backlog] = []
    rows: list[tuple[int, str]] = []
    texts, size = EventTexts(store), 0
    for piece in _steps(backlog):
        read = _rows(texts, piece)
        rows += read
        size += (characters := sum(len(text) for _, text in read))
        progress.advance(characters)
        if batch and batch[-1].log == piece.log:
            piece = Backlog(piece.log, batch.pop().start, piece.stop, piece.stamp)
        batch.append(piece)
        if size >= _BATCH_CHARACTERS or len(rows) >= _BATCH_EVENTS:
            yield batch, rows
            batch, rows, size = [], [], 0
    if batch:
        yield batch, rows


def _rows(texts: EventTexts, piece: Backlog) -> list[tuple[int, str]]:
    """(event id, folded text) of some events."""
    read = texts.stretch(piece.log, piece.start, piece.stop)
    return [(event, _folded(text[:MOST])) for event, text in read]


def _folded(text: str) -> str:
    """The index itself folds plain ASCII."""
    return text if text.isascii() else fold(text)


def _steps(backlog: list[Backlog]) -> Iterator[Backlog]:
    for one in backlog:
        for start in range(one.start, one.stop, _STEP):
            yield Backlog(one.log, start, min(start + _STEP, one.stop), one.stamp)
