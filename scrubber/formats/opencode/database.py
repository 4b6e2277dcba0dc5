"""OpenCode's database, and the folder it kept before, as lines of JSON.

``{"info": session}`` in front of its first message, ``{"messages": [{"info", "parts"}]}`` for each
message, oldest first, so that what is new stands behind what was there. What changes with every
message (costs, times of the last change) is left out of the sessions: it is summed up here anyway.
Tables with accounts and credentials are never looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

TABLES = frozenset({"session", "message", "part"})
_CHANGING = ("summary", "cost", "tokens", "share", "revert")
_JSON = ("model", "permission", "metadata")
_SESSION = {
    "project_id": "projectID",
    "parent_id": "parentID",
    "workspace_id": "workspaceID",
}


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    known: set[str] = set()
    reverted: list[Row] = []
    order = "SELECT id FROM message ORDER BY time_created, id"
    for message in [row["id"] for row in database.rows(order)]:
        for row in database.rows("SELECT * FROM message WHERE id = ?", (message,)):
            session = str(row["session_id"])
            if session not in known:
                known.add(session)
                yield from _session(database, session, reverted)
            yield line({"messages": [_message(database, row)]})
    for revert in reverted:
        yield line({"reverted": revert})
    yield from _newer(database)


def line(value: JSON) -> bytes:
    """One line of JSON."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=_plain) + b"\n"


def _plain(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else repr(value)


def _session(database: Database, session: str, reverted: list[Row]) -> Iterator[bytes]:
    """A session as its export has it; one that is missing is told by its id."""
    found = next(database.rows("SELECT * FROM session WHERE id = ?", (session,)), {"id": session})
    info: Row = {"id": session}
    for key, value in found.items():
        if value is None or key.startswith(("time_", "summary_", "tokens_")) or key == "cost":
            continue
        info[_SESSION.get(key, key)] = _parsed(value) if key in _JSON else value
    if found.get("time_created"):
        info["time"] = {"created": found["time_created"]}
    revert = _parsed(info.pop("revert", None))
    if isinstance(revert, dict):
        reverted.append(revert | {"sessionID": session})
    yield line({"info": info})


def stable(info: Row) -> Row:
    """A session without what changes with every message."""
    time = info.get("time")
    kept = {key: value for key, value in info.items() if key not in _CHANGING}
    if isinstance(time, dict):
        kept["time"] = {key: value for key, value in time.items() if key == "created"}
    return kept


def _message(database: Database, row: Row) -> Row:
    query = "SELECT * FROM part WHERE message_id = ? ORDER BY id"
    parts = [
        _with_ids(part, {"sessionID": part.get("session_id"), "messageID": row["id"]})
        for part in database.rows(query, (row["id"],))
    ]
    return {"info": _with_ids(row, {"sessionID": row["session_id"]}), "parts": parts}


def _with_ids(row: Row, ids: Row) -> JSON:
    value = _parsed(row.get("data"))
    if not isinstance(value, dict):
        value = {"data": value}
    return value | {"id": row["id"]} | ids


def _parsed(text: JSON) -> JSON:
    """A column that holds JSON; text that is none as it is."""
    if not isinstance(text, (str, bytes)):
        return text
    try:
        return loads(text.encode() if isinstance(text, str) else text)
    except orjson.JSONDecodeError:
        return text


def _newer(database: Database) -> Iterator[bytes]:
    """Messages in the shape that OpenCode is about to change to; nobody knows it yet."""
    if "session_message" in database.tables:
        for row in database.rows("SELECT * FROM session_message ORDER BY time_created, id"):
            yield line({"session_message": row | {"data": _parsed(row.get("data"))}})
