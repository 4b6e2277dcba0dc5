"""What was spent, by whom, on which model: by the events of logs, and what was entered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind, Origin, Usage
from scrubber.store import logs, sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from scrubber.core.slices import Slice

COMPACTION = "compaction"
"""Text of the event that tells what a summary has cost; its source in the ledger."""

_SOURCE = (
    f"CASE WHEN e.origin = {int(Origin.RECORDED)} THEN 'recorded' "
    f"WHEN e.kind = {int(Kind.USAGE)} AND e.text = '{COMPACTION}' THEN '{COMPACTION}' "
    "ELSE 'turn' END"
)
_MODEL = f"CASE WHEN e.kind IN ({int(Kind.USAGE)}, {int(Kind.MODEL_CALL)}) THEN e.name END"
_UNNAMED = f"e.origin = {int(Origin.RECORDED)} AND ({_MODEL}) IS NULL"
_WHERE = "FROM usage u JOIN events e ON e.id = u.id WHERE u.id >= ? AND u.id < ?"

Row = tuple[str, str | None, Usage]
"""(source, model if the event names one, what was spent)."""


def sums(connection: sqlite3.Connection, pieces: Iterable[Slice]) -> Iterator[Row]:
    """What the events of some stretches have spent, summed by source and model.

    Not what was recorded by events that name no model themselves: see ``unnamed``.
    """
    for piece in pieces:
        rows = connection.execute(
            f"SELECT {_SOURCE}, {_MODEL}, sum(input), sum(cache_read), sum(cache_write), "
            f"sum(output), sum(reasoning), 0, sum(cost_micros) {_WHERE} AND NOT ({_UNNAMED}) "
            "GROUP BY 1, 2",
            _bounds(piece),
        )
        for source, model, *usage in rows:
            yield source, model, Usage(*usage)


def unnamed(
    connection: sqlite3.Connection, pieces: Iterable[Slice]
) -> Iterator[tuple[int, int, Usage]]:
    """(log, seq, usage) of what was recorded by events whose model only their record names."""
    for piece in pieces:
        rows = connection.execute(
            "SELECT u.id, input, cache_read, cache_write, output, reasoning, context, cost_micros "
            f"{_WHERE} AND {_UNNAMED} ORDER BY u.id",
            _bounds(piece),
        )
        for key, *usage in rows:
            yield piece.log, key - logs.event_id(piece.log, 0), Usage(*usage)


Call = tuple[int | None, str, str | None, Usage]
"""(time in ms, source, model if it is named, usage)."""


def calls(
    connection: sqlite3.Connection, pieces: Iterable[Slice]
) -> Iterator[tuple[tuple[int, int], Call]]:
    """((log, seq), call) of each event that has spent something."""
    for piece in pieces:
        rows = connection.execute(
            f"SELECT u.id, e.ts, {_SOURCE}, {_MODEL}, input, cache_read, cache_write, output, "
            f"reasoning, context, cost_micros {_WHERE} ORDER BY u.id",
            _bounds(piece),
        )
        for key, ts, source, model, *usage in rows:
            place = piece.log, key - logs.event_id(piece.log, 0)
            yield place, (ts, source, model, Usage(*usage))


def last_prompt(connection: sqlite3.Connection, pieces: list[Slice]) -> tuple[int, int] | None:
    """(tokens, id of its event) of the last prompt whose size is known; not of a summary's."""
    for piece in reversed(pieces):
        row = connection.execute(
            f"SELECT u.context, u.id {_WHERE} AND u.context > 0 AND {_SOURCE} <> '{COMPACTION}' "
            "ORDER BY u.id DESC LIMIT 1",
            _bounds(piece),
        ).fetchone()
        if row is not None:
            return int(row[0]), int(row[1])
    return None


def enter(connection: sqlite3.Connection, pk: int, source: str, model: str, usage: Usage) -> None:
    """Enter what was spent on a session and is told by no event of it."""
    connection.execute(
        "INSERT INTO spending (session, source, model, input, cache_read, cache_write, output, "
        "reasoning, cost_micros, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            pk, source, model, usage.input, usage.cache_read, usage.cache_write, usage.output,
            usage.reasoning, usage.cost_micros, sessions.now_ms(),
        ),
    )  # fmt: skip


def entered(connection: sqlite3.Connection, pk: int) -> list[Call]:
    """What was entered for a session, in order."""
    rows: Iterable[tuple[Any, ...]] = connection.execute(
        "SELECT at, source, model, input, cache_read, cache_write, output, reasoning, 0, "
        "cost_micros FROM spending WHERE session = ? ORDER BY id",
        (pk,),
    )
    return [(row[0], row[1], row[2], Usage(*row[3:])) for row in rows]


def _bounds(piece: Slice) -> tuple[int, int]:
    return logs.event_id(piece.log, piece.start), logs.event_id(piece.log, piece.stop)
