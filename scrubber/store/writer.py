"""Writes what a reader derives from a source: records, events and sessions, batch by batch.

A batch is one transaction and holds everything up to a record: an import that is killed leaves a
store that is whole up to its last batch, and is taken up from there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.core.session import Changes, SessionInfo
from scrubber.core.slices import SliceList
from scrubber.core.tally import Tally
from scrubber.core.track import pack_flags
from scrubber.store import blocks, columns, logs, prefixes, sources
from scrubber.store.following import Place, adopt, follow

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
    inserted: int = 0
    """Events that are rows by now, those of the open transaction included."""
    cells: list[columns.Cell] = field(default_factory=list)
    is_placed: bool = False
    """Whether its tally knows what is open in front of it."""
    told: object = None
    """What its session was told last, besides its events."""


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
        self._waiting: dict[str, _Log] = {}
        """Logs with events that are not rows yet."""
        self._grown: dict[str, _Log] = {}
        """Logs with events in the open batch."""
        for key, log, length in connection.execute(
            "SELECT key, id, length FROM logs WHERE source = ?", (source,)
        ):
            self._logs[key] = _Log(id=log, written=length, inserted=length)
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

    def replay(self, drafts: Sequence[Draft], infos: Mapping[str, SessionInfo]) -> None:
        """Take note of a record that the store holds already, to go on behind it."""
        for draft in drafts:
            log = self._logs.setdefault(draft.log, _Log())
            if not log.is_placed:
                self._place(self._connections.get(), draft.log, log, infos)
            log.tally.enter(draft)

    def holds(self, drafts: Sequence[Draft]) -> bool:
        """Whether the store has just these events, which were replayed last, of one record."""
        left = Counter(draft.log for draft in drafts)
        connection = self._connections.get()
        for draft in drafts:
            log = self._logs[draft.log]
            seq = log.tally.events - left[draft.log]
            left[draft.log] -= 1
            row = connection.execute(
                "SELECT kind, size, text FROM events WHERE id = ?",
                (logs.event_id(log.id or 0, seq),),
            ).fetchone()
            if row != (int(draft.kind), draft.size, draft.text):
                return False
        return True

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

    def commit(self, infos: Mapping[str, SessionInfo], midway: bool = False) -> Changes:
        """Write the batch in one transaction; gives the sessions it added or changed.

        ``midway``: more batches follow soon. What became known of sessions that have no events in
        this batch waits for the last one: a file may hold a hundred thousand sessions.
        """
        self._pack()
        with self._connections.write() as connection:
            sources.check_place(connection, self._source, *self._committed)
            blocks.insert(connection, self._packed)
            self._write_events(connection, infos)
            sources.advance(connection, self._source, self._blocks.records, self._blocks.offset)
            changes = Changes.joined(
                self._write_log(connection, key, self._logs[key], infos)
                for key in self._parents_first(infos, midway)
            )
        self._packed, self._events, self._bytes = [], [], 0
        self._grown = {}
        self._committed = self._blocks.records, self._blocks.offset
        self.changes |= changes
        return changes

    def _write_events(
        self, connection: sqlite3.Connection, infos: Mapping[str, SessionInfo]
    ) -> None:
        rows: list[tuple[object, ...]] = []
        usages: list[tuple[object, ...]] = []
        for record, draft in self._events:
            log = self._logs.setdefault(draft.log, _Log())
            if log.id is None:
                log.id = logs.create(connection, self._source, draft.log)
            if self._as_is:
                log.tally.count(draft)
            else:
                if not log.is_placed:
                    if _branches(infos, draft.log):
                        self._insert(connection, rows, usages)
                        rows, usages = [], []
                    self._place(connection, draft.log, log, infos)
                log.tally.enter(draft)
            self._waiting[draft.log] = self._grown[draft.log] = log
            rows.append(logs.event_row(log.id, record, draft, log.tally))
            if usage := logs.usage_row(log.id, draft, log.tally):
                usages.append(usage)
            log.cells.append(cell(draft))
        self._insert(connection, rows, usages)

    def _insert(
        self,
        connection: sqlite3.Connection,
        rows: list[tuple[object, ...]],
        usages: list[tuple[object, ...]],
    ) -> None:
        logs.insert(connection, rows, usages)
        for log in self._waiting.values():
            log.inserted = log.tally.events
        self._waiting = {}

    def _place(
        self,
        connection: sqlite3.Connection,
        key: str,
        log: _Log,
        infos: Mapping[str, SessionInfo],
    ) -> None:
        """Before a log's first event: see what is open where it branches off."""
        log.is_placed = True
        if prefix := self._prefix(key, infos):
            prefixes.expect(connection, prefix, log.tally)

    def _prefix(self, key: str, infos: Mapping[str, SessionInfo]) -> SliceList:
        """What a log branches off from, as far as it is written."""
        if not _branches(infos, key):
            return SliceList()
        return prefixes.branch_prefix(infos, key, self._find)

    def _find(self, key: str) -> tuple[int, int] | None:
        """(id, length) of one of the source's logs, as far as it is written."""
        log = self._logs.get(key)
        if log is None or log.id is None:
            return None
        return log.id, min(log.inserted, log.tally.events)

    def _parents_first(self, infos: Mapping[str, SessionInfo], midway: bool) -> list[str]:
        """The logs that are news, each behind those that it branches off from."""
        keys = dict(self._grown)
        if not midway:
            news = ((k, log) for k, log in self._logs.items() if log.told != _told(infos.get(k)))
            keys.update(news)
        ordered: dict[str, None] = {}
        for key in keys:
            line = [key]
            while (info := infos.get(line[-1])) is not None and info.branch is not None:
                if info.branch.log in line or info.branch.log not in keys:
                    break
                line.append(info.branch.log)
            ordered.update(dict.fromkeys(reversed(line)))
        return list(ordered)

    def _write_log(
        self,
        connection: sqlite3.Connection,
        key: str,
        log: _Log,
        infos: Mapping[str, SessionInfo],
    ) -> Changes:
        if log.id is None:
            return Changes()
        old, new = log.written, log.tally.events
        if new > old:
            columns.append(connection, log.id, old, log.cells)
            connection.execute("UPDATE logs SET length = ? WHERE id = ?", (new, log.id))
        log.cells, log.written = [], new
        info = infos.get(key)
        log.told = _told(info)
        if info is None:
            return Changes()
        self._write_spawns(connection, log.id, info)
        place = Place(log.id, self._prefix(key, infos), self._parent(info))
        if self._replaces is not None:
            adopt(connection, self._replaces, key, place, old)
        return follow(connection, self._format, place, (old, new), info)

    def _parent(self, info: SessionInfo) -> int | None:
        return self.log_id(info.branch.log) if info.branch is not None else None

    def _write_spawns(self, connection: sqlite3.Connection, log: int, info: SessionInfo) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO spawns VALUES (?, ?, ?, ?, ?)",
            [
                (log, agent, spawn.start, spawn.stop, spawn.title)
                for agent, spawn in info.spawns.items()
            ],
        )


def _branches(infos: Mapping[str, SessionInfo], key: str) -> bool:
    return key in infos and infos[key].branch is not None


def _told(info: SessionInfo | None) -> object:
    """What a session is told of its log, besides events; it may change without any."""
    if info is None:
        return None
    spawns = [(agent, one.start, one.stop, one.title) for agent, one in info.spawns.items()]
    return info.title, info.model, spawns


def cell(draft: Draft) -> columns.Cell:
    """What the timeline shows of an event."""
    flags = _flags(draft.role, draft.visibility, draft.origin, draft.marks)
    context = draft.usage.context if draft.usage else 0
    most = columns.MAX_CELL
    return int(draft.kind), flags, draft.ts or 0, min(draft.size, most), min(context, most)


_flags = lru_cache(maxsize=None)(pack_flags)
"""The same few combinations come again and again."""
