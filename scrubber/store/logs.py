"""Logs: append-only lists of events. Event (log, seq) is written once and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.errors import StoreError
from scrubber.core.events import (
    Draft,
    Event,
    Kind,
    Mark,
    Origin,
    Role,
    Totals,
    Usage,
    Visibility,
    mark_of,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from scrubber.core.slices import Slice, SliceList
    from scrubber.core.tally import Tally
    from scrubber.store.columns import Codes

SEQ_BITS = 32

_FIRST_STEP, _LAST_STEP = 64, 4096

_EVENT = """
SELECT e.id, l.source, e.record, e.part, e.kind, e.role, e.visibility, e.origin, e.marks, e.ts,
  e.name, e.call_id, e.group_id, e.ref, e.size, e.text,
  u.context, u.input, u.cache_read, u.cache_write, u.output, u.reasoning, u.cost_micros
FROM events e JOIN logs l ON l.id = ? LEFT JOIN usage u ON u.id = e.id
WHERE e.id BETWEEN ? AND ?
"""

_KINDS = {int(kind): kind for kind in Kind}
_ROLES = tuple(Role)
_VISIBILITIES = tuple(Visibility)
_ORIGINS = tuple(Origin)


def event_id(log: int, seq: int) -> int:
    """The row id of a log's event."""
    return log << SEQ_BITS | seq


def create(connection: sqlite3.Connection, source: int, key: str) -> int:
    """A new, empty log of a source; gives its id."""
    cursor = connection.execute("INSERT INTO logs (source, key) VALUES (?, ?)", (source, key))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


Row = tuple[Any, ...]
"""What is written, in the order of its table's columns."""


def event_row(event: int, record: int, draft: Draft, codes: Codes, tally: Tally) -> Row:
    """The event with this row id, from a record; the tally counts it already."""
    kind, role, visibility, origin, marks, _ = codes
    return (
        event,
        record,
        draft.part,
        kind,
        role,
        visibility,
        origin,
        marks,
        draft.ts,
        draft.name,
        draft.call_id,
        draft.group_id,
        draft.ref,
        draft.size,
        draft.text,
        tally.messages,
        tally.errors,
        tally.open_calls,
    )


def usage_row(event: int, usage: Usage, tally: Tally) -> Row:
    """What the event with this row id adds to the bill."""
    return (
        event,
        usage.context,
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.output,
        usage.reasoning,
        usage.cost_micros,
        tally.input,
        tally.cache_read,
        tally.cache_write,
        tally.output,
        tally.cost_micros,
    )


def insert(
    connection: sqlite3.Connection,
    events: Iterable[Row],
    usages: Iterable[Row],
) -> None:
    """Write event rows and usage rows."""
    connection.executemany(f"INSERT INTO events VALUES ({', '.join('?' * 18)})", events)
    connection.executemany(f"INSERT INTO usage VALUES ({', '.join('?' * 13)})", usages)


def read(connection: sqlite3.Connection, slices: SliceList, start: int, stop: int) -> list[Event]:
    """The events of a session at positions start…stop-1, in order."""
    return [
        event
        for first, piece in slices.ranges(start, stop)
        for event in _read_slice(connection, first, piece)
    ]


class Told(NamedTuple):
    """What an event's row tells of it without its content, and which record has that."""

    id: int
    record: int
    part: int
    name: str | None
    text: str


def told(connection: sqlite3.Connection, log: int, start: int, stop: int) -> list[Told]:
    """The rows of the events start…stop-1 of a log, as far as they say what is read there."""
    rows = connection.execute(
        "SELECT id, record, part, name, text FROM events WHERE id BETWEEN ? AND ? ORDER BY id",
        (event_id(log, start), event_id(log, stop) - 1),
    )
    return list(map(Told._make, rows))


def groups(
    connection: sqlite3.Connection, slices: SliceList, start: int, stop: int
) -> Iterator[str]:
    """The messages that the events start…stop-1 are parts of, in order; some of them repeatedly."""
    for _, piece in slices.ranges(start, stop):
        bounds = (event_id(piece.log, piece.start), event_id(piece.log, piece.stop))
        yield from (
            group
            for (group,) in connection.execute(
                "SELECT group_id FROM events WHERE id >= ? AND id < ? AND group_id IS NOT NULL "
                "ORDER BY id",
                bounds,
            )
        )


def read_spoken_backwards(
    connection: sqlite3.Connection, slices: SliceList, stop: int, kinds: Iterable[Kind]
) -> Iterator[Event]:
    """The events of some kinds in front of a position, the last one first, read in steps."""
    chosen = ", ".join(str(int(kind)) for kind in kinds)
    step = _FIRST_STEP
    for first, piece in reversed(list(slices.ranges(0, stop))):
        high = piece.stop
        while high > piece.start:
            low = max(piece.start, high - step)
            step = min(step * 2, _LAST_STEP)
            rows = connection.execute(
                f"{_EVENT} AND e.kind IN ({chosen}) ORDER BY e.id DESC",
                (piece.log, event_id(piece.log, low), event_id(piece.log, high - 1)),
            ).fetchall()
            for row in rows:
                yield _event(row, first - piece.start, piece.log)
            high = low


def calls_backwards(
    connection: sqlite3.Connection, slices: SliceList, stop: int
) -> Iterator[tuple[int, bool, str | None]]:
    """(position, whether it opens, id) of the calls that open or close in front of a position.

    The last one first. Of each event only this is read: an old call that was never answered leads
    far back.
    """
    for first, piece in reversed(list(slices.ranges(0, stop))):
        rows = connection.execute(
            "SELECT id, marks, call_id FROM events WHERE id BETWEEN ? AND ? AND marks & ? "
            "ORDER BY id DESC",
            (event_id(piece.log, piece.start), event_id(piece.log, piece.stop - 1), _CALL_MARKS),
        )
        shift = first - event_id(piece.log, piece.start)
        for key, marks, call_id in rows:
            yield key + shift, bool(marks & _OPENS_CALL), call_id


_OPENS_CALL = int(Mark.OPENS_CALL)
_CALL_MARKS = _OPENS_CALL | int(Mark.CLOSES_CALL)


def _read_slice(connection: sqlite3.Connection, first: int, piece: Slice) -> Iterator[Event]:
    rows = connection.execute(
        f"{_EVENT} ORDER BY e.id",
        (piece.log, event_id(piece.log, piece.start), event_id(piece.log, piece.stop - 1)),
    )
    for row in rows:
        yield _event(row, first - piece.start, piece.log)


def _event(row: tuple[Any, ...], shift: int, log: int) -> Event:
    key, source, record, part, kind, role, visibility, origin, marks, ts, *words = row[:16]
    name, call_id, group_id, ref, size, text = words
    seq = key & 0xFFFFFFFF
    return Event(
        seq + shift,
        log,
        seq,
        source,
        record,
        part,
        _KINDS.get(kind, Kind.UNKNOWN),
        _ROLES[role],
        _VISIBILITIES[visibility],
        _ORIGINS[origin],
        mark_of(marks),
        ts,
        name,
        call_id,
        group_id,
        ref,
        size,
        text,
        None if row[16] is None else _usage(*row[16:]),
    )


def _usage(
    context: int,
    input: int,
    cache_read: int,
    cache_write: int,
    output: int,
    reasoning: int,
    cost_micros: int | None,
) -> Usage:
    return Usage(input, cache_read, cache_write, output, reasoning, context, cost_micros)


def running_totals(connection: sqlite3.Connection, log: int, seq: int) -> Totals:
    """What the first ``seq`` events of a log sum up to."""
    if seq == 0:
        return Totals()
    at = event_id(log, seq - 1)
    row = connection.execute(
        "SELECT messages, errors, open_calls FROM events WHERE id = ?", (at,)
    ).fetchone()
    if row is None:
        raise StoreError(f"event {seq - 1} of log {log} is missing from the store")
    messages, errors, open_calls = row
    sums = connection.execute(
        "SELECT sum_input, sum_cache_read, sum_cache_write, sum_output, sum_cost FROM usage "
        "WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        (event_id(log, 0), at),
    ).fetchone() or (0, 0, 0, 0, 0)
    return Totals(seq, messages, errors, open_calls, *sums)
