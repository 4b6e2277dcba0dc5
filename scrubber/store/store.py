"""One store file: everything that reads or changes it, as typed methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.session import Changes, Session
from scrubber.core.slices import Slice, SliceList
from scrubber.core.track import AgentSpan, ForkMark, Track
from scrubber.store import blocks, columns, linking, logs, migrations, sessions, sources, trash
from scrubber.store.connection import Connections
from scrubber.store.writer import SourceWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from scrubber.core.events import Draft, Event, Kind, Totals
    from scrubber.store.sources import Source, Warning

_ORDERS = {
    "updated": "s.updated DESC",
    "title": "s.title COLLATE NOCASE",
    "events": "s.events DESC",
    "tokens": "s.tokens DESC",
    "errors": "s.errors DESC",
}
_HAYSTACK = (
    "s.title || ' ' || s.id || ' ' || s.format || ' ' || coalesce(s.model, '') || ' ' || "
    "coalesce(s.cwd, '') || ' ' || coalesce(s.native_id, '') || ' ' || s.relation"
)

OWN_FORMAT = "scrubber"
"""Format of the records of events that were made in this program."""


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Store:
    """A store file. May be used from any thread, and by several programs at once.

    Sessions are named by id, or by a prefix that only one id begins with; an unknown one raises
    UnknownSessionError (a LookupError), a bad argument BadArgumentError (a ValueError).
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        migrations.prepare(path, read_only)
        self.connections = Connections(path, read_only)
        self._blocks = blocks.BlockReader()

    def close(self) -> None:
        """Let go of the file."""
        self.connections.close()

    # Reading

    def data_version(self) -> int:
        """A number that changes when another program or thread has written to the store."""
        return int(self.connections.get().execute("PRAGMA data_version").fetchone()[0])

    def session(self, session: str) -> Session:
        """What is known of a session."""
        connection = self.connections.get()
        return sessions.get(connection, sessions.find(connection, session))

    def roots(self, limit: int = 2**31) -> list[Session]:
        """The sessions that are nobody's child, those changed last first."""
        return sessions.query(
            self.connections.get(),
            "s.parent IS NULL AND s.trashed IS NULL",
            (),
            "s.updated DESC, s.pk DESC",
            limit,
        )

    def children(self, session: str, relation: str | None = None) -> list[Session]:
        """A session's forks and sub-agents, in the order in which they leave it."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        return sessions.query(
            connection,
            "s.parent = ? AND s.trashed IS NULL AND (? IS NULL OR s.relation = ?)",
            (pk, relation, relation),
            "coalesce(s.forked_at, 0), s.pk",
            2**31,
        )

    def sessions(self) -> list[Session]:
        """All sessions, those changed last first."""
        return sessions.query(
            self.connections.get(), "s.trashed IS NULL", (), "s.updated DESC, s.pk DESC", 2**31
        )

    def page(self, words: str, order: str, start: int, count: int) -> list[Session]:
        """A page of the top-level sessions, or of all that hold each of the words."""
        if order not in _ORDERS:
            known = ", ".join(_ORDERS)
            raise BadArgumentError(f"sessions cannot be sorted by {order!r}: use one of {known}")
        where, values = "s.trashed IS NULL", []
        for word in words.split():
            where += f" AND {_HAYSTACK} LIKE ? ESCAPE '\\'"
            values.append(f"%{_escape_like(word)}%")
        if not values:
            where += " AND s.parent IS NULL"
        return sessions.query(
            self.connections.get(),
            where,
            tuple(values),
            f"{_ORDERS[order]}, s.pk DESC",
            count,
            start,
        )

    def sessions_with(self, ids: Iterable[str]) -> list[Session]:
        """The sessions with these ids, those that are gone left out."""
        connection = self.connections.get()
        found = (
            sessions.query(connection, "s.id = ? AND s.trashed IS NULL", (one,), "s.pk", 1)
            for one in ids
        )
        return [session for rows in found for session in rows]

    def ancestry(self, session: str) -> list[Session]:
        """A session and what it comes from, the first ancestor first."""
        line = [self.session(session)]
        while (parent := line[0].parent) is not None:
            line.insert(0, self.session(parent))
        return line

    def followers(self, source: int) -> list[Session]:
        """The sessions that follow the logs of a source, those that were put away included."""
        return sessions.query(self.connections.get(), "l.source = ?", (source,), "s.pk", 2**31)

    def slices(self, session: str) -> SliceList:
        """The slices that a session is made of."""
        connection = self.connections.get()
        return sessions.slices_of(connection, sessions.find(connection, session))

    def events(self, session: str, start: int = 0, stop: int | None = None) -> list[Event]:
        """The session's events at positions start…stop-1, clipped to the session."""
        slices = self.slices(session)
        return logs.read(
            self.connections.get(), slices, start, len(slices) if stop is None else stop
        )

    def events_backwards(self, session: str, stop: int, kinds: tuple[Kind, ...]) -> Iterator[Event]:
        """The events of some kinds in front of a position, the last one first."""
        return logs.read_spoken_backwards(self.connections.get(), self.slices(session), stop, kinds)

    def totals(self, session: str, index: int | None = None) -> Totals:
        """What the first ``index`` events (None: all) sum up to, at the same cost at any length."""
        connection = self.connections.get()
        return sessions.totals(connection, sessions.find(connection, session), index)

    def raw(self, event: Event) -> bytes:
        """The bytes of the record that an event was derived from."""
        return self._blocks.record(self.connections.get(), event.source, event.record)

    def place(self, event: Event) -> blocks.Place:
        """Line and offset of that record in its source."""
        block = self._blocks.find(self.connections.get(), event.source, event.record)
        return block.place(event.record)

    def records(self, source: int, stop: int | None = None) -> Iterator[bytes]:
        """The records of a source in order, all or the first ``stop``."""
        for block in blocks.blocks_of(self.connections.get(), source):
            for number in range(block.first, block.first + len(block.ends)):
                if stop is not None and number >= stop:
                    return
                yield block.record(number)

    def source(self, source: int) -> Source:
        """What is known of a source."""
        return sources.by_id(self.connections.get(), source)

    def sources(self) -> list[Source]:
        """All sources, superseded ones included."""
        rows = self.connections.get().execute("SELECT id FROM sources ORDER BY id").fetchall()
        return [self.source(row[0]) for row in rows]

    def source_of(self, path: Path) -> Source | None:
        """The current version of what was read from a file, None if it never was."""
        return sources.by_path(self.connections.get(), path)

    def source_of_log(self, log: int) -> Source:
        """The source that a log was read from."""
        row = self.connections.get().execute("SELECT source FROM logs WHERE id = ?", (log,))
        return self.source(row.fetchone()[0])

    def logs_of(self, source: int) -> list[tuple[int, str, int]]:
        """(id, key, length) of the logs of a source."""
        rows = self.connections.get().execute(
            "SELECT id, key, length FROM logs WHERE source = ? ORDER BY id", (source,)
        )
        return list(rows)

    def read(self, slices: SliceList, start: int, stop: int) -> list[Event]:
        """The events at some positions of a list of slices, whether a session has it or not."""
        return logs.read(self.connections.get(), slices, start, stop)

    def spawns(self, log: int) -> list[tuple[str, int, int | None, str]]:
        """(agent, start, stop, title) of the sub-agents that a log's session started."""
        rows = self.connections.get().execute(
            "SELECT agent, start, stop, title FROM spawns WHERE log = ? ORDER BY start, agent",
            (log,),
        )
        return list(rows)

    def lineage_facts(self, session: str) -> dict[str, Any]:
        """What else the store knows of a session, for snapshots."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        row = connection.execute(
            "SELECT parent_native_id, agent, renamed, follows FROM sessions WHERE pk = ?", (pk,)
        ).fetchone()
        names = ("parent_native_id", "agent", "renamed", "follows")
        return {**dict(zip(names, row, strict=True)), "labels": self.labels(session)}

    def labels(self, session: str) -> list[str]:
        """The session's labels, sorted."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        rows = connection.execute("SELECT name FROM labels WHERE session = ? ORDER BY name", (pk,))
        return [row[0] for row in rows]

    def track(self, session: str) -> Track:
        """The session's columns for the timeline, with its children's marks."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        slices = sessions.slices_of(connection, pk)
        track = columns.read(connection, slices)
        track.forks = tuple(
            ForkMark(child.forked_at or 0, child.id, child.title)
            for child in self.children(session, "fork")
        )
        track.spans = tuple(self._spans(session, slices))
        return track

    def _spans(self, session: str, slices: SliceList) -> Iterator[AgentSpan]:
        agents = {child.forked_at: child for child in self.children(session, "subagent")}
        for log in sorted({piece.log for piece in slices.slices}):
            for agent, start, stop, named in self.spawns(log):
                first = slices.position_of(log, start)
                if first is None:
                    continue
                last = slices.position_of(log, stop) if stop is not None else None
                child = agents.get(first)
                title = (child.title if child else named) or f"sub-agent {agent}"
                end = len(slices) if last is None else last + 1
                yield AgentSpan(first, end, child.id if child else None, title)

    # Changing

    def fork(
        self,
        session: str,
        at: int,
        *,
        title: str,
        note: str = "",
        expected_revision: int | None = None,
        key: str | None = None,
    ) -> tuple[Session, Changes]:
        """A new session that shares the first ``at`` events of another.

        Costs the number of slices, whatever the length. ``expected_revision`` is the revision of
        the source that the caller saw: a ConflictError if it is another by now. A repeat with the
        same idempotency ``key`` gives the first call's session; with other arguments it is a
        ConflictError.
        """
        request = orjson.dumps(["fork", session, at, title, note]).decode()

        def work() -> str:
            connection = self.connections.get()
            pk = sessions.find(connection, session)
            found = sessions.get(connection, pk)
            if expected_revision is not None and expected_revision != found.revision:
                raise ConflictError(
                    f"session {found.id}: expected revision {expected_revision}, "
                    f"found {found.revision}"
                )
            return sessions.get(connection, sessions.fork(connection, pk, at, title, note)).id

        child = self.session(self.once(key, request, work))
        return child, Changes(
            added=frozenset({child.id}), changed=frozenset({child.parent} if child.parent else ())
        )

    def writer(
        self, path: Path | None, format: str, reader: int, replaces: int | None = None
    ) -> tuple[int, SourceWriter]:
        """A new source and what writes it; sessions of a replaced one follow the new one."""
        with self.connections.write() as connection:
            source = sources.create(connection, path, format, reader, replaces)
        return source, SourceWriter(self.connections, source, format, replaces)

    def writer_of(self, source: Source) -> SourceWriter:
        """What goes on writing a source; first it must be told what the store holds already."""
        with self.connections.write() as connection:
            former = sources.predecessor(connection, source.id)
            return SourceWriter(self.connections, source.id, source.format, former)

    def abandon(self, source: int, replaced: int | None) -> None:
        """Take back a source of which nothing could be read."""
        with self.connections.write() as connection:
            sources.delete_empty(connection, source, replaced)

    def finish(
        self,
        source: int,
        read_upto: int,
        seen: tuple[int, int, int],
        pending: bytes,
        warnings: list[Warning],
    ) -> Changes:
        """Note that a source was read to its end, and find the parents of its sub-agents."""
        with self.connections.write() as connection:
            sources.finish(connection, source, read_upto, seen, pending, warnings)
            return linking.link(connection, source)

    def block_digests(self, source: int) -> list[tuple[int, bytes]]:
        """(size, hash) of the blocks of a source, in order: what its file began with."""
        rows = self.connections.get().execute(
            "SELECT size, digest FROM blocks WHERE source = ? ORDER BY first", (source,)
        )
        return list(rows)

    def once(self, key: str | None, request: str, work: Callable[[], str]) -> str:
        """Do some work in one transaction, or give the result of the first time for its key."""
        with self.connections.write() as connection:
            if key is not None:
                row = connection.execute(
                    "SELECT request, result FROM requests WHERE key = ?", (key,)
                ).fetchone()
                if row is not None and row[0] != request:
                    raise ConflictError(f"idempotency key {key!r} was used for another request")
                if row is not None:
                    return str(row[1])
            result = work()
            if key is not None:
                connection.execute(
                    "INSERT INTO requests VALUES (?, ?, ?, ?)",
                    (key, sessions.now_ms(), request, result),
                )
            return result

    def append(self, session: str, items: list[tuple[bytes, Draft]]) -> Changes:
        """Add events of this program's own making to the end of a session.

        They go to a log that belongs to this session alone; whoever shares its prefix does not
        see them.
        """
        if not items:
            return Changes()
        with self.connections.write() as connection:
            pk = sessions.find(connection, session)
            sessions.revise(connection, pk, "append")
            slices = sessions.slices_of(connection, pk)
            source = sources.create(connection, None, OWN_FORMAT, 1)
            writer = SourceWriter(self.connections, source, OWN_FORMAT)
            for call in self.open_calls(session):
                writer.tally().expect(call.call_id or "", call.name)
            for raw, draft in items:
                writer.add(raw, [draft])
            writer.commit({})
            log, _, length = self.logs_of(source)[0]
            sessions.write_slices(connection, pk, slices + SliceList([Slice(log, 0, length)]))
            connection.execute(
                "UPDATE sessions SET updated = ? WHERE pk = ?", (sessions.now_ms(), pk)
            )
            return Changes(changed=frozenset({sessions.get(connection, pk).id}))

    def open_calls(self, session: str, index: int | None = None) -> list[Event]:
        """The tool calls in front of an index that nothing in front of it answers, in order."""
        stop = len(self.slices(session)) if index is None else index
        missing = self.totals(session, stop).open_calls
        if missing <= 0:
            return []
        connection, slices = self.connections.get(), self.slices(session)
        answered: set[str | None] = set()
        found: list[int] = []
        for position, opens, call_id in logs.calls_backwards(connection, slices, stop):
            if not opens:
                answered.add(call_id)
            elif call_id in answered:
                answered.remove(call_id)
            else:
                found.append(position)
                if len(found) == missing:
                    break
        return [logs.read(connection, slices, at, at + 1)[0] for at in reversed(found)]

    def update(self, session: str, **fields: Any) -> Changes:
        """Set a session's title (which then stays), note or status."""
        unknown = set(fields) - {"title", "note", "status"}
        if unknown:
            raise BadArgumentError(f"a session has no field {sorted(unknown)[0]!r} to set")
        if not fields:
            return Changes()
        if "title" in fields:
            fields["renamed"] = 1
        with self.connections.write() as connection:
            pk = sessions.find(connection, session)
            sessions.revise(connection, pk, "update")
            assignments = ", ".join(f"{name} = :{name}" for name in fields)
            connection.execute(
                f"UPDATE sessions SET {assignments} WHERE pk = :pk", {**fields, "pk": pk}
            )
            return Changes(changed=frozenset({sessions.get(connection, pk).id}))

    def set_labels(self, session: str, names: Iterable[str]) -> Changes:
        """Give a session just these labels."""
        with self.connections.write() as connection:
            pk = sessions.find(connection, session)
            connection.execute("DELETE FROM labels WHERE session = ?", (pk,))
            rows = [(pk, name) for name in sorted(set(names))]
            connection.executemany("INSERT INTO labels VALUES (?, ?)", rows)
            return Changes(changed=frozenset({sessions.get(connection, pk).id}))

    def dependents(self, session: str) -> list[Session]:
        """The forks and sub-agents below a session, at any depth."""
        connection = self.connections.get()
        below = sessions.dependents(connection, sessions.find(connection, session))
        return [sessions.get(connection, pk) for pk in below]

    def trash(self, session: str) -> Changes:
        """Put a session and everything below it away; ``restore`` brings it back."""
        with self.connections.write() as connection:
            return trash.put_away(connection, sessions.find(connection, session))

    def restore(self, session: str) -> Changes:
        """Bring back a session, and what was put away with it."""
        with self.connections.write() as connection:
            return trash.bring_back(connection, sessions.find(connection, session, trashed=True))

    def purge(self) -> int:
        """Delete for good what was put away, and the events nothing refers to; gives the bytes."""
        with self.connections.write() as connection:
            return trash.empty(connection)

    def setting(self, key: str) -> str | None:
        """A value kept with the store."""
        row = self.connections.get().execute("SELECT value FROM settings WHERE key = ?", (key,))
        found = row.fetchone()
        return str(found[0]) if found else None

    def set_setting(self, key: str, value: str) -> None:
        """Keep a value with the store."""
        with self.connections.write() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))
