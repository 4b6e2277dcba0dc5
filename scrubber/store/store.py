"""One store file: everything that reads or changes it, as typed methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.session import Changes, Session
from scrubber.core.slices import Slice, SliceList
from scrubber.store import linking, migrations, sessions, sources, trash
from scrubber.store.connection import Connections
from scrubber.store.store_reader import StoreReader
from scrubber.store.writer import SourceWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scrubber.core.events import Draft
    from scrubber.store.sources import Source, Warning

OWN_FORMAT = "scrubber"
"""Format of the records of events that were made in this program."""


class Store(StoreReader):
    """A store file. May be used from any thread, and by several programs at once.

    What it can tell is in StoreReader and SourceReader; here is what changes it.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        migrations.prepare(path, read_only)
        super().__init__(Connections(path, read_only))

    def close(self) -> None:
        """Let go of the file."""
        self.connections.close()

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

    def set_setting(self, key: str, value: str) -> None:
        """Keep a value with the store."""
        with self.connections.write() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))
