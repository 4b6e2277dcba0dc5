"""The state that somebody has put a session into, and its list of tasks.

``sessions.status`` says how its last run ended; a state here is somebody's word, and stays until
it is changed. A fork begins without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import PausedError
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3

    from scrubber.store.store_reader import StoreReader

ACTIVE, PAUSED = "active", "paused"


def get(connection: sqlite3.Connection, pk: int) -> tuple[str, int | None, str]:
    """(state, since when in ms, why) of a session; active, if nobody has said anything else."""
    row = connection.execute(
        "SELECT state, since, reason FROM states WHERE session = ?", (pk,)
    ).fetchone()
    return (str(row[0]), int(row[1]), str(row[2])) if row else (ACTIVE, None, "")


def put(connection: sqlite3.Connection, pk: int, state: str, reason: str = "") -> None:
    """Put a session into a state; its status, which lists show, says the same.

    A branch that may run again is shown as one that does not run just now: only a runtime's session
    is active all the time.
    """
    connection.execute(
        "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)",
        (pk, state, sessions.now_ms(), reason),
    )
    sessions.revise(connection, pk, state)
    is_idle = state == ACTIVE and not _is_runtimes(connection, pk)
    status = "completed" if is_idle else state
    connection.execute("UPDATE sessions SET status = ? WHERE pk = ?", (status, pk))


def _is_runtimes(connection: sqlite3.Connection, pk: int) -> bool:
    row = connection.execute(
        "SELECT 1 FROM lives l JOIN sessions s ON s.pk = l.session "
        "WHERE l.session = ? AND s.relation <> 'fork'",
        (pk,),
    ).fetchone()
    return row is not None


def refuse_paused(store: StoreReader, session: str) -> None:
    """A PausedError, in a3s-code's words, if a session is paused: nothing runs on it until it is
    resumed."""
    connection = store.connections.get()
    pk = sessions.find(connection, session)
    if get(connection, pk)[0] == PAUSED:
        name = sessions.get(connection, pk).id
        raise PausedError(f"Session {name} is paused. Call Resume before generating.")


def tasks(connection: sqlite3.Connection, pk: int) -> list[dict[str, Any]]:
    """The session's tasks, as JSON objects."""
    row = connection.execute("SELECT tasks FROM tasks WHERE session = ?", (pk,)).fetchone()
    return list(orjson.loads(row[0])) if row else []


def put_tasks(connection: sqlite3.Connection, pk: int, tasks: list[dict[str, Any]]) -> None:
    """Give the session just these tasks."""
    connection.execute(
        "INSERT OR REPLACE INTO tasks VALUES (?, ?)", (pk, orjson.dumps(tasks).decode())
    )
