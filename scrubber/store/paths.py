"""The paths that a session has taken: what it was made of before each of its changes, and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.slices import Slice, SliceList
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3


def taken(connection: sqlite3.Connection, pk: int) -> list[SliceList]:
    """The slices of the session before each of its changes, the first one first, and those of now.

    What was only added to since then is left out: the longer path says it all.
    """
    rows = connection.execute(
        "SELECT former FROM revisions WHERE session = ? ORDER BY revision", (pk,)
    )
    paths: list[SliceList] = []
    for path in (*(_parse(row[0]) for row in rows), sessions.slices_of(connection, pk)):
        if paths and shared(paths[-1], path) == len(paths[-1]):
            paths.pop()
        paths.append(path)
    return paths


def _parse(former: str) -> SliceList:
    return SliceList([Slice(*piece) for piece in orjson.loads(former)])


def shared(one: SliceList, other: SliceList) -> int:
    """How many events two paths have in common from their beginning on."""
    length = 0
    for a, b in zip(one.slices, other.slices, strict=False):
        if (a.log, a.start) != (b.log, b.start):
            break
        length += min(len(a), len(b))
        if len(a) != len(b):
            break
    return length


def move(
    connection: sqlite3.Connection,
    pk: int,
    path: SliceList,
    operation: str,
    expected: int | None = None,
) -> None:
    """Let a session be made of another path; what it was made of stays in its revisions."""
    sessions.revise(connection, pk, operation, expected)
    sessions.write_slices(connection, pk, path)
    connection.execute("UPDATE sessions SET updated = ? WHERE pk = ?", (sessions.now_ms(), pk))


def fork(connection: sqlite3.Connection, pk: int, path: SliceList, title: str, note: str) -> int:
    """A new session that is made of a path of another; gives its key. Copies no event."""
    common = shared(sessions.slices_of(connection, pk), path)
    child = sessions.fork(connection, pk, common, title, note)
    if common < len(path):
        sessions.write_slices(connection, child, path)
    return child
