"""What some events stand for beside their text, found without reading the events: a frame that
opens, a checkpoint. And blobs, which checkpoints name by the hash of their content.

A landmark lies on an event of a log, so whoever shares the event shares what it stands for, and a
session that goes back in front of it has never heard of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import StoreError
from scrubber.core.hashing import sha256

if TYPE_CHECKING:
    import sqlite3

    from scrubber.core.slices import SliceList

FRAME = "frame"
CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Landmark:
    """What one event stands for."""

    position: int
    """Index of the event in the session that was asked."""
    log: int
    seq: int
    id: str
    value: dict[str, Any]


def put(
    connection: sqlite3.Connection, log: int, seq: int, kind: str, id: str, value: dict[str, Any]
) -> None:
    """Say what an event stands for; once, and for good."""
    connection.execute(
        "INSERT INTO landmarks VALUES (?, ?, ?, ?, ?)",
        (log, seq, kind, id, orjson.dumps(value).decode()),
    )


def put_last(
    connection: sqlite3.Connection, slices: SliceList, kind: str, id: str, value: dict[str, Any]
) -> None:
    """Say what the last event of some slices stands for."""
    _, log, seq = slices.locate(len(slices) - 1)
    put(connection, log, seq, kind, id, value)


def exists(connection: sqlite3.Connection, kind: str, id: str) -> bool:
    """Whether there is a landmark of a kind with an id."""
    row = connection.execute("SELECT 1 FROM landmarks WHERE kind = ? AND id = ?", (kind, id))
    return row.fetchone() is not None


def on_path(connection: sqlite3.Connection, slices: SliceList, kind: str) -> list[Landmark]:
    """The landmarks of a kind on the events of some slices, in order."""
    return [
        Landmark(first + seq - piece.start, piece.log, seq, name, orjson.loads(value))
        for first, piece in slices.ranges(0, len(slices))
        for seq, name, value in connection.execute(
            "SELECT seq, id, value FROM landmarks WHERE log = ? AND seq >= ? AND seq < ? "
            "AND kind = ? ORDER BY seq",
            (piece.log, piece.start, piece.stop, kind),
        )
    ]


def last(connection: sqlite3.Connection, slices: SliceList, kind: str) -> Landmark | None:
    """The last landmark of a kind on the events of some slices."""
    for first, piece in reversed(list(slices.ranges(0, len(slices)))):
        row = connection.execute(
            "SELECT seq, id, value FROM landmarks WHERE log = ? AND seq >= ? AND seq < ? "
            "AND kind = ? ORDER BY seq DESC LIMIT 1",
            (piece.log, piece.start, piece.stop, kind),
        ).fetchone()
        if row is not None:
            at = first + row[0] - piece.start
            return Landmark(at, piece.log, row[0], row[1], orjson.loads(row[2]))
    return None


def keep_blob(connection: sqlite3.Connection, data: bytes) -> str:
    """Keep some bytes; gives the SHA-256 by which they are found. The same bytes are kept once."""
    digest = sha256(data).hexdigest()
    connection.execute("INSERT OR IGNORE INTO blobs VALUES (?, ?)", (digest, data))
    return digest


def blob(connection: sqlite3.Connection, digest: str) -> bytes:
    """The bytes with this hash; a StoreError if they are not here, or not what they were."""
    row = connection.execute("SELECT data FROM blobs WHERE hash = ?", (digest,)).fetchone()
    if row is None:
        raise StoreError(f"the store has no blob {digest}")
    data = bytes(row[0])
    if sha256(data).hexdigest() != digest:
        raise StoreError(f"blob {digest} is damaged: its bytes have another hash")
    return data


def drop_unused_blobs(connection: sqlite3.Connection) -> int:
    """Delete the blobs that no checkpoint names; gives how many. Reads every checkpoint."""
    used: set[str] = set()
    for (value,) in connection.execute("SELECT value FROM landmarks WHERE kind = ?", (CHECKPOINT,)):
        used.update(orjson.loads(value).get("blobs", ()))
    held = {row[0] for row in connection.execute("SELECT hash FROM blobs")}
    connection.executemany("DELETE FROM blobs WHERE hash = ?", [(one,) for one in held - used])
    return len(held - used)
