"""Puts what a snapshot holds back in place: sources, sessions, lineage."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson

from scrubber.core.slices import SliceList
from scrubber.store import logs as log_rows
from scrubber.store import sessions, sources

_FACTS = (
    "id",
    "title",
    "format",
    "relation",
    "status",
    "model",
    "cwd",
    "forked_at",
    "native_id",
    "parent_native_id",
    "agent",
    "renamed",
    "note",
    "created",
    "updated",
    "revision",
)


def create_source(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> int:
    """A source as a snapshot describes it.

    It stands for its file only if the store has not read that file itself.
    """
    source = sources.create(connection, None, facts["format"], facts["reader"])
    taken = connection.execute(
        "SELECT 1 FROM sources WHERE path = ? AND superseded = 0", (facts["path"],)
    ).fetchone()
    connection.execute(
        "UPDATE sources SET path = ?, superseded = ?, warnings = ? WHERE id = ?",
        (facts["path"], taken is not None, orjson.dumps(facts["warnings"]).decode(), source),
    )
    return source


def finish_source(connection: sqlite3.Connection, source: int, pending: bytes) -> None:
    """Note the incomplete last line of a restored source."""
    connection.execute("UPDATE sources SET pending = ? WHERE id = ?", (pending, source))


def restore_sessions(
    connection: sqlite3.Connection,
    facts: Sequence[Mapping[str, Any]],
    slices: Sequence[SliceList],
    logs: Mapping[int, int | None],
) -> list[tuple[str, Literal["new", "unchanged"]]]:
    """Create the sessions of a snapshot, except those that are here already."""
    results: list[tuple[str, Literal["new", "unchanged"]]] = []
    names: dict[str, str] = {}
    for one, pieces in zip(facts, slices, strict=True):
        here = connection.execute("SELECT pk FROM sessions WHERE id = ?", (one["id"],)).fetchone()
        if here is not None and _same(connection, sessions.slices_of(connection, here[0]), pieces):
            connection.execute("UPDATE sessions SET trashed = NULL WHERE pk = ?", here)
            names[one["id"]] = one["id"]
            results.append((one["id"], "unchanged"))
            continue
        name = one["id"] if here is None else sessions.new_id()
        _create(connection, one, name, pieces, logs)
        names[one["id"]] = name
        results.append((name, "new"))
    for one in facts:
        _set_parent(connection, names[one["id"]], one["parent"], names)
    return results


def _create(
    connection: sqlite3.Connection,
    facts: Mapping[str, Any],
    name: str,
    slices: SliceList,
    logs: Mapping[int, int | None],
) -> None:
    fields = {key: facts[key] for key in _FACTS} | {"id": name}
    fields["follows"] = logs.get(facts["follows"]) if facts["follows"] is not None else None
    pk = sessions.create(connection, fields, slices)
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?)", [(pk, label) for label in facts["labels"]]
    )


def _set_parent(
    connection: sqlite3.Connection, name: str, parent: str | None, names: Mapping[str, str]
) -> None:
    if parent is not None:
        connection.execute(
            "UPDATE sessions SET parent = (SELECT pk FROM sessions WHERE id = ?) "
            "WHERE id = ? AND parent IS NULL",
            (names.get(parent, parent), name),
        )


def _same(connection: sqlite3.Connection, here: SliceList, there: SliceList) -> bool:
    """Whether two sessions hold the same events, by all that their rows say."""
    if len(here) != len(there):
        return False
    for start in range(0, len(here), 1000):
        ours = log_rows.read(connection, here, start, start + 1000)
        theirs = log_rows.read(connection, there, start, start + 1000)
        for a, b in zip(ours, theirs, strict=True):
            if (a.kind, a.ts, a.call_id, a.size, a.text, a.marks, a.usage) != (
                b.kind,
                b.ts,
                b.call_id,
                b.size,
                b.text,
                b.marks,
                b.usage,
            ):
                return False
    return True
