"""Hangs forks that an agent wrote to files of their own below their parents.

Such a file begins with copies of the parent's events. Which of the parent's events is the last one
that was copied is found by what it says: the copy may lack what the agent did not take along.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.session import Changes
from scrubber.store import logs, sessions

if TYPE_CHECKING:
    import sqlite3

    from scrubber.core.slices import SliceList

_SEEKING = """
WITH read(native_id, parent_native_id) AS (
  SELECT s.native_id, s.parent_native_id FROM logs l JOIN sessions s ON s.follows = l.id
  WHERE l.source = ?)
SELECT s.pk, s.id, s.parent_native_id, s.forked_at, src.path
FROM sessions s JOIN logs l ON l.id = s.follows JOIN sources src ON src.id = l.source
WHERE s.parent_native_id IN (SELECT native_id FROM read UNION SELECT parent_native_id FROM read)
  AND +s.parent IS NULL AND s.relation = 'fork'
"""
"""The ``+``: not by the index of parents, in which most sessions have none."""

_CANDIDATES = """
SELECT s.pk, s.id, s.native_id IS :native, src.path, src.superseded
FROM sessions n JOIN logs nl ON nl.id = n.follows JOIN logs l ON l.source = nl.source
  JOIN sessions s ON s.follows = l.id JOIN sources src ON src.id = l.source
WHERE n.native_id = :native AND s.pk != :pk AND s.trashed IS NULL AND s.relation != 'subagent'
ORDER BY s.native_id IS :native DESC, src.superseded, s.pk LIMIT 64
"""
"""Sessions of that id first, then the others of their files: branches of one tree share its id."""


_TRIES = 16
"""Events at the end of the copy that are looked for: whoever copied may have added some."""


class _Seeker(NamedTuple):
    """A fork without a parent; ``shared``: how many of its first events are copies."""

    pk: int
    id: str
    native: str
    shared: int | None
    path: str | None


class _Parent(NamedTuple):
    """A session that it may have been copied from, and how much of it was copied."""

    pk: int
    id: str
    is_named: int
    path: str | None
    superseded: int
    at: int | None = None
    beyond: int = 0
    """Events at the end of the copy that it does not have."""


def link(connection: sqlite3.Connection, source: int) -> Changes:
    """Find the parents of the forks that a source holds, or that its sessions may be."""
    changes = Changes()
    for row in connection.execute(_SEEKING, (source,)).fetchall():
        seeker = _Seeker(*row)
        found = _best_parent(connection, seeker)
        if found is None:
            continue
        connection.execute(
            "UPDATE sessions SET parent = ?, forked_at = ? WHERE pk = ?",
            (found.pk, found.at, seeker.pk),
        )
        changes |= Changes(changed=frozenset({seeker.id, found.id}))
    return changes


def _best_parent(connection: sqlite3.Connection, seeker: _Seeker) -> _Parent | None:
    rows = connection.execute(_CANDIDATES, {"native": seeker.native, "pk": seeker.pk}).fetchall()
    below = set(sessions.dependents(connection, seeker.pk)) if rows else set()
    best: _Parent | None = None
    for row in rows:
        parent = _Parent(*row)
        if parent.pk in below:
            continue
        at, beyond = _shared_by(connection, parent.pk, seeker)
        parent = parent._replace(at=at, beyond=beyond)
        if best is None or _likeness(parent, seeker) > _likeness(best, seeker):
            best = parent
    return best


def _likeness(parent: _Parent, seeker: _Seeker) -> tuple[int, ...]:
    same_folder = (
        None not in (parent.path, seeker.path)
        and PurePath(str(parent.path)).parent == PurePath(str(seeker.path)).parent
    )
    is_known = parent.at is not None
    return is_known, -parent.beyond, parent.is_named, same_folder, -parent.superseded


def _shared_by(
    connection: sqlite3.Connection, parent: int, seeker: _Seeker
) -> tuple[int | None, int]:
    """How many of the parent's events lie in front of the end of what was copied, if known.

    With it, how many of the copy's last events it lacks.
    """
    if not seeker.shared:
        return seeker.shared, 0
    copy = sessions.slices_of(connection, seeker.pk).between(0, seeker.shared)
    slices = sessions.slices_of(connection, parent)
    for last in reversed(logs.read(connection, copy, len(copy) - _TRIES, len(copy))):
        said = (int(last.kind), last.size, last.text, last.call_id)
        number = len(_positions(connection, copy.between(0, last.index + 1), said))
        there = _positions(connection, slices, said)
        if len(there) >= number:
            return there[number - 1] + 1, len(copy) - 1 - last.index
    return None, 0


def _positions(
    connection: sqlite3.Connection, slices: SliceList, said: tuple[int, int, str, str | None]
) -> list[int]:
    """Where in some slices an event says just this."""
    found: list[int] = []
    for first, piece in slices.ranges(0, len(slices)):
        start = logs.event_id(piece.log, piece.start)
        rows = connection.execute(
            "SELECT id FROM events WHERE id BETWEEN ? AND ? AND kind = ? AND size = ? AND text = ? "
            "AND call_id IS ? ORDER BY id",
            (start, logs.event_id(piece.log, piece.stop - 1), *said),
        )
        found += [row[0] - start + first for row in rows]
    return found
