"""What is at work on sessions, as a snapshot keeps it: landmarks, blobs, states, tasks, spending,
and what a runtime knows of a session.

What waits in queues is no part of it: it waits here, for somebody who runs the session here.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.store import landmarks, ledger, life_facts, states

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping


def of_log(connection: sqlite3.Connection, log: int, length: int) -> Iterator[list[Any]]:
    """``[log, seq, kind, id, value]`` of the landmarks on a log's first events."""
    rows = connection.execute(
        "SELECT log, seq, kind, id, value FROM landmarks WHERE log = ? AND seq < ? "
        "ORDER BY seq, kind",
        (log, length),
    )
    for *place, value in rows:
        yield [*place, orjson.loads(value)]


def of_session(connection: sqlite3.Connection, pk: int) -> dict[str, Any]:
    """``{"state", "tasks", "spent", "life"}`` of a session, without what it does not have."""
    row = connection.execute(
        "SELECT state, since, reason FROM states WHERE session = ?", (pk,)
    ).fetchone()
    spent = [
        [when, source, model or "", u.input, u.cache_read, u.cache_write, u.output, u.reasoning,
         u.cost_micros]
        for when, source, model, u in ledger.entered(connection, pk)
    ]  # fmt: skip
    found = {
        "state": list(row) if row else None,
        "tasks": states.tasks(connection, pk),
        "spent": spent,
        "life": life_facts.kept(connection, pk),
    }
    return {key: value for key, value in found.items() if value}


def restore_landmarks(
    connection: sqlite3.Connection, found: Iterable[list[Any]], logs: Mapping[int, int]
) -> None:
    """Put landmarks where their logs are now; those whose logs were not needed are left out.

    One whose id is taken, by a session that goes on here, gets another.
    """
    for log, seq, kind, id, value in found:
        here = connection.execute("SELECT 1 FROM logs WHERE id = ?", (logs[log],)).fetchone()
        if here is None:
            continue
        taken = landmarks.exists(connection, kind, id)
        name = f"{id}:{uuid.uuid4().hex}" if taken else id
        landmarks.put(connection, logs[log], seq, kind, name, value)


def restore_session(connection: sqlite3.Connection, name: str, found: Mapping[str, Any]) -> None:
    """Give a session that was restored just now its state, its tasks, and what it has spent."""
    (pk,) = connection.execute("SELECT pk FROM sessions WHERE id = ?", (name,)).fetchone()
    if "state" in found:
        connection.execute("INSERT INTO states VALUES (?, ?, ?, ?)", (pk, *found["state"]))
    if "tasks" in found:
        states.put_tasks(connection, pk, found["tasks"])
    if "life" in found:
        life_facts.put(connection, pk, found["life"])
    connection.executemany(
        "INSERT INTO spending (session, at, source, model, input, cache_read, cache_write, output, "
        "reasoning, cost_micros) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(pk, *one) for one in found.get("spent", ())],
    )
