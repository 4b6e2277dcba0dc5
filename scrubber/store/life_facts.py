"""What a runtime knows of a session beside its events: kind, label, task, skills, and the like."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from scrubber.core.session import Session

_COLUMNS = (
    "kind", "agent", "label", "task", "run", "finished", "branched_at", "skills", "facts",
)  # fmt: skip
_JSON = ("skills", "facts")


@dataclass(frozen=True, slots=True)
class LifeFacts:
    """Moments are milliseconds since 1970, UTC; None where nothing is known."""

    kind: str = "main"
    """``main``, ``subagent`` or ``cron``."""
    agent: str | None = None
    label: str | None = None
    task: str | None = None
    run: str | None = None
    """The id of the run that a sub-agent was spawned for."""
    finished: int | None = None
    branched_at: int | None = None
    """The index at which a fork of the first messages left its source."""
    skills: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None
    """What a format says beside: metadata, summary, system message; a JSON object."""


def get(connection: sqlite3.Connection, pk: int) -> LifeFacts:
    """What is known of a session; of one that no runtime made, its kind."""
    row = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM lives WHERE session = ?", (pk,)
    ).fetchone()
    if row is None:
        relation = sessions.get(connection, pk).relation
        return LifeFacts("subagent" if relation == "subagent" else "main", facts={})
    known = dict(zip(_COLUMNS, row, strict=True))
    known |= {name: orjson.loads(known[name]) for name in _JSON}
    return LifeFacts(**known | {"skills": tuple(known["skills"])})


def kept(connection: sqlite3.Connection, pk: int) -> dict[str, Any] | None:
    """What is known of a runtime's session as a JSON object, None of another's."""
    if connection.execute("SELECT 1 FROM lives WHERE session = ?", (pk,)).fetchone() is None:
        return None
    found = {name: value for name, value in asdict(get(connection, pk)).items() if value}
    return found | {"skills": list(found["skills"])} if "skills" in found else found


def put(connection: sqlite3.Connection, pk: int, values: dict[str, Any]) -> None:
    """Set some of it; a label goes to whoever is given it last."""
    unknown = set(values) - set(_COLUMNS)
    assert not unknown, unknown
    kind = get(connection, pk).kind
    connection.execute("INSERT OR IGNORE INTO lives (session, kind) VALUES (?, ?)", (pk, kind))
    row = {k: orjson.dumps(v).decode() if k in _JSON else v for k, v in values.items()}
    names = ", ".join(f"{name} = :{name}" for name in row)
    if names:
        connection.execute(f"UPDATE lives SET {names} WHERE session = :pk", {**row, "pk": pk})
    if values.get("label") is not None:
        connection.execute(
            "UPDATE lives SET labelled = (SELECT coalesce(max(labelled), 0) + 1 FROM lives) "
            "WHERE session = ?",
            (pk,),
        )


def labelled(connection: sqlite3.Connection, label: str) -> str | None:
    """The id of the session that was given a label last, None if none was."""
    row = connection.execute(
        "SELECT s.id FROM lives l JOIN sessions s ON s.pk = l.session "
        "WHERE l.label = ? AND s.trashed IS NULL ORDER BY l.labelled DESC LIMIT 1",
        (label,),
    ).fetchone()
    return str(row[0]) if row else None


def listed(
    connection: sqlite3.Connection,
    kinds: Sequence[str] | None,
    active_only: bool,
    limit: int | None,
) -> list[tuple[Session, LifeFacts]]:
    """The sessions of runtimes, those made last first; filtered, then limited."""
    where, values = "s.trashed IS NULL", list(kinds or ())
    if kinds is not None:
        where += f" AND l.kind IN ({', '.join('?' * len(kinds))})"
    if active_only:
        where += (
            " AND l.finished IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM states t WHERE t.session = s.pk AND t.state <> 'active')"
        )
    rows = connection.execute(
        f"SELECT s.pk FROM lives l JOIN sessions s ON s.pk = l.session WHERE {where} "
        "ORDER BY s.created DESC, s.pk DESC LIMIT ?",
        (*values, -1 if limit is None else limit),
    ).fetchall()
    return [(sessions.get(connection, pk), get(connection, pk)) for (pk,) in rows]
