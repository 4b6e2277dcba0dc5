"""Hangs sub-agents below the sessions that spawned them, whichever was read first."""

from __future__ import annotations

import os
import sqlite3

from scrubber.core.session import Changes
from scrubber.store import sessions

_ORPHANS = """
SELECT s.pk, s.id, s.parent_native_id, s.agent, s.title, s.renamed, s.follows, src.path
FROM sessions s JOIN logs l ON l.id = s.follows JOIN sources src ON src.id = l.source
WHERE s.parent IS NULL AND s.parent_native_id IS NOT NULL
"""

_CANDIDATES = """
SELECT s.pk, s.id, s.follows, src.path, src.superseded
FROM sessions s JOIN logs l ON l.id = s.follows JOIN sources src ON src.id = l.source
WHERE (s.native_id = :native OR s.parent_native_id = :native) AND s.pk != :pk
"""


def link(connection: sqlite3.Connection) -> Changes:
    """Find the parents of all sessions that name one and have none yet."""
    changes = Changes()
    for pk, name, native, agent, title, renamed, log, path in connection.execute(_ORPHANS).fetchall():
        found = _parent(connection, pk, native, agent, log, path)
        if found is None:
            continue
        parent, parent_name, spawn = found
        at = None
        if spawn is not None:
            at = sessions.slices_of(connection, parent).position_of(*spawn[:2])
            title = title if renamed or not spawn[2] else spawn[2]
        connection.execute(
            "UPDATE sessions SET parent = ?, forked_at = ?, title = ? WHERE pk = ?",
            (parent, at, title or f"sub-agent {agent}", pk),
        )
        changes |= Changes(changed=frozenset({name, parent_name}))
    return changes


def _parent(
    connection: sqlite3.Connection, pk: int, native: str, agent: str, log: int, path: str | None
) -> tuple[int, str, tuple[int, int, str] | None] | None:
    """(key, id, (log, seq, title) of the spawn) of the best parent: same folder, knows the agent."""
    best: tuple[int, int, str, tuple[int, int, str] | None] | None = None
    rows = connection.execute(_CANDIDATES, {"native": native, "pk": pk}).fetchall()
    for candidate, name, follows, candidate_path, superseded in rows:
        spawn = connection.execute(
            "SELECT log, start, title FROM spawns WHERE log = ? AND agent = ?", (follows, agent)
        ).fetchone()
        is_named = connection.execute(
            "SELECT native_id = ? FROM sessions WHERE pk = ?", (native, candidate)
        ).fetchone()[0]
        if spawn is None and not is_named:
            continue
        score = 4 * (spawn is not None) + 2 * _is_near(path, candidate_path) - superseded
        if best is None or score > best[0]:
            best = (score, candidate, name, spawn)
    return best[1:] if best else None


def _is_near(path: str | None, other: str | None) -> bool:
    """Whether two files belong to one project: same folder, or one within the other's."""
    if path is None or other is None:
        return False
    here, there = os.path.dirname(path), os.path.dirname(other)
    return here == there or here.startswith(there + os.sep)

