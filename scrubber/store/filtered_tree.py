"""The tree of sessions under a filter: whoever is left out leaves its children to the next above.

A session that fits hangs below the nearest ancestor that fits as well; where none does, it is at
the top.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3

    from scrubber.core.session import Session

_HAYSTACK = (
    "{0}.title || ' ' || {0}.id || ' ' || {0}.format || ' ' || coalesce({0}.model, '') || ' ' || "
    "coalesce({0}.cwd, '') || ' ' || coalesce({0}.native_id, '') || ' ' || {0}.relation"
)


def fits(words: list[str], alias: str = "s") -> str:
    """SQL: whether a row of sessions holds each of the words; one value for each, see ``likes``."""
    test = f"{_HAYSTACK.format(alias)} LIKE ? ESCAPE '\\'"
    return " AND ".join([f"{alias}.trashed IS NULL", *[test] * len(words)])


def likes(words: list[str]) -> list[str]:
    """The words as values for LIKE."""
    escaped = (w.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for w in words)
    return [f"%{word}%" for word in escaped]


def top(
    connection: sqlite3.Connection, words: list[str], order: str, start: int, count: int
) -> list[Session]:
    """A page of the sessions that fit and have no ancestor that does."""
    orphaned = (
        "NOT EXISTS (WITH RECURSIVE up(pk) AS (SELECT s.parent UNION ALL SELECT a.parent "
        "FROM up JOIN sessions a ON a.pk = up.pk) SELECT 1 FROM up JOIN sessions a "
        f"ON a.pk = up.pk WHERE {fits(words, 'a')})"
    )
    values = likes(words) * 2
    found = sessions.query(
        connection, f"{fits(words)} AND {orphaned}", tuple(values), order, count, start
    )
    return [_counted(connection, words, session) for session in found]


def below(connection: sqlite3.Connection, words: list[str], pk: int) -> list[Session]:
    """The sessions that fit and have this one as their nearest ancestor that is shown."""
    keys = orjson.dumps(_keys_below(connection, words, pk)).decode()
    found = sessions.query(
        connection,
        "s.pk IN (SELECT value FROM json_each(?))",
        (keys,),
        "coalesce(s.forked_at, 0), s.pk",
        2**31,
    )
    return [_counted(connection, words, session) for session in found]


def _keys_below(connection: sqlite3.Connection, words: list[str], pk: int) -> list[int]:
    test = fits(words, "c")
    rows = connection.execute(
        f"WITH RECURSIVE walk(pk, fits) AS (SELECT c.pk, {test} FROM sessions c "
        f"WHERE c.parent = ? UNION ALL SELECT c.pk, {test} FROM walk w JOIN sessions c "
        "ON c.parent = w.pk WHERE NOT w.fits) SELECT pk FROM walk WHERE fits",
        (*likes(words), pk, *likes(words)),
    )
    return [row[0] for row in rows]


def _counted(connection: sqlite3.Connection, words: list[str], session: Session) -> Session:
    """The session with the number of children that the filter gives it."""
    pk = sessions.find(connection, session.id)
    return replace(session, children=len(_keys_below(connection, words, pk)))
