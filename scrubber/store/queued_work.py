"""Work that waits for a session: batches in the order in which they came, claimed under a lease.

The rules are lash's: see ``scrubber.sessions.queue.work``. A row is deleted when its work is done,
so its key can be used again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import ConflictError
from scrubber.core.hashing import sha256
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

COMMAND, TURN_WORK = "session_command", "turn_work"
EARLIEST, AFTER_TURN = "earliest_safe_boundary", "after_current_turn_commit"
JOIN, EXCLUSIVE = "join", "exclusive"
NEVER, PAYLOAD, GROUP = "never", "payload_default", "group:"

_SELECT = "SELECT seq, id, class, source_key, delivery, slot, merge, items, claim, fence, at"


@dataclass(frozen=True, slots=True)
class Batch:
    """Items of work that are done together."""

    seq: int
    id: str
    kind: str
    source_key: str | None
    delivery: str
    slot: str
    merge: str
    items: tuple[dict[str, Any], ...]
    claim: str | None
    fence: int | None
    at: int

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        """What batches have in common that may be done together; None: with no other."""
        if self.merge == NEVER:
            return None
        if self.merge == PAYLOAD:
            return (PAYLOAD, *sorted({str(item.get("kind")) for item in self.items}))
        return (self.merge,)


@dataclass(frozen=True, slots=True)
class Claim:
    """Batches that are being done, by whoever holds the session's lease with this fence."""

    id: str
    fence: int
    batches: tuple[Batch, ...]


def enqueue(
    connection: sqlite3.Connection,
    pk: int,
    kind: str,
    items: Sequence[dict[str, Any]],
    *,
    delivery: str,
    slot: str,
    merge: str,
    source_key: str | None,
) -> Batch:
    """Add a batch; while one with the same key waits, that one is given instead."""
    if source_key is not None:
        known = _one(connection, "session = ? AND source_key = ?", pk, source_key)
        if known is not None:
            return known
    text = orjson.dumps(list(items), option=orjson.OPT_SORT_KEYS)
    seed = f"{pk} {kind} {uuid.uuid4().hex} ".encode()
    name = f"qwb:{sha256(seed + text).hexdigest()}"
    connection.execute(
        "INSERT INTO queued_work (session, id, class, source_key, delivery, slot, merge, items, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (pk, name, kind, source_key, delivery, slot, merge, text.decode(), sessions.now_ms()),
    )
    found = _one(connection, "id = ?", name)
    assert found is not None
    return found


def listed(connection: sqlite3.Connection, pk: int) -> list[Batch]:
    """The batches of a session, in order."""
    rows = connection.execute(f"{_SELECT} FROM queued_work WHERE session = ? ORDER BY seq", (pk,))
    return [_batch(row) for row in rows]


def ready(batches: Sequence[Batch], fence: int, in_turn: bool) -> list[Batch]:
    """Which batches are next, of all in their order; pure.

    Nothing, while some are claimed under this lease. A command that leads is done alone, after the
    turn, and nothing passes it. Within a turn, work that waits for the turn's end is passed.
    """
    if any(one.fence == fence for one in batches):
        return []
    waiting = list(batches)
    if in_turn and waiting and waiting[0].kind != COMMAND:
        commands = [n for n, one in enumerate(waiting) if one.kind == COMMAND]
        upto = commands[0] if commands else len(waiting)
        waiting = [one for one in waiting[:upto] if one.delivery == EARLIEST]
    if not waiting or (in_turn and waiting[0].delivery == AFTER_TURN):
        return []
    return _together(waiting)


def _together(waiting: Sequence[Batch]) -> list[Batch]:
    """The first batch, and those right behind it that may be done with it."""
    first, found = waiting[0], [waiting[0]]
    if first.kind == COMMAND or first.slot == EXCLUSIVE or first.merge_key is None:
        return found
    for one in waiting[1:]:
        alike = (one.kind, one.slot, one.delivery, one.merge_key)
        if alike != (first.kind, first.slot, first.delivery, first.merge_key):
            break
        found.append(one)
    return found


def claim(connection: sqlite3.Connection, pk: int, fence: int, in_turn: bool) -> Claim | None:
    """Claim what is next under a lease; None if nothing is. Claims of former leases are void."""
    batches = ready(listed(connection, pk), fence, in_turn)
    if not batches:
        return None
    name = f"qwc:{batches[0].seq}:{fence}"
    connection.executemany(
        "UPDATE queued_work SET claim = ?, fence = ? WHERE seq = ?",
        [(name, fence, one.seq) for one in batches],
    )
    return Claim(name, fence, tuple(batches))


def finish(connection: sqlite3.Connection, pk: int, claim: str) -> int:
    """Delete what was claimed, for it is done; a ConflictError if it is not claimed so any more."""
    done = connection.execute(
        "DELETE FROM queued_work WHERE session = ? AND claim = ?", (pk, claim)
    ).rowcount
    if not done:
        raise ConflictError(f"queued work {claim} is not claimed by this lease")
    return done


def give_back(connection: sqlite3.Connection, pk: int, claim: str) -> None:
    """Let claimed work wait again, in its old place."""
    connection.execute(
        "UPDATE queued_work SET claim = NULL, fence = NULL WHERE session = ? AND claim = ?",
        (pk, claim),
    )


def cancel(connection: sqlite3.Connection, pk: int, id: str) -> bool:
    """Delete a batch that nobody has claimed; whether there was one."""
    return bool(
        connection.execute(
            "DELETE FROM queued_work WHERE session = ? AND id = ? AND claim IS NULL", (pk, id)
        ).rowcount
    )


def _one(connection: sqlite3.Connection, where: str, *values: object) -> Batch | None:
    row = connection.execute(f"{_SELECT} FROM queued_work WHERE {where}", values).fetchone()
    return _batch(row) if row else None


def _batch(row: tuple[Any, ...]) -> Batch:
    seq, id, kind, key, delivery, slot, merge, items, *rest = row
    return Batch(seq, id, kind, key, delivery, slot, merge, tuple(orjson.loads(items)), *rest)
