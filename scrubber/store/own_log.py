"""What is added to a session here: events in a log at its end that no other session goes on.

A log is appended to as long as the session ends where the log does. A fork that was made at that
very end, and grows too, gets a log of its own: whoever shares a prefix never sees what follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.session import Changes
from scrubber.core.slices import Slice, SliceList
from scrubber.store import leases, logs, prefixes, sessions, sources
from scrubber.store.writer import SourceWriter

if TYPE_CHECKING:
    import sqlite3

    from scrubber.core.events import Draft
    from scrubber.store.leases import Lease
    from scrubber.store.store_reader import StoreReader

OWN_FORMAT = "scrubber"
"""Format of the records of events that were made in this program."""


class OwnLog:
    """Appends to one session; kept by whoever appends often, as a branch that runs does.

    Every addition is one transaction. With a lease, each is refused once the lease is lost.
    """

    def __init__(self, reader: StoreReader, session: str, lease: Lease | None = None) -> None:
        self._reader = reader
        self._session = session
        self._lease = lease
        self._writer: SourceWriter | None = None
        self._log = self._length = 0

    def append(self, items: list[tuple[bytes, Draft]]) -> Changes:
        """Add events, given as (record, event), to the end of the session."""
        if not items:
            return Changes()
        try:
            with self._reader.connections.write() as connection:
                return self._append(connection, items)
        except BaseException:
            self._writer = None  # what it holds in memory was not written
            raise

    def _append(self, connection: sqlite3.Connection, items: list[tuple[bytes, Draft]]) -> Changes:
        if self._lease is not None:
            leases.check(connection, self._lease)
        pk = sessions.find(connection, self._session)
        sessions.revise(connection, pk, "append")
        writer = self._writer_at_end(connection, pk)
        for raw, draft in items:
            writer.add(raw, [draft])
        writer.commit({})
        former, self._length = self._length, self._length + len(items)
        self._log = writer.log_id("") or 0
        sessions.extend(connection, pk, self._log, former, self._length)
        connection.execute("UPDATE sessions SET updated = ? WHERE pk = ?", (sessions.now_ms(), pk))
        return Changes(changed=frozenset({sessions.get(connection, pk).id}))

    def _writer_at_end(self, connection: sqlite3.Connection, pk: int) -> SourceWriter:
        """What writes the log at the session's end: the one at hand, the one there, a new one."""
        slices = sessions.slices_of(connection, pk)
        last = slices.slices[-1] if slices.slices else None
        here = last is not None and (last.log, last.stop) == (self._log, self._length)
        if self._writer is None or not here or not _ends(connection, last):
            self._writer = self._open(connection, slices)
        return self._writer

    def _open(self, connection: sqlite3.Connection, slices: SliceList) -> SourceWriter:
        last = slices.slices[-1] if slices.slices else None
        source = _own_source(connection, last)
        if last is not None and source is not None:
            writer = SourceWriter(self._reader.connections, source, OWN_FORMAT)
            self._log, self._length = last.log, last.stop
            writer.tally().resume(logs.running_totals(connection, last.log, last.stop))
        else:
            source = sources.create(connection, None, OWN_FORMAT, 1)
            writer = SourceWriter(self._reader.connections, source, OWN_FORMAT)
            self._log = self._length = 0
        prefixes.expect(connection, slices, writer.tally(), self._log)
        return writer


def _ends(connection: sqlite3.Connection, piece: Slice | None) -> bool:
    """Whether a slice reaches to the end of its log."""
    if piece is None:
        return False
    row = connection.execute("SELECT length FROM logs WHERE id = ?", (piece.log,)).fetchone()
    return row is not None and row[0] == piece.stop


def _own_source(connection: sqlite3.Connection, last: Slice | None) -> int | None:
    """The source of the log that a session ends with, if it can be gone on with."""
    if last is None or not _ends(connection, last):
        return None
    row = connection.execute(
        "SELECT s.id FROM logs l JOIN sources s ON s.id = l.source "
        "WHERE l.id = ? AND s.path IS NULL AND s.format = ? AND "
        "(SELECT count(*) FROM logs o WHERE o.source = s.id) = 1",
        (last.log, OWN_FORMAT),
    ).fetchone()
    return row[0] if row else None


def rewrite(
    reader: StoreReader,
    session: str,
    start: int,
    stop: int,
    items: list[tuple[bytes, Draft]],
) -> SliceList:
    """The session's slices with other events in the place of start…stop-1, in a log of their own.

    To be called in a transaction; the session itself is not changed.
    """
    slices = reader.slices(session)
    middle = SliceList()
    if items:
        source = sources.create(reader.connections.get(), None, OWN_FORMAT, 1)
        writer = SourceWriter(reader.connections, source, OWN_FORMAT)
        prefixes.expect(reader.connections.get(), slices.between(0, start), writer.tally())
        for raw, draft in items:
            writer.add(raw, [draft])
        writer.commit({})
        middle = SliceList([Slice(writer.log_id("") or 0, 0, len(items))])
    return slices.between(0, start) + middle + slices.between(stop, len(slices))
