"""Checks everything in a store that can be checked against something else in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from scrubber.core.events import Draft, Event, Kind, Mark, Totals
from scrubber.core.slices import Slice, SliceList
from scrubber.store import blocks, columns, logs, sessions
from scrubber.store.writer import cell


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it must be: what, and where."""

    where: str
    what: str


def verify(connection: sqlite3.Connection) -> Iterator[Fault]:
    """All faults of a store, found by reading it whole. Yields as it finds them."""
    yield from _check_file(connection)
    yield from _check_blocks(connection)
    yield from _check_logs(connection)
    yield from _check_sessions(connection)


def _check_file(connection: sqlite3.Connection) -> Iterator[Fault]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Fault("file", text)
    for table, row, other, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Fault(f"{table} row {row}", f"refers to a row of {other} that is missing")


def _check_blocks(connection: sqlite3.Connection) -> Iterator[Fault]:
    for source, records, upto in connection.execute("SELECT id, records, read_upto FROM sources"):
        next_record = offset = lines = 0
        rows = connection.execute(
            "SELECT id, first, count, offset, size, lines, digest FROM blocks WHERE source = ? "
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
                f"{next_record} records of {offset} bytes are kept, {records} of {upto} were read",
            )


def _check_block(
    connection: sqlite3.Connection, row: tuple[int, int, int, int, int, int, bytes], where: str
) -> Generator[Fault, None, int]:
    """Check one block's bytes; gives the line ends in it."""
    try:
        block = blocks.load(connection, row[0])
    except Exception as error:  # any damage to the packed bytes is a fault to report, not a crash
        yield Fault(where, f"the block cannot be unpacked: {error}")
        return 0
    if blocks.digest(block.data) != row[6]:
        yield Fault(where, "the bytes do not match their hash")
    if len(block.ends) != row[2] or (row[2] and block.ends[-1] != len(block.data)):
        yield Fault(where, "the block does not hold its records")
    return block.data.count(b"\n")


def _check_logs(connection: sqlite3.Connection) -> Iterator[Fault]:
    rows = connection.execute(
        "SELECT l.id, l.length, s.records FROM logs l JOIN sources s ON s.id = l.source"
    ).fetchall()
    for log, length, records in rows:
        yield from _check_log(connection, log, length, records)


def _check_log(
    connection: sqlite3.Connection, log: int, length: int, records: int
) -> Iterator[Fault]:
    low, high = logs.event_id(log, 0), logs.event_id(log + 1, 0) - 1
    count, first, last = connection.execute(
        "SELECT count(*), min(id), max(id) FROM events WHERE id BETWEEN ? AND ?", (low, high)
    ).fetchone()
    if (count, first, last) != (length, low if length else None, low + length - 1 if length else None):
        yield Fault(f"log {log}", f"{count} events are kept, {length} were written, or with gaps")
        return
    whole, sums = SliceList([Slice(log, 0, length)]), Totals()
    track = columns.read(connection, whole)
    if len(track) != length:
        yield Fault(f"log {log}", f"the timeline has {len(track)} of {length} events")
        return
    for start in range(0, length, 2000):
        for event in logs.read(connection, whole, start, start + 2000):
            where = f"log {log}, event {event.seq}"
            sums += _counted(event)
            if not 0 <= event.record < records:
                yield Fault(where, f"its record {event.record} is missing")
            if logs.running_totals(connection, log, event.seq + 1) != sums:
                yield Fault(where, "the running totals are not the sums of the events")
                sums = logs.running_totals(connection, log, event.seq + 1)
            at = event.seq
            shown = (
                track.kinds[at], track.flags[at], track.times[at], track.sizes[at],
                track.contexts[at],
            )
            if shown != _expected_cell(event):
                yield Fault(where, "the timeline shows another event")


def _counted(event: Event) -> Totals:
    usage = event.usage
    marks = event.marks
    opened = (event.kind is Kind.TOOL_CALL and event.call_id is not None) - bool(
        marks & Mark.CLOSES_CALL
    )
    return Totals(
        1,
        bool(marks & Mark.OPENS_MESSAGE),
        bool(marks & Mark.ERROR),
        opened,
        usage.input if usage else 0,
        usage.cache_read if usage else 0,
        usage.cache_write if usage else 0,
        usage.output if usage else 0,
        (usage.cost_micros or 0) if usage else 0,
    )


def _expected_cell(event: Event) -> columns.Cell:
    return cell(
        Draft(
            event.kind, role=event.role, visibility=event.visibility, origin=event.origin,
            marks=event.marks, ts=event.ts, size=event.size, usage=event.usage,
        )
    )


def _check_sessions(connection: sqlite3.Connection) -> Iterator[Fault]:
    lengths = dict(connection.execute("SELECT id, length FROM logs"))
    for pk, name in connection.execute("SELECT pk, id FROM sessions").fetchall():
        where, before = f"session {name}", Totals()
        rows = connection.execute(
            "SELECT first, log, start, stop, messages, errors, open_calls, input, cache_read, "
            "cache_write, output, cost FROM slices WHERE session = ? ORDER BY first",
            (pk,),
        ).fetchall()
        for row in rows:
            first, log, start, stop = row[:4]
            if not 0 <= start < stop <= lengths.get(log, 0):
                yield Fault(where, f"slice {start}…{stop} is not within log {log}")
                break
            if (first, *row[4:]) != before.astuple():
                yield Fault(where, f"the sums in front of event {first} are wrong")
            before += logs.running_totals(connection, log, stop) - logs.running_totals(
                connection, log, start
            )
        else:
            kept = sessions.get(connection, pk)
            if (kept.events, kept.messages, kept.errors, kept.tokens) != (
                before.events, before.messages, before.errors, before.tokens,
            ):
                yield Fault(where, "its counts are not those of its events")
