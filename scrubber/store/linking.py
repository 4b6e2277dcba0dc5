"""Hangs sub-agents below the sessions that spawned them, whichever was read first."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.session import Changes
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3

_SEEKING = """
WITH read(native_id, parent_native_id) AS (
  SELECT s.native_id, s.parent_native_id FROM logs l JOIN sessions s ON s.follows = l.id
  WHERE l.source = ?)
SELECT s.pk, s.id, s.parent_native_id, s.agent, s.title, s.renamed, s.parent, src.path
FROM sessions s JOIN logs l ON l.id = s.follows JOIN sources src ON src.id = l.source
WHERE s.parent_native_id IN (SELECT native_id FROM read UNION SELECT parent_native_id FROM read)
  AND (s.parent IS NULL OR s.forked_at IS NULL) AND s.relation = 'subagent'
"""

_CANDIDATES = """
SELECT s.pk, s.id, src.path, src.superseded, w.log, w.start, w.title
FROM sessions s JOIN logs l ON l.id = s.follows JOIN sources src ON src.id = l.source
  LEFT JOIN spawns w ON w.log = s.follows AND w.agent = :agent
WHERE s.native_id = :native AND s.pk != :pk AND s.trashed IS NULL
UNION
SELECT s.pk, s.id, src.path, src.superseded, w.log, w.start, w.title
FROM spawns w CROSS JOIN sessions s ON s.follows = w.log JOIN logs l ON l.id = w.log
  JOIN sources src ON src.id = l.source
WHERE w.agent = :agent AND s.parent_native_id = :native AND s.pk != :pk AND s.trashed IS NULL
"""
"""The session it names, and those of its siblings that tell of it: sub-agents spawn others."""


class _Seeker(NamedTuple):
    """A sub-agent whose parent, or whose place in it, is not known yet."""

    pk: int
    id: str
    native: str
    agent: str
    title: str
    renamed: int
    parent: int | None
    path: str | None


class _Parent(NamedTuple):
    """A session that may have spawned it; with the spawn, if the session tells of it."""

    pk: int
    id: str
    path: str | None
    superseded: int
    log: int | None
    start: int
    title: str


def link(connection: sqlite3.Connection, source: int) -> Changes:
    """Find the parents of the sub-agents that a source holds, or that its sessions may have."""
    changes = Changes()
    for row in connection.execute(_SEEKING, (source,)).fetchall():
        seeker = _Seeker(*row)
        found = _best_parent(connection, seeker)
        if found is None or (seeker.parent is not None and found.log is None):
            continue
        at, title = None, seeker.title
        if found.log is not None:
            at = sessions.slices_of(connection, found.pk).position_of(found.log, found.start)
            title = title if seeker.renamed or not found.title else found.title
        connection.execute(
            "UPDATE sessions SET parent = ?, forked_at = ?, title = ? WHERE pk = ?",
            (found.pk, at, title or f"sub-agent {seeker.agent}", seeker.pk),
        )
        changes |= Changes(changed=frozenset({seeker.id, found.id}))
    return changes


def _best_parent(connection: sqlite3.Connection, seeker: _Seeker) -> _Parent | None:
    """The best candidate: it knows the agent, is of the same folder, and is the newest version."""
    rows = connection.execute(
        _CANDIDATES, {"native": seeker.native, "agent": seeker.agent, "pk": seeker.pk}
    )
    candidates = [_Parent(*row) for row in rows]
    below = set(sessions.dependents(connection, seeker.pk)) if candidates else set()
    return max(
        (one for one in candidates if one.pk not in below),
        key=lambda one: _likeness(one, seeker.path),
        default=None,
    )


def _likeness(parent: _Parent, path: str | None) -> int:
    is_same = 8 * (path is not None and path == parent.path)
    near = is_same + 2 * _is_near(path, parent.path)
    return 4 * (parent.log is not None) + near - parent.superseded


def _is_near(path: str | None, other: str | None) -> bool:
    """Whether two files belong to one project: same folder, or one within the other's."""
    if path is None or other is None:
        return False
    return PurePath(path).is_relative_to(PurePath(other).parent)
