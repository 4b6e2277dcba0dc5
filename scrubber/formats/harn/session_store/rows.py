"""harn's session store as lines of JSON: events in the order of their times.

A session's row stands in front of its first event, with what never changes; what may change stands
behind its last one, once it is closed. So what is new stands behind what was there. A session
without events is not told. Forks have copies of their parent's events, with their ids and times;
how many is told with the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import FormatError
from scrubber.formats import sqlite_rows
from scrubber.formats.parsing import loads
from scrubber.formats.sqlite_rows import record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

SESSIONS, EVENTS, CLOSED = "sessions", "session_events", "closed"
_OF_EVENTS = {"session_id", "event_id", "kind", "payload_json", "ts_ms", "record_hash"}
_LASTING = (
    "id", "tenant_id", "persona", "parent_session_id", "created_at_ms", "created_at", "cwd",
    "session_type", "project_scope",
)  # fmt: skip
_OPEN = "open"


def is_store(path: Path) -> bool:
    """Whether a database is such a store."""
    try:
        with sqlite_rows.opened(path) as database:
            return SESSIONS in database.tables and set(database.columns(EVENTS)) >= _OF_EVENTS
    except (FormatError, OSError):
        return False


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    sessions = {str(row["id"]): row for row in database.rows(f"SELECT * FROM {SESSIONS}")}
    last = dict(_last_events(database))
    waiting = dict(sessions)
    query = f"SELECT * FROM {EVENTS} ORDER BY ts_ms, session_id, event_id"
    for row in database.rows(query):
        name = str(row["session_id"])
        if (session := waiting.pop(name, None)) is not None:
            yield _begins(database, session)
        yield record(EVENTS, _told(row))
        session = sessions.get(name, {})
        if row["event_id"] == last[name] and session.get("status", _OPEN) != _OPEN:
            yield record(CLOSED, _told(session))


def _last_events(database: Database) -> Iterator[tuple[str, JSON]]:
    """(session, its last event) of every session."""
    query = f"SELECT session_id, max(event_id) AS last FROM {EVENTS} GROUP BY session_id"
    return ((str(row["session_id"]), row["last"]) for row in database.rows(query))


def _begins(database: Database, session: Row) -> bytes:
    told = {key: session[key] for key in _LASTING if key in session}
    if session.get("parent_session_id"):
        told["shared"] = _shared(database, str(session["parent_session_id"]), str(session["id"]))
    return record(SESSIONS, told)


def _shared(database: Database, parent: str, child: str) -> int:
    """How many of a session's events are copies of its parent's."""
    query = (
        f"SELECT count(*) AS n FROM {EVENTS} c JOIN {EVENTS} p ON p.session_id = ? "
        "AND p.event_id = c.event_id AND p.ts_ms = c.ts_ms AND p.payload_json = c.payload_json "
        "WHERE c.session_id = ?"
    )
    return int(next(database.rows(query, (parent, child)))["n"])


def _told(row: Row) -> Row:
    return {name: _plain(name, value) for name, value in row.items()}


def _plain(name: str, value: JSON) -> JSON:
    """What a column of JSON text means; anything else as it is."""
    if not name.endswith("_json") or not isinstance(value, str):
        return value
    try:
        return loads(value.encode())
    except orjson.JSONDecodeError:
        return value
