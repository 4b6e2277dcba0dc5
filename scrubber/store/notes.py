"""Bookmarks, labels and notes on events: rows that point to events by (log, seq).

A note has one anchor for each version of its source that holds its event. A session sees the notes
whose anchors lie in its slices: forks share those of their prefix, at no cost. What became of a
note whose event a rewritten source no longer has is in ``lost_anchors``; see carrying.py.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from scrubber.core.hashing import blake2b
from scrubber.core.notes import Note
from scrubber.store import logs
from scrubber.store.sessions import now_ms, slices_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.notes import NoteKind
    from scrubber.core.slices import SliceList

_NOTE = """
SELECT n.id, n.kind, n.text, s.id, {position}, n.was_at, n.excerpt, n.created, n.updated
FROM {source} JOIN notes n ON n.pk = a.note LEFT JOIN sessions s ON s.pk = n.session
"""
_HERE = _NOTE.format(position="a.event", source="anchors a")
_LOST = _NOTE.format(position="NULL", source="lost_anchors a")


def record_digest(raw: bytes) -> bytes:
    """The hash of a record that a note is written on."""
    return blake2b(raw, digest_size=16).digest()


def of_session(connection: sqlite3.Connection, pk: int) -> list[Note]:
    """The notes that a session sees, in its order; last, those whose event is gone."""
    found = list(within(connection, slices_of(connection, pk)))
    rows = connection.execute(f"{_LOST} WHERE a.session = ? ORDER BY n.was_at, n.pk", (pk,))
    return [*found, *(Note(*row) for row in rows)]


def within(
    connection: sqlite3.Connection, slices: SliceList, start: int = 0, stop: int = 2**62
) -> Iterator[Note]:
    """The notes on the events at positions start…stop-1 of some slices, in order."""
    for first, piece in slices.ranges(start, stop):
        low = logs.event_id(piece.log, piece.start)
        rows = connection.execute(
            f"{_HERE} WHERE a.event BETWEEN ? AND ? ORDER BY a.event, n.pk",
            (low, logs.event_id(piece.log, piece.stop - 1)),
        )
        for id, kind, text, session, event, *rest in rows:
            yield Note(id, kind, text, session, event - low + first, *rest)


def on_event(
    connection: sqlite3.Connection, event: int, kind: NoteKind, text: str | None = None
) -> int | None:
    """The key of an event's bookmark or note, or of its label of this name; None if it has none."""
    row = connection.execute(
        "SELECT n.pk FROM anchors a JOIN notes n ON n.pk = a.note "
        "WHERE a.event = ? AND n.kind = ? AND (? IS NULL OR n.text = ?) ORDER BY n.pk LIMIT 1",
        (event, kind, text, text),
    ).fetchone()
    return row[0] if row else None


def insert(
    connection: sqlite3.Connection, pk: int, event: Event, raw: bytes, kind: NoteKind, text: str
) -> int:
    """A new note on an event of a session; ``raw``: the record of the event."""
    now = now_ms()
    row = {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "text": text,
        "session": pk,
        "digest": record_digest(raw),
        "part": event.part,
        "event_kind": int(event.kind),
        "was_at": event.index,
        "excerpt": event.text,
        "created": now,
        "updated": now,
    }
    key = insert_row(connection, row)
    anchor(connection, key, logs.event_id(event.log, event.seq))
    return key


def insert_row(connection: sqlite3.Connection, row: dict[str, Any]) -> int:
    """A note as it is kept, without anchors; gives its key."""
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    cursor = connection.execute(f"INSERT INTO notes ({names}) VALUES ({marks})", row)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def anchor(connection: sqlite3.Connection, note: int, event: int) -> None:
    """Let a note stand on one event more, which is the same in another version of its source."""
    connection.execute("INSERT OR IGNORE INTO anchors VALUES (?, ?)", (event, note))


def rewrite(connection: sqlite3.Connection, note: int, text: str) -> None:
    """Let a note say something else."""
    connection.execute(
        "UPDATE notes SET text = ?, updated = ? WHERE pk = ? AND text != ?",
        (text, now_ms(), note, text),
    )


def delete(connection: sqlite3.Connection, note: int) -> None:
    """Delete a note wherever it is seen."""
    connection.execute("DELETE FROM notes WHERE pk = ?", (note,))


def forget_log(connection: sqlite3.Connection, log: int) -> None:
    """Delete the anchors on the events of a log that is deleted."""
    connection.execute(
        "DELETE FROM anchors WHERE event BETWEEN ? AND ?",
        (logs.event_id(log, 0), logs.event_id(log + 1, 0) - 1),
    )


def drop_unseen(connection: sqlite3.Connection) -> None:
    """Delete the notes that no session can see any more."""
    connection.execute(
        "DELETE FROM notes WHERE NOT EXISTS (SELECT 1 FROM anchors a WHERE a.note = pk) "
        "AND NOT EXISTS (SELECT 1 FROM lost_anchors l WHERE l.note = pk)"
    )
