"""The sessions that follow the logs of a source: created, grown, carried on to a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.session import Changes, SessionInfo
from scrubber.core.slices import Slice, SliceList
from scrubber.store import carrying, sessions

if TYPE_CHECKING:
    import sqlite3


_TITLED_BY_CALL = (
    "(relation = 'subagent' AND EXISTS ("
    "SELECT 1 FROM sessions p JOIN spawns w ON w.log = p.follows WHERE p.pk = sessions.parent "
    "AND w.agent = sessions.agent AND w.title = sessions.title))"
)
"""A sub-agent is called what the call that started it says."""


class Place(NamedTuple):
    """A log, and where it branches off from if it does."""

    log: int
    prefix: SliceList
    parent: int | None
    """The log that it leaves."""


def adopt(connection: sqlite3.Connection, former: int, key: str, place: Place, length: int) -> None:
    """Let the session that followed a log of a rewritten source follow its new version.

    Forks of the old version keep its slices, and so stay what they were. Sub-agents look for their
    place in the new version.
    """
    row = connection.execute(
        "SELECT s.pk FROM sources f JOIN sources o ON o.path = f.path AND o.superseded = 1 "
        "AND o.id <= f.id JOIN logs l ON l.source = o.id JOIN sessions s ON s.follows = l.id "
        "WHERE f.id = ? AND l.key = ? ORDER BY o.id DESC LIMIT 1",
        (former, key),
    ).fetchone()
    if row is None:
        return
    sessions.revise(connection, row[0], "rewritten")
    connection.execute("UPDATE sessions SET follows = ? WHERE pk = ?", (place.log, row[0]))
    slices = place.prefix + SliceList([Slice(place.log, 0, length)])
    carrying.lose(connection, row[0], sessions.slices_of(connection, row[0]), slices)
    sessions.write_slices(connection, row[0], slices)
    if place.parent is not None:
        parent, at = _leaves(connection, place)
        connection.execute(
            "UPDATE sessions SET relation = 'fork', parent = ?, forked_at = ? WHERE pk = ?",
            (parent, at, row[0]),
        )
    connection.execute(
        "UPDATE sessions SET forked_at = NULL WHERE parent = ? AND relation = 'subagent'", row
    )


def follow(
    connection: sqlite3.Connection,
    session_format: str,
    place: Place,
    grown: tuple[int, int],
    info: SessionInfo,
) -> Changes:
    """Create the session that follows a log, or let it grow with it, and note what is known."""
    row = connection.execute(
        "SELECT pk, id, title, model FROM sessions WHERE follows = ?", (place.log,)
    ).fetchone()
    if row is None:
        return _create(connection, session_format, place, grown[1], info)
    if grown[0] == grown[1] and (row[2], row[3]) == (info.title or row[2], info.model or row[3]):
        return Changes()
    if grown[0] != grown[1]:
        sessions.extend(connection, row[0], place.log, *grown)
    connection.execute(
        f"UPDATE sessions SET title = CASE WHEN renamed OR :title = '' OR {_TITLED_BY_CALL} "
        "THEN title ELSE :title END, "
        "native_id = coalesce(native_id, :native_id), model = coalesce(:model, model), "
        "cwd = coalesce(:cwd, cwd), created = :created, "
        "updated = :updated, revision = revision + :grown WHERE pk = :pk",
        {**_facts(info), "pk": row[0], "grown": grown[0] != grown[1]},
    )
    if info.relation == "fork" and place.parent is None:
        _note_fork(connection, row[0], info)
    return Changes(changed=frozenset({row[1]}))


def _create(
    connection: sqlite3.Connection,
    session_format: str,
    place: Place,
    length: int,
    info: SessionInfo,
) -> Changes:
    facts = {**_facts(info), "format": session_format, "follows": place.log}
    parent, at = _leaves(connection, place)
    facts |= {"relation": info.relation, "forked_at": info.shared}
    if parent is not None:
        facts |= {"relation": "fork", "parent": parent, "forked_at": at}
    slices = place.prefix + SliceList([Slice(place.log, 0, length)])
    pk = sessions.create(connection, facts, slices)
    changed = frozenset({sessions.get(connection, parent).id} if parent is not None else ())
    return Changes(added=frozenset({sessions.get(connection, pk).id}), changed=changed)


def _note_fork(connection: sqlite3.Connection, pk: int, info: SessionInfo) -> None:
    """What is known by now of a fork in a file of its own, until its parent is found."""
    connection.execute(
        "UPDATE sessions SET relation = 'fork', parent_native_id = ?, forked_at = ? "
        "WHERE pk = ? AND parent IS NULL",
        (info.parent_native_id, info.shared, pk),
    )


def _leaves(connection: sqlite3.Connection, place: Place) -> tuple[int | None, int | None]:
    """The session that follows the log which this one leaves, and where in it; None: unknown."""
    row = connection.execute(
        "SELECT pk FROM sessions WHERE follows = ?", (place.parent,)
    ).fetchone()
    if row is None:
        return None, None
    if not place.prefix:
        return row[0], 0
    last = place.prefix.slices[-1]
    at = sessions.slices_of(connection, row[0]).position_of(last.log, last.stop - 1)
    return row[0], None if at is None else at + 1


def _facts(info: SessionInfo) -> dict[str, object]:
    now = sessions.now_ms()
    return {
        "title": info.title,
        "native_id": info.native_id,
        "parent_native_id": info.parent_native_id,
        "agent": info.agent,
        "model": info.model,
        "cwd": info.cwd,
        "created": info.created or info.file_time or now,
        "updated": info.updated or info.file_time or now,
    }
