"""One store file: everything that reads or changes it, as typed methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.session import Changes, Session
from scrubber.store import (
    carrying,
    fork_linking,
    leases,
    linking,
    migrations,
    own_log,
    sessions,
    sources,
    trash,
)
from scrubber.store.connection import Connections
from scrubber.store.notebook import Notebook
from scrubber.store.own_log import OwnLog
from scrubber.store.search import SearchIndex
from scrubber.store.store_reader import StoreReader
from scrubber.store.writer import SourceWriter

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scrubber.core.events import Draft
    from scrubber.store.leases import Lease
    from scrubber.store.sources import Source, Warning


_FIELDS = {"title", "note", "status", "model", "hypothesis", "verdict", "reason"}


class Store(StoreReader):
    """A store file. May be used from any thread, and by several programs at once.

    What it can tell is in StoreReader and SourceReader; here is what changes it.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        migrations.prepare(path, read_only)
        super().__init__(Connections(path, read_only))
        self.notebook = Notebook(self)
        self.index = SearchIndex(path, read_only)

    def close(self) -> None:
        """Let go of the file."""
        self.index.close()
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
        """Note that a source was read to its end, and find the parents of what it holds."""
        with self.connections.write() as connection:
            sources.finish(connection, source, read_upto, seen, pending, warnings)
            carrying.carry(connection, source)
            return linking.link(connection, source) | fork_linking.link(connection, source)

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

    # What is added here

    def append(self, session: str, items: list[tuple[bytes, Draft]]) -> Changes:
        """Add events of this program's own making to the end of a session.

        Whoever shares its prefix does not see them. Who adds often keeps an ``own_log``.
        """
        return OwnLog(self, session).append(items)

    def own_log(self, session: str, lease: Lease | None = None) -> OwnLog:
        """What appends to a session again and again; with a lease, only while it is held."""
        return OwnLog(self, self.session(session).id, lease)

    def share(
        self, session: str, other: str, start: int, stop: int, lease: Lease | None = None
    ) -> Changes:
        """Go on with the events start…stop-1 of another session, which are shared, not copied."""
        with self.connections.write() as connection:
            if lease is not None:
                leases.check(connection, lease)
            pk = sessions.find(connection, session)
            shared = self.slices(other).between(start, stop)
            sessions.revise(connection, pk, "share")
            sessions.write_slices(connection, pk, sessions.slices_of(connection, pk) + shared)
            return _touched(connection, pk)

    def replace(
        self,
        session: str,
        start: int,
        stop: int,
        items: list[tuple[bytes, Draft]],
        *,
        operation: str = "edit",
        expected_revision: int | None = None,
    ) -> Changes:
        """Put events made here in the place of the events start…stop-1 of a session.

        Nothing is copied and nothing is lost: what stood there keeps its log, and the revision
        before has the former slices. A BadArgumentError for a range outside the session.
        """
        with self.connections.write() as connection:
            pk = sessions.find(connection, session)
            events = sessions.get(connection, pk).events
            if not 0 <= start <= stop <= events:
                raise BadArgumentError(
                    f"session {session}: events {start}…{stop} are not within 0…{events}"
                )
            sessions.revise(connection, pk, operation, expected_revision)
            changed = own_log.rewrite(self, session, start, stop, items)
            sessions.write_slices(connection, pk, changed)
            return _touched(connection, pk)

    # Who extends a session

    def claim(self, session: str, what: str = "Scrubber", ttl_ms: int = leases.TTL_MS) -> Lease:
        """Take the right to extend a session; a HeldError names the program that has it."""
        with self.connections.write() as connection:
            return leases.claim(connection, sessions.find(connection, session), what, ttl_ms)

    def renew(self, lease: Lease, ttl_ms: int = leases.TTL_MS) -> None:
        """Keep a lease for longer; a LeaseLostError if somebody else has it by now."""
        with self.connections.write() as connection:
            leases.renew(connection, lease, ttl_ms)

    def release(self, lease: Lease) -> None:
        """Give a lease back."""
        with self.connections.write() as connection:
            leases.release(connection, lease)

    def set_branch_settings(self, session: str, settings: dict[str, Any]) -> Changes:
        """Note how a branch is run: model, parameters, policy; a JSON object."""
        with self.connections.write() as connection:
            pk = sessions.find(connection, session)
            connection.execute(
                "INSERT OR REPLACE INTO branch_settings VALUES (?, ?)",
                (pk, orjson.dumps(settings).decode()),
            )
            return Changes(changed=frozenset({sessions.get(connection, pk).id}))

    def update(self, session: str, **fields: Any) -> Changes:
        """Set a session's title (which then stays), note, status, model, hypothesis or verdict."""
        unknown = set(fields) - _FIELDS
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
            freed = trash.empty(connection)
        self.index.forget_gone()
        return freed

    def set_setting(self, key: str, value: str) -> None:
        """Keep a value with the store."""
        with self.connections.write() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))


def _touched(connection: sqlite3.Connection, pk: int) -> Changes:
    connection.execute("UPDATE sessions SET updated = ? WHERE pk = ?", (sessions.now_ms(), pk))
    return Changes(changed=frozenset({sessions.get(connection, pk).id}))
