"""Writes what a reader derives from a source: records, events and sessions, batch by batch.

A batch is one transaction and holds everything up to a record: an import that is killed leaves a
store that is whole up to its last batch, and is taken up from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.session import Changes, SessionInfo
from scrubber.store import block_writer, columns, sources
from scrubber.store.event_rows import EventRows
from scrubber.store.following import Place, adopt, follow
from scrubber.store.source_logs import SourceLogs, parents_first, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from scrubber.core.events import Draft
    from scrubber.core.tally import Tally
    from scrubber.store.connection import Connections

_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_EVENTS = 8_000


class SourceWriter:
    """Appends to one source and its logs; used by one thread at a time."""

    def __init__(
        self,
        connections: Connections,
        source: int,
        session_format: str,
        replaces: int | None = None,
        as_is: bool = False,
    ) -> None:
        """``replaces``: the source whose sessions shall follow this one's logs from now on.

        ``as_is``: the events come from a store, and have all their marks already.
        """
        self._connections = connections
        self._replaces = replaces
        self._source = source
        self._format = session_format
        connection = connections.get()
        self._logs = SourceLogs(connection, source)
        self._rows = EventRows(source, self._logs, as_is)
        self._blocks = block_writer.BlockWriter(connection, source)
        self._committed = self.records, self.read_upto
        self._entries: list[tuple[int, Sequence[Draft]]] = []
        """Of the open batch: the events of a record, with its number."""
        self._events = 0
        self.changes = Changes()

    # Where it stands

    @property
    def records(self) -> int:
        """Records of the source, those of the open batch included."""
        return self._blocks.records

    @property
    def read_upto(self) -> int:
        """Bytes of the source that are records by now, those of the open batch included."""
        return self._blocks.offset

    def tally(self, key: str = "") -> Tally:
        """The running account of one of the source's logs."""
        return self._logs[key].tally

    def log_id(self, key: str) -> int | None:
        """Id of one of the source's logs, None before its first event is committed."""
        return self._logs.id_of(key)

    def replay(self, drafts: Sequence[Draft], infos: Mapping[str, SessionInfo]) -> None:
        """Take note of a record that the store holds already, to go on behind it."""
        self._logs.replay(self._connections.get(), drafts, infos)

    def holds(self, drafts: Sequence[Draft]) -> bool:
        """Whether the store has just these events, which were replayed last, of one record."""
        return self._logs.holds(self._connections.get(), drafts)

    @property
    def in_step(self) -> bool:
        """After replaying: whether that gave just as many events as the store holds."""
        return self._logs.in_step

    # What is new

    def add(self, raw: bytes, drafts: Sequence[Draft]) -> None:
        """Take the next record of the source and what was derived from it."""
        self.add_events(self._blocks.add(raw), drafts)

    def add_events(self, record: int, drafts: Sequence[Draft]) -> None:
        """Take events of a record that was added before, in the order of their logs."""
        if drafts:
            self._entries.append((record, drafts))
            self._events += len(drafts)

    @property
    def batch_is_full(self) -> bool:
        """Whether it is time to commit."""
        return self._events >= _BATCH_EVENTS or self.read_upto - self._committed[1] >= _BATCH_BYTES

    def commit(self, infos: Mapping[str, SessionInfo], midway: bool = False) -> Changes:
        """Write the batch in one transaction; gives the sessions it added or changed.

        ``midway``: more batches follow soon. What became known of sessions that have no events in
        this batch waits for the last one: a file may hold a hundred thousand sessions.
        """
        blocks = self._blocks.take()
        place = self.records, self.read_upto
        with self._connections.write() as connection:
            sources.check_place(connection, self._source, *self._committed)
            block_writer.insert(connection, blocks)
            grown = self._rows.write(connection, self._entries, infos)
            sources.advance(connection, self._source, *place)
            news = grown if midway else grown | self._logs.with_news(infos)
            changes = Changes.joined(
                self._write_log(connection, key, infos) for key in parents_first(news, infos)
            )
        self._entries, self._events, self._committed = [], 0, place
        self.changes |= changes
        return changes

    def _write_log(
        self, connection: sqlite3.Connection, key: str, infos: Mapping[str, SessionInfo]
    ) -> Changes:
        """Write what a log has grown by, and let its session follow."""
        log, info = self._logs[key], infos.get(key)
        if log.id is None:
            return Changes()
        old, new = log.written, log.tally.events
        if new > old:
            columns.append(connection, log.id, old, log.cells)
            connection.execute("UPDATE logs SET length = ? WHERE id = ?", (new, log.id))
        log.cells, log.written, log.told = [], new, told(info)
        if info is None:
            return Changes()
        _write_spawns(connection, log.id, info)
        parent = None if info.branch is None else self.log_id(info.branch.log)
        place = Place(log.id, self._logs.prefix(key, infos), parent)
        if self._replaces is not None:
            adopt(connection, self._replaces, key, place, old)
        return follow(connection, self._format, place, (old, new), info)


def _write_spawns(connection: sqlite3.Connection, log: int, info: SessionInfo) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO spawns VALUES (?, ?, ?, ?, ?)",
        [
            (log, agent, spawn.start, spawn.stop, spawn.title)
            for agent, spawn in info.spawns.items()
        ],
    )
