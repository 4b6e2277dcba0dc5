"""Sessions: their rows, their slices, and the operations on them.

Every change of a session bumps its revision in the same transaction and keeps the former slices,
so that nothing is lost and a caller that saw an older state is told.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, ConflictError, UnknownSessionError
from scrubber.core.events import Totals
from scrubber.core.session import Session
from scrubber.core.slices import Slice, SliceList
from scrubber.store import logs

if TYPE_CHECKING:
    import sqlite3

_SELECT = """
SELECT s.id, s.title, s.format, s.relation, p.id, s.forked_at, s.status, s.model, s.cwd,
  s.native_id, src.path, s.events, s.messages, s.errors, s.tokens, s.created, s.updated,
  s.revision, s.note, s.trashed,
  (SELECT count(*) FROM sessions c WHERE c.parent = s.pk AND c.trashed IS NULL),
  (SELECT json_group_array(l.name) FROM labels l WHERE l.session = s.pk),
  s.hypothesis, s.verdict, s.reason
FROM sessions s LEFT JOIN sessions p ON p.pk = s.parent
  LEFT JOIN logs l ON l.id = s.follows LEFT JOIN sources src ON src.id = l.source
"""
_LABELS = -4
"""Where among its columns the labels stand."""


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh session id, random so that a short prefix names it."""
    return str(uuid.uuid4())


def find(connection: sqlite3.Connection, wanted: str, trashed: bool = False) -> int:
    """The key of the session with this id, or whose id, or native id, alone begins with it."""
    if row := connection.execute(
        "SELECT pk, trashed FROM sessions WHERE id = ?", (wanted,)
    ).fetchone():
        if row[1] is not None and not trashed:
            raise UnknownSessionError(f"session {wanted!r} was deleted")
        return int(row[0])
    if not wanted:
        raise UnknownSessionError("a session id is needed, not an empty text")
    rows = connection.execute(
        "SELECT pk, id FROM sessions WHERE (id BETWEEN :low AND :high "
        "OR native_id BETWEEN :low AND :high) AND (trashed IS NULL OR :trashed) LIMIT 6",
        {"low": wanted, "high": wanted + "\U0010ffff", "trashed": trashed},
    ).fetchall()
    if len(rows) == 1:
        return int(rows[0][0])
    if not rows:
        raise UnknownSessionError(f"no session has the id {wanted!r}")
    several = ", ".join(row[1] for row in rows[:5]) + (", …" if len(rows) > 5 else "")
    raise UnknownSessionError(f"several sessions begin with {wanted!r}: {several}")


def get(connection: sqlite3.Connection, pk: int) -> Session:
    """The session with this key."""
    row = connection.execute(f"{_SELECT} WHERE s.pk = ?", (pk,)).fetchone()
    return _session(row)


def _session(row: tuple[Any, ...]) -> Session:
    labels = row[_LABELS]
    names = () if labels == "[]" else tuple(sorted(orjson.loads(labels)))
    facts = (*row[:_LABELS], names, *row[_LABELS + 1 :])
    return Session(*facts)


def query(
    connection: sqlite3.Connection,
    where: str,
    values: tuple[Any, ...],
    order: str,
    limit: int,
    skip: int = 0,
) -> list[Session]:
    """Sessions by an SQL condition of this package's own making."""
    rows = connection.execute(
        f"{_SELECT} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, skip)
    )
    return [_session(row) for row in rows]


def slices_of(connection: sqlite3.Connection, pk: int) -> SliceList:
    """The session's slices."""
    rows = connection.execute(
        "SELECT log, start, stop FROM slices WHERE session = ? ORDER BY first", (pk,)
    )
    return SliceList([Slice(*row) for row in rows])


def totals(connection: sqlite3.Connection, pk: int, index: int | None = None) -> Totals:
    """What the session's first ``index`` events (None: all) sum up to; no scan at any length."""
    if index == 0:
        return Totals()
    row = connection.execute(
        "SELECT first, log, start, stop, messages, errors, open_calls, input, cache_read, "
        "cache_write, output, cost FROM slices WHERE session = ? AND first < ? "
        "ORDER BY first DESC LIMIT 1",
        (pk, index if index is not None else 2**62),
    ).fetchone()
    if row is None:
        return Totals()
    first, log, start, stop = row[:4]
    seq = min(start + index - first, stop) if index is not None else stop
    inside = logs.running_totals(connection, log, seq) - logs.running_totals(connection, log, start)
    return Totals(first, *row[4:]) + inside


def create(connection: sqlite3.Connection, fields: dict[str, Any], slices: SliceList) -> int:
    """A new session; gives its key."""
    pk = _insert(connection, fields)
    write_slices(connection, pk, slices)
    return pk


def _insert(connection: sqlite3.Connection, fields: dict[str, Any]) -> int:
    now = now_ms()
    row = {"id": new_id(), "created": now, "updated": now, "status": "completed", **fields}
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    cursor = connection.execute(f"INSERT INTO sessions ({names}) VALUES ({marks})", row)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def write_slices(connection: sqlite3.Connection, pk: int, slices: SliceList) -> None:
    """Give the session these slices, with what lies in front of each summed up beside it."""
    connection.execute("DELETE FROM slices WHERE session = ?", (pk,))
    before = Totals()
    for piece in slices.slices:
        connection.execute(
            f"INSERT INTO slices VALUES ({', '.join('?' * 13)})",
            (pk, before.events, piece.log, piece.start, piece.stop, *before.astuple()[1:]),
        )
        before += logs.running_totals(connection, piece.log, piece.stop) - logs.running_totals(
            connection, piece.log, piece.start
        )
    _write_counts(connection, pk, before)


def extend(connection: sqlite3.Connection, pk: int, log: int, old: int, new: int) -> None:
    """Let the session's last slice grow with the log that it follows, from length to length."""
    grown = connection.execute(
        "UPDATE slices SET stop = ? WHERE session = ? AND log = ? AND stop = ? AND first = "
        "(SELECT max(first) FROM slices WHERE session = ?)",
        (new, pk, log, old, pk),
    )
    if not grown.rowcount:
        write_slices(connection, pk, slices_of(connection, pk) + SliceList([Slice(log, old, new)]))
        return
    _write_counts(connection, pk, totals(connection, pk))


def _write_counts(connection: sqlite3.Connection, pk: int, sums: Totals) -> None:
    connection.execute(
        "UPDATE sessions SET events = ?, messages = ?, errors = ?, tokens = ? WHERE pk = ?",
        (sums.events, sums.messages, sums.errors, sums.tokens, pk),
    )


def revise(
    connection: sqlite3.Connection, pk: int, operation: str, expected: int | None = None
) -> None:
    """Bump the session's revision, keeping the slices it has now.

    A ConflictError if ``expected`` is given and is not the present revision.
    """
    name, revision = connection.execute(
        "SELECT id, revision FROM sessions WHERE pk = ?", (pk,)
    ).fetchone()
    if expected is not None and expected != revision:
        raise ConflictError(f"session {name}: expected revision {expected}, found {revision}")
    former = [[p.log, p.start, p.stop] for p in slices_of(connection, pk).slices]
    connection.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?)",
        (pk, revision + 1, now_ms(), operation, orjson.dumps(former).decode()),
    )
    connection.execute("UPDATE sessions SET revision = ? WHERE pk = ?", (revision + 1, pk))


def fork(
    connection: sqlite3.Connection,
    pk: int,
    index: int,
    title: str,
    note: str,
    id: str | None = None,
) -> int:
    """A child that shares the session's first ``index`` events; gives its key.

    ``id``: that of the child, which no session may have; None: a fresh one.
    """
    parent = get(connection, pk)
    if not 0 <= index <= parent.events:
        raise BadArgumentError(
            f"session {parent.id}: index {index} is not within 0…{parent.events}"
        )
    facts = {
        "title": title,
        "note": note,
        "format": parent.format,
        "relation": "fork",
        "parent": pk,
        "forked_at": index,
        "model": parent.model,
        "cwd": parent.cwd,
        "revision": 1,
        "id": id or new_id(),
    }
    child = _insert(connection, facts)
    # What lies in front of a slice is the same in the child: nothing has to be summed up again.
    connection.execute(
        "INSERT INTO slices SELECT ?, first, log, start, min(stop, start + ? - first), messages, "
        "errors, open_calls, input, cache_read, cache_write, output, cost FROM slices "
        "WHERE session = ? AND first < ?",
        (child, index, pk, index),
    )
    _write_counts(connection, child, totals(connection, pk, index))
    return child


def dependents(connection: sqlite3.Connection, pk: int) -> list[int]:
    """Everything below a session, at any depth: its forks, its sub-agents, and theirs."""
    rows = connection.execute(
        "WITH RECURSIVE below(pk) AS (SELECT pk FROM sessions WHERE parent = ? AND trashed IS NULL "
        "UNION SELECT s.pk FROM sessions s JOIN below b ON s.parent = b.pk "
        "WHERE s.trashed IS NULL) SELECT pk FROM below",
        (pk,),
    )
    return [row[0] for row in rows]
