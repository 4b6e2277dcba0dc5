"""Checks everything in a store that can be checked against something else in it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.errors import StoreError
from scrubber.core.events import Event, Mark, Totals
from scrubber.core.slices import Slice, SliceList
from scrubber.store import blocks, columns, logs, sessions, verify_work

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_STEP = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it must be: what, and where."""

    where: str
    what: str


def verify(connection: sqlite3.Connection) -> Iterator[Fault]:
    """All faults of a store, found by reading it whole. Yields as it finds them."""
    try:
        yield from _check_file(connection)
        yield from _check_blocks(connection)
        yield from _check_logs(connection)
        yield from _check_sessions(connection)
        yield from _check_notes(connection)
        for where, what in verify_work.faults(connection):
            yield Fault(where, what)
    except sqlite3.DatabaseError as error:
        yield Fault("file", f"it cannot be read to its end: {error}")


def _check_file(connection: sqlite3.Connection) -> Iterator[Fault]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Fault("file", text)
    for table, row, other, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Fault(f"{table} row {row}", f"refers to a row of {other} that is missing")


def _check_blocks(connection: sqlite3.Connection) -> Iterator[Fault]:
    for source, records, upto in connection.execute(
        "SELECT id, records, read_upto FROM sources"
    ).fetchall():
        next_record = offset = lines = 0
        rows = connection.execute(
            "SELECT id, first, count, offset, size, lines FROM blocks WHERE source = ? "
            "ORDER BY first",
            (source,),
        ).fetchall()
        for row in rows:
            where = f"source {source}, records from {row[1]}"
            if (row[1], row[3], row[5]) != (next_record, offset, lines):
                yield Fault(where, "the block does not begin where the one before it ends")
            newlines = yield from _check_block(connection, row, where)
            next_record, offset = row[1] + row[2], row[3] + row[4]
            lines = row[5] + newlines
        if (next_record, offset) != (records, upto):
            yield Fault(
                f"source {source}",
                f"the blocks hold {next_record} records of {offset} bytes, "
                f"{records} of {upto} were read",
            )


def _check_block(
    connection: sqlite3.Connection, row: tuple[int, int, int, int, int, int], where: str
) -> Generator[Fault, None, int]:
    """Check one block's bytes; gives the line ends in it."""
    try:
        block = blocks.load(connection, row[0])
    except Exception as error:  # any damage to the packed bytes is a fault to report, not a crash
        yield Fault(where, f"the block cannot be unpacked: {error}")
        return 0
    if block is None:
        yield Fault(where, "the block is gone: somebody wrote while this was checked")
        return 0
    if not blocks.is_intact(connection, row[0], block.data):
        yield Fault(where, "the bytes of the block do not match their hash")
    ends = list(block.ends)
    if len(ends) != row[2] or ends != sorted(ends) or ends[-1:] != [len(block.data)]:
        yield Fault(where, "the block does not hold its records")
    if len(block.data) != row[4]:
        yield Fault(where, "the block has another size than it says")
    return block.data.count(b"\n")


def _check_logs(connection: sqlite3.Connection) -> Iterator[Fault]:
    rows = connection.execute(
        "SELECT l.id, l.length, s.records FROM logs l JOIN sources s ON s.id = l.source"
    ).fetchall()
    for log, length, records in rows:
        yield from _check_log(connection, log, length, records)
    for table in ("events", "usage"):
        lost = connection.execute(
            f"SELECT count(*) FROM {table} WHERE id >> {logs.SEQ_BITS} NOT IN (SELECT id FROM logs)"
        ).fetchone()[0]
        if lost:
            yield Fault(table, f"{lost} rows belong to no log")


def _check_log(
    connection: sqlite3.Connection, log: int, length: int, records: int
) -> Iterator[Fault]:
    bounds = (logs.event_id(log, 0), logs.event_id(log + 1, 0) - 1)
    count, first, last = connection.execute(
        "SELECT count(*), min(id), max(id) FROM events WHERE id BETWEEN ? AND ?", bounds
    ).fetchone()
    wanted = (bounds[0], bounds[0] + length - 1) if length else (None, None)
    if (count, first, last) != (length, *wanted):
        yield Fault(f"log {log}", f"{count} events are kept, {length} were written, or with gaps")
        return
    lost = connection.execute(
        "SELECT count(*) FROM usage WHERE id BETWEEN ? AND ? AND id NOT IN (SELECT id FROM events)",
        bounds,
    ).fetchone()[0]
    if lost:
        yield Fault(f"log {log}", f"{lost} rows of usage belong to no event")
    try:
        yield from _check_events(connection, log, length, records)
    except (IndexError, TypeError) as error:
        yield Fault(f"log {log}", f"an event is not readable: {error}")


def _check_events(
    connection: sqlite3.Connection, log: int, length: int, records: int
) -> Iterator[Fault]:
    whole, sums, former = SliceList([Slice(log, 0, length)]), Totals(), 0
    cells = yield from _cells(connection, whole)
    for start in range(0, length, _STEP):
        for event in logs.read(connection, whole, start, start + _STEP):
            where = f"log {log}, event {event.seq}"
            sums += _counted(event)
            if not former <= event.record < records:
                yield Fault(where, f"its record {event.record} is missing, or out of order")
            former = event.record
            kept = logs.running_totals(connection, log, event.seq + 1)
            if kept != sums:
                yield Fault(where, "the running totals are not the sums of the events")
                sums = kept
            # A negative one leads into what the log branches off from, in sessions that begin so.
            if event.ref is not None and event.ref >= length:
                yield Fault(where, f"it refers to event {event.ref}, which is not there")
            if cells and cells[event.seq] != _expected_cell(event):
                yield Fault(where, "the timeline shows another event")


def _cells(
    connection: sqlite3.Connection, whole: SliceList
) -> Generator[Fault, None, list[columns.Cell]]:
    """The timeline of a log, event by event; nothing if it is damaged."""
    where = f"log {whole.slices[0].log}" if whole.slices else ""
    try:
        track = columns.read(connection, whole)
    except Exception as error:  # as with blocks
        yield Fault(where, f"the timeline cannot be unpacked: {error}")
        return []
    if len(track) != len(whole):
        yield Fault(where, f"the timeline has {len(track)} of {len(whole)} events")
        return []
    return list(
        zip(track.kinds, track.flags, track.times, track.sizes, track.contexts, strict=True)
    )


def _counted(event: Event) -> Totals:
    usage = event.usage
    marks = event.marks
    return Totals(
        1,
        bool(marks & Mark.OPENS_MESSAGE),
        bool(marks & Mark.ERROR),
        bool(marks & Mark.OPENS_CALL) - bool(marks & Mark.CLOSES_CALL),
        usage.input if usage else 0,
        usage.cache_read if usage else 0,
        usage.cache_write if usage else 0,
        usage.output if usage else 0,
        (usage.cost_micros or 0) if usage else 0,
    )


def _expected_cell(event: Event) -> columns.Cell:
    codes = columns.codes(event.kind, event.role, event.visibility, event.origin, event.marks)
    return columns.cell(codes, event.ts, event.size, event.usage.context if event.usage else 0)


def _check_notes(connection: sqlite3.Connection) -> Iterator[Fault]:
    for event, note in connection.execute(
        "SELECT a.event, n.id FROM anchors a JOIN notes n ON n.pk = a.note "
        "LEFT JOIN events e ON e.id = a.event WHERE e.id IS NULL"
    ):
        where = f"log {event >> logs.SEQ_BITS}, event {event & (1 << logs.SEQ_BITS) - 1}"
        yield Fault(where, f"the note {note} stands on it, and it is missing")


def _check_sessions(connection: sqlite3.Connection) -> Iterator[Fault]:
    lengths = dict(connection.execute("SELECT id, length FROM logs"))
    for pk, name in connection.execute("SELECT pk, id FROM sessions").fetchall():
        try:
            yield from _check_session(connection, pk, f"session {name}", lengths)
        except StoreError as error:
            yield Fault(f"session {name}", str(error))


def _check_session(
    connection: sqlite3.Connection, pk: int, where: str, lengths: dict[int, int]
) -> Iterator[Fault]:
    before = Totals()
    rows = connection.execute(
        "SELECT first, log, start, stop, messages, errors, open_calls, input, cache_read, "
        "cache_write, output, cost FROM slices WHERE session = ? ORDER BY first",
        (pk,),
    ).fetchall()
    for row in rows:
        first, log, start, stop = row[:4]
        if not 0 <= start < stop <= lengths.get(log, 0):
            yield Fault(where, f"slice {start}…{stop} is not within log {log}")
            return
        if (first, *row[4:]) != before.astuple():
            yield Fault(where, f"the sums in front of event {first} are wrong")
        before += logs.running_totals(connection, log, stop) - logs.running_totals(
            connection, log, start
        )
    kept = sessions.get(connection, pk)
    if (kept.events, kept.messages, kept.errors, kept.tokens) != (
        before.events,
        before.messages,
        before.errors,
        before.tokens,
    ):
        yield Fault(where, "its counts are not those of its events")
    if pk in sessions.dependents(connection, pk):
        yield Fault(where, "it stands below itself")
