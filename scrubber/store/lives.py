"""What an agent runtime does with its sessions, as rows: by exact id, one transaction each.

A runtime gives its sessions names of its own, so here an id is never the beginning of another.
Nothing is copied and nothing is lost: a change gives a session another list of slices, and
``revisions`` keeps the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.errors import ConflictError, UnknownSessionError
from scrubber.core.session import Changes
from scrubber.core.slices import SliceList
from scrubber.store import life_facts, own_log, sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from scrubber.core.session import Session
    from scrubber.store.life_facts import LifeFacts
    from scrubber.store.store import Store


class Lives:
    """The sessions of a runtime in one store; see ``scrubber.sessions`` for what they mean."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def holds(self, session: str) -> bool:
        """Whether there is a session with just this id, not put away."""
        row = self._connection.execute(
            "SELECT 1 FROM sessions WHERE id = ? AND trashed IS NULL", (session,)
        ).fetchone()
        return row is not None

    def create(self, session: str, **facts: Any) -> Changes:
        """A session without events; a ConflictError if one with this id was put away."""
        with self._store.connections.write() as connection:
            _refuse_put_away(connection, session)
            row = {
                "id": session,
                "title": session,
                "format": own_log.OWN_FORMAT,
                "relation": "root",
                "status": "active",
                **facts,
            }
            pk = sessions.create(connection, row, SliceList())
            life_facts.put(connection, pk, {})
            return Changes(added=frozenset({session}))

    def fork(self, source: str, index: int, target: str, title: str) -> Changes:
        """The first ``index`` events of a session as another's: a new one's, or one there is.

        One that is there gets other slices and its source as parent, unless it comes from that
        itself: a session never descends from itself.
        """
        with self._store.connections.write() as connection:
            pk = _key(connection, source)
            if not self.holds(target):
                _refuse_put_away(connection, target)
                sessions.fork(connection, pk, index, title, "", target)
                life_facts.put(connection, _key(connection, target), {})
                return Changes(added=frozenset({target}), changed=frozenset({source}))
            self.set_slices(target, self._store.slices(source).between(0, index), "fork")
            self.adopt(source, target, "fork", index)
            return Changes(changed=frozenset({source, target}))

    def facts(self, session: str) -> LifeFacts:
        """What the runtime knows of a session beside its events."""
        return life_facts.get(self._connection, _key(self._connection, session))

    def put(self, session: str, **values: Any) -> Changes:
        """Set some of what the runtime knows of a session; see LifeFacts."""
        with self._store.connections.write() as connection:
            life_facts.put(connection, _key(connection, session), values)
            return Changes(changed=frozenset({session}))

    def labelled(self, label: str) -> str | None:
        """The id of the session that was given a label last, None if none was."""
        return life_facts.labelled(self._connection, label)

    def listed(
        self, kinds: Sequence[str] | None, active_only: bool, limit: int | None
    ) -> list[tuple[Session, LifeFacts]]:
        """The runtimes' sessions, those made last first; filtered, then limited."""
        return life_facts.listed(self._connection, kinds, active_only, limit)

    def adopt(self, parent: str, child: str, relation: str, index: int | None) -> bool:
        """Make a session another's child; False, and nothing is changed, if that made a circle."""
        with self._store.connections.write() as connection:
            above, below = _key(connection, parent), _key(connection, child)
            if above == below or below in _line(connection, above):
                return False
            connection.execute(
                "UPDATE sessions SET parent = ?, relation = ?, forked_at = ? WHERE pk = ?",
                (above, relation, index, below),
            )
            return True

    def set_slices(
        self, session: str, slices: SliceList, operation: str, expected: int | None = None
    ) -> Changes:
        """Give a session other slices; a ConflictError if its revision is not the expected one."""
        with self._store.connections.write() as connection:
            pk = _key(connection, session)
            sessions.revise(connection, pk, operation, expected)
            sessions.write_slices(connection, pk, slices)
            connection.execute(
                "UPDATE sessions SET updated = ? WHERE pk = ?", (sessions.now_ms(), pk)
            )
            return Changes(changed=frozenset({session}))

    def line(self, session: str) -> list[str]:
        """The ids of a session and of all it comes from, nearest first; a circle ends it."""
        connection = self._connection
        keys = _line(connection, _key(connection, session))
        return [sessions.get(connection, pk).id for pk in keys]

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._store.connections.get()


def _key(connection: sqlite3.Connection, session: str) -> int:
    row = connection.execute(
        "SELECT pk FROM sessions WHERE id = ? AND trashed IS NULL", (session,)
    ).fetchone()
    if row is None:
        raise UnknownSessionError(f"unknown session id {session!r}")
    return int(row[0])


def _refuse_put_away(connection: sqlite3.Connection, session: str) -> None:
    row = connection.execute("SELECT 1 FROM sessions WHERE id = ?", (session,)).fetchone()
    if row is not None:
        raise ConflictError(f"session {session} was deleted: restore it, or purge it for good")


def _line(connection: sqlite3.Connection, pk: int) -> list[int]:
    line = [pk]
    while True:
        row = connection.execute("SELECT parent FROM sessions WHERE pk = ?", (line[-1],)).fetchone()
        if row is None or row[0] is None or row[0] in line:
            return line
        line.append(row[0])
