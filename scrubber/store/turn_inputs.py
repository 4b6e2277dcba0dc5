"""What is to be said to a session that runs, or is to run: rows in the order in which they came.

The rules are lash's. Rows that are done with stay as tombstones, so that a repeat of their key is
recognised, until they are vacuumed. What was accepted under a lease that somebody else has taken
over since is nobody's any more, and waits for the next turn.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import ConflictError
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3

PENDING, DEFERRED = "pending_active", "deferred_next_turn"
ACCEPTED, CANCELLED, COMPLETED = "accepted", "cancelled", "completed"
AFTER_WORK, BEFORE_COMPLETION = "after_work", "before_completion"

_SELECT = "SELECT seq, id, source_key, content, scope, turn, boundary, state, fence, at"


@dataclass(frozen=True, slots=True)
class Input:
    """Something to be said."""

    seq: int
    """Rises in the order of arrival, over all sessions."""
    id: str
    source_key: str | None
    content: dict[str, Any]
    scope: str
    turn: str | None
    """The turn that it is for, None for whichever runs; of scope ``active_turn`` only."""
    boundary: str | None
    state: str
    fence: int | None
    """Of the lease under which it was accepted."""
    at: int


def enqueue(
    connection: sqlite3.Connection,
    pk: int,
    content: dict[str, Any],
    *,
    scope: str,
    turn: str | None,
    boundary: str | None,
    source_key: str | None,
) -> Input:
    """Add an input; a repeat of its key gives the first one, a ConflictError for other content."""
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
    if source_key is not None and (known := _by_key(connection, pk, source_key)):
        if orjson.dumps(known.content, option=orjson.OPT_SORT_KEYS).decode() != text:
            raise ConflictError(f"input {known.id} has the key {source_key!r} and other content")
        return known
    state = PENDING if scope == "active_turn" else DEFERRED
    now, name = sessions.now_ms(), f"input-{uuid.uuid4().hex}"
    connection.execute(
        "INSERT INTO turn_inputs (session, id, source_key, content, scope, turn, boundary, state, "
        "at, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (pk, name, source_key, text, scope, turn, boundary, state, now, now),
    )
    found = find(connection, pk, name)
    assert found is not None
    return found


def find(connection: sqlite3.Connection, pk: int, id: str) -> Input | None:
    """The session's input with an id."""
    return _one(connection, "session = ? AND id = ?", pk, id)


def _by_key(connection: sqlite3.Connection, pk: int, source_key: str) -> Input | None:
    return _one(connection, "session = ? AND source_key = ?", pk, source_key)


def _one(connection: sqlite3.Connection, where: str, *values: object) -> Input | None:
    row = connection.execute(f"{_SELECT} FROM turn_inputs WHERE {where}", values).fetchone()
    return _input(row) if row else None


def listed(connection: sqlite3.Connection, pk: int, since: int = 0) -> list[Input]:
    """All inputs of a session from a place in the order on, tombstones too."""
    rows = connection.execute(
        f"{_SELECT} FROM turn_inputs WHERE session = ? AND seq >= ? ORDER BY seq", (pk, since)
    )
    return [_input(row) for row in rows]


def take(
    connection: sqlite3.Connection,
    pk: int,
    fence: int,
    *,
    turn: str | None = None,
    boundary: str | None = None,
) -> list[Input]:
    """Accept what may be said now, in order; without a boundary, what waits for the next turn."""
    taken = [
        one
        for one in listed(connection, pk)
        if (one.state == DEFERRED if boundary is None else _is_due(one, turn, boundary))
    ]
    for one in taken:
        _set(connection, one, ACCEPTED, fence)
    return taken


def _is_due(one: Input, turn: str | None, boundary: str) -> bool:
    is_late_enough = one.boundary == AFTER_WORK or boundary == BEFORE_COMPLETION
    return one.state == PENDING and one.turn in (None, turn) and is_late_enough


def complete(connection: sqlite3.Connection, pk: int, ids: list[str], fence: int) -> None:
    """Inputs have been said; a ConflictError if one was not accepted under this lease."""
    for id in ids:
        one = find(connection, pk, id)
        if one is None or (one.state, one.fence) != (ACCEPTED, fence):
            raise ConflictError(f"input {id} is not claimed by this lease")
        _set(connection, one, COMPLETED, fence)


def defer(connection: sqlite3.Connection, pk: int, turn: str | None) -> int:
    """Let inputs for a turn that is over wait for the next one (None: for any); gives how many."""
    late = [
        one
        for one in listed(connection, pk)
        if one.state == PENDING and (turn is None or one.turn in (None, turn))
    ]
    for one in late:
        _set(connection, one, DEFERRED, None)
    return len(late)


def reclaim(connection: sqlite3.Connection, pk: int, fence: int) -> int:
    """Let inputs wait again that a former holder of the lease had accepted; gives how many."""
    left = [
        one for one in listed(connection, pk) if one.state == ACCEPTED and (one.fence or 0) < fence
    ]
    for one in left:
        _set(connection, one, DEFERRED, None)
    return len(left)


def cancel(connection: sqlite3.Connection, pk: int, id: str) -> str:
    """Cancel an input; gives ``cancelled``, or why not."""
    one = find(connection, pk, id)
    if one is None:
        return "not_found"
    if one.state in (PENDING, DEFERRED):
        _set(connection, one, CANCELLED, None)
        return "cancelled"
    return {ACCEPTED: "already_claimed", COMPLETED: "already_completed"}.get(
        one.state, "already_cancelled"
    )


def _set(connection: sqlite3.Connection, one: Input, state: str, fence: int | None) -> None:
    connection.execute(
        "UPDATE turn_inputs SET state = ?, fence = ?, changed = ? WHERE seq = ?",
        (state, fence, sessions.now_ms(), one.seq),
    )


def vacuum(connection: sqlite3.Connection, pk: int) -> int:
    """Delete the tombstones of a session; gives how many. Their keys can be used again."""
    return connection.execute(
        "DELETE FROM turn_inputs WHERE session = ? AND state IN (?, ?)",
        (pk, CANCELLED, COMPLETED),
    ).rowcount


def _input(row: tuple[Any, ...]) -> Input:
    seq, id, key, content, *rest = row
    return Input(seq, id, key, orjson.loads(content), *rest)
