"""Writes what a reader derives from a source: records, events and sessions, batch by batch.

A batch is one transaction and holds everything up to a record: an import that is killed leaves a
store that is whole up to its last batch, and is taken up from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.core.session import Changes, SessionInfo
from scrubber.core.slices import Slice, SliceList
from scrubber.core.tally import Tally
from scrubber.core.track import pack_flags
from scrubber.store import blocks, columns, logs, sessions, sources

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from scrubber.core.events import Draft
    from scrubber.store.connection import Connections

_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_EVENTS = 8_000


@dataclass(slots=True)
class _Log:
    """One log of the source, while it is written."""

    tally: Tally = field(default_factory=Tally)
    id: int | None = None
    written: int = 0
    cells: list[columns.Cell] = field(default_factory=list)


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
        self._as_is = as_is
        self._connections = connections
        self._replaces = replaces
        self._source = source
        self._format = session_format
        connection = connections.get()
        self._blocks = blocks.BlockWriter(connection, source)
        self._logs: dict[str, _Log] = {}
        for key, log, length in connection.execute(
            "SELECT key, id, length FROM logs WHERE source = ?", (source,)
        ):
            self._logs[key] = _Log(id=log, written=length)
        self._packed: list[tuple[object, ...]] = []
        self._events: list[tuple[int, Draft]] = []
        self._bytes = 0
        self._committed = self._blocks.records, self._blocks.offset
        self.changes = Changes()

    @property
    def records(self) -> int:
        """Records of the source, those of the open batch included."""
        return self._blocks.records

    def tally(self, key: str = "") -> Tally:
        """The running account of one of the source's logs."""
        return self._logs.setdefault(key, _Log()).tally

    @property
    def read_upto(self) -> int:
        """Bytes of the source that are records by now, those of the open batch included."""
        return self._blocks.offset

    def replay(self, drafts: Sequence[Draft]) -> None:
        """Take note of a record that the store holds already, to go on behind it."""
        for draft in drafts:
            self.tally(draft.log).enter(draft)

    @property
    def in_step(self) -> bool:
        """After replaying: whether that gave just as many events as the store holds."""
        return all(log.tally.events == log.written for log in self._logs.values())

    def add(self, raw: bytes, drafts: Sequence[Draft]) -> None:
        """Take the next record of the source and what was derived from it."""
        record = self._blocks.add(raw)
        self.add_events(record, drafts)
        self._bytes += len(raw)
        if self._blocks.full:
            self._pack()

    def _pack(self) -> None:
        row = self._blocks.pack()
        if row is not None:
            self._packed.append(row)

    def add_events(self, record: int, drafts: Sequence[Draft]) -> None:
        """Take events of a record that was added before, in the order of their logs."""
        self._events.extend((record, draft) for draft in drafts)

    def log_id(self, key: str) -> int | None:
        """Id of one of the source's logs, None before its first event is committed."""
        return self._logs[key].id if key in self._logs else None

    @property
    def batch_is_full(self) -> bool:
        """Whether it is time to commit."""
        return self._bytes >= _BATCH_BYTES or len(self._events) >= _BATCH_EVENTS

    def commit(self, infos: Mapping[str, SessionInfo]) -> Changes:
        """Write the batch in one transaction; gives the sessions it added or changed."""
        self._pack()
        with self._connections.write() as connection:
            sources.check_place(connection, self._source, *self._committed)
            blocks.insert(connection, self._packed)
            self._write_events(connection)
            sources.advance(connection, self._source, self._blocks.records, self._blocks.offset)
            changes = Changes()
            for key, log in self._logs.items():
                changes |= self._write_log(connection, key, log, infos.get(key))
        self._packed, self._events, self._bytes = [], [], 0
        self._committed = self._blocks.records, self._blocks.offset
        self.changes |= changes
        return changes

    def _write_events(self, connection: sqlite3.Connection) -> None:
        rows, usages = [], []
        for record, draft in self._events:
            log = self._logs.get(draft.log)
            if log is None:
                log = self._logs[draft.log] = _Log()
            if log.id is None:
                log.id = logs.create(connection, self._source, draft.log)
            if self._as_is:
                log.tally.count(draft)
            else:
                log.tally.enter(draft)
            rows.append(logs.event_row(log.id, record, draft, log.tally))
            if usage := logs.usage_row(log.id, draft, log.tally):
                usages.append(usage)
            log.cells.append(cell(draft))
        logs.insert(connection, rows, usages)

    def _write_log(
        self, connection: sqlite3.Connection, key: str, log: _Log, info: SessionInfo | None
    ) -> Changes:
        if log.id is None:
            return Changes()
        old, new = log.written, log.tally.events
        if new > old:
            columns.append(connection, log.id, old, log.cells)
            connection.execute("UPDATE logs SET length = ? WHERE id = ?", (new, log.id))
        log.cells, log.written = [], new
        if info is None:
            return Changes()
        self._write_spawns(connection, log.id, info)
        if self._replaces is not None:
            adopt(connection, self._replaces, key, log.id, old)
        return follow(connection, self._format, log.id, (old, new), info)

    def _write_spawns(self, connection: sqlite3.Connection, log: int, info: SessionInfo) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO spawns VALUES (?, ?, ?, ?, ?)",
            [
                (log, agent, spawn.start, spawn.stop, spawn.title)
                for agent, spawn in info.spawns.items()
            ],
        )


def cell(draft: Draft) -> columns.Cell:
    """What the timeline shows of an event."""
    flags = _flags(draft.role, draft.visibility, draft.origin, draft.marks)
    context = draft.usage.context if draft.usage else 0
    most = columns.MAX_CELL
    return int(draft.kind), flags, draft.ts or 0, min(draft.size, most), min(context, most)


_flags = lru_cache(maxsize=None)(pack_flags)
"""The same few combinations come again and again."""


def adopt(connection: sqlite3.Connection, former: int, key: str, log: int, length: int) -> None:
    """Let the session that followed a log of a rewritten source follow its new version.

    Forks of the old version keep its slices, and so stay what they were. Sub-agents look for their
    place in the new version.
    """
    row = connection.execute(
        "SELECT s.pk FROM sources f JOIN sources o ON o.path = f.path AND o.superseded = 1 "
        "AND o.id <= f.id JOIN logs l ON l.source = o.id JOIN sessions s ON s.follows = l.id "
        "WHERE f.id = ? AND l.key = ? ORDER BY o.id DESC LIMIT 1",
        (former, key),
    ).fetchone()
    if row is None:
        return
    sessions.revise(connection, row[0], "rewritten")
    connection.execute("UPDATE sessions SET follows = ? WHERE pk = ?", (log, row[0]))
    sessions.write_slices(connection, row[0], SliceList([Slice(log, 0, length)]))
    connection.execute(
        "UPDATE sessions SET forked_at = NULL WHERE parent = ? AND relation = 'subagent'", row
    )


def follow(
    connection: sqlite3.Connection,
    session_format: str,
    log: int,
    grown: tuple[int, int],
    info: SessionInfo,
) -> Changes:
    """Create the session that follows a log, or let it grow with it, and note what is known."""
    row = connection.execute(
        "SELECT pk, id, title, model, updated, trashed FROM sessions WHERE follows = ?", (log,)
    ).fetchone()
    if row is None:
        pk = sessions.create(
            connection,
            {**_facts(info), "format": session_format, "follows": log, "relation": info.relation},
            SliceList([Slice(log, 0, grown[1])]),
        )
        return Changes(added=frozenset({sessions.get(connection, pk).id}))
    if grown[0] == grown[1] and (row[2], row[3]) == (info.title or row[2], info.model or row[3]):
        return Changes()
    if grown[0] != grown[1]:
        sessions.extend(connection, row[0], log, *grown)
    connection.execute(
        "UPDATE sessions SET title = CASE WHEN renamed OR :title = '' THEN title ELSE :title END, "
        "model = coalesce(:model, model), cwd = coalesce(:cwd, cwd), created = :created, "
        "updated = :updated, revision = revision + :grown WHERE pk = :pk",
        {**_facts(info), "pk": row[0], "grown": grown[0] != grown[1]},
    )
    return Changes(changed=frozenset({row[1]}))


def _facts(info: SessionInfo) -> dict[str, object]:
    now = sessions.now_ms()
    return {
        "title": info.title,
        "native_id": info.native_id,
        "parent_native_id": info.parent_native_id,
        "agent": info.agent,
        "model": info.model,
        "cwd": info.cwd,
        "created": info.created or info.file_time or now,
        "updated": info.updated or info.file_time or now,
    }
