"""Putting sessions away, bringing them back, and deleting for good what nothing refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.session import Changes
from scrubber.store import landmarks, notes, sessions
from scrubber.store.logs import SEQ_BITS

if TYPE_CHECKING:
    import sqlite3


def put_away(connection: sqlite3.Connection, pk: int) -> Changes:
    """Mark a session and all below it as deleted, with one time stamp as their common mark."""
    doomed = [pk, *sessions.dependents(connection, pk)]
    parent = sessions.get(connection, pk).parent
    latest = connection.execute("SELECT max(trashed) FROM sessions").fetchone()[0] or 0
    now = max(sessions.now_ms(), latest + 1)
    connection.executemany(
        "UPDATE sessions SET trashed = ? WHERE pk = ?", [(now, one) for one in doomed]
    )
    names = frozenset(sessions.get(connection, one).id for one in doomed)
    return Changes(removed=names, changed=frozenset({parent} if parent else ()))


def bring_back(connection: sqlite3.Connection, pk: int) -> Changes:
    """Undo one putting away; what the session hangs below comes back too, to be found."""
    top = sessions.get(connection, pk)
    rows = connection.execute(
        "WITH RECURSIVE below(pk) AS (SELECT ? UNION SELECT s.pk FROM sessions s "
        "JOIN below b ON s.parent = b.pk WHERE s.trashed = ?) "
        "UPDATE sessions SET trashed = NULL WHERE pk IN below RETURNING id",
        (pk, top.trashed),
    ).fetchall()
    rows += connection.execute(
        "WITH RECURSIVE above(pk) AS (SELECT parent FROM sessions WHERE pk = ? UNION "
        "SELECT s.parent FROM sessions s JOIN above a ON s.pk = a.pk) "
        "UPDATE sessions SET trashed = NULL WHERE pk IN above AND trashed IS NOT NULL RETURNING id",
        (pk,),
    ).fetchall()
    return Changes(
        added=frozenset(row[0] for row in rows),
        changed=frozenset({top.parent} if top.parent else ()),
    )


def empty(connection: sqlite3.Connection) -> int:
    """Delete the sessions that were put away, then sources of which no session uses a log."""
    before = connection.execute("SELECT coalesce(sum(length(data)), 0) FROM blocks").fetchone()[0]
    connection.execute(
        "UPDATE sessions SET parent = NULL WHERE trashed IS NULL AND parent IN "
        "(SELECT pk FROM sessions WHERE trashed IS NOT NULL)"
    )
    connection.execute("UPDATE sessions SET parent = NULL WHERE trashed IS NOT NULL")
    connection.execute("DELETE FROM sessions WHERE trashed IS NOT NULL")
    drop_unused(connection, [row[0] for row in connection.execute("SELECT id FROM sources")])
    landmarks.drop_unused_blobs(connection)
    notes.drop_unseen(connection)
    after = connection.execute("SELECT coalesce(sum(length(data)), 0) FROM blocks").fetchone()[0]
    return int(before - after)


def drop_unused(connection: sqlite3.Connection, candidates: list[int]) -> None:
    """Delete those of the sources of which no session uses or follows a log, or has used one.

    What a session held before a change (``revisions``) stays as long as the session does; but for
    former versions of files, which nobody sees any more.
    """
    used = {
        row[0]
        for row in connection.execute(
            "SELECT l.source FROM logs l JOIN sources s ON s.id = l.source "
            "WHERE l.id IN (SELECT log FROM slices) OR l.id IN (SELECT follows FROM sessions) "
            "OR (s.superseded = 0 AND l.id IN (SELECT json_extract(piece.value, '$[0]') "
            "FROM revisions, json_each(former) piece))"
        )
    }
    for source in set(candidates) - used:
        logs = connection.execute("SELECT id FROM logs WHERE source = ?", (source,)).fetchall()
        for (log,) in logs:
            _drop_log(connection, log)
        connection.execute("DELETE FROM logs WHERE source = ?", (source,))
        connection.execute("DELETE FROM blocks WHERE source = ?", (source,))
        connection.execute("DELETE FROM sources WHERE id = ?", (source,))


def _drop_log(connection: sqlite3.Connection, log: int) -> None:
    notes.forget_log(connection, log)
    bounds = (log << SEQ_BITS, (log + 1) << SEQ_BITS)
    connection.execute("DELETE FROM events WHERE id >= ? AND id < ?", bounds)
    connection.execute("DELETE FROM usage WHERE id >= ? AND id < ?", bounds)
    connection.execute("DELETE FROM columns WHERE log = ?", (log,))
    connection.execute("DELETE FROM spawns WHERE log = ?", (log,))
    connection.execute("DELETE FROM landmarks WHERE log = ?", (log,))
