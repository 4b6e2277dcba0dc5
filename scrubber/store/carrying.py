"""What becomes of notes when a source was rewritten: carried to the same event, or told as changed.

The same event is one that stands on the same record: its bytes, and all in front of them, are what
they were; or its bytes occur in the former version once, and once in the new. Whatever is less
than that is a lookalike, and nothing is moved to it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from scrubber.store import blocks, logs, notes
from scrubber.store.sessions import slices_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from scrubber.core.slices import SliceList


class _Lost(NamedTuple):
    """A note that some session of the source cannot see just now."""

    pk: int
    digest: bytes
    part: int
    kind: int


def lose(connection: sqlite3.Connection, pk: int, former: SliceList, present: SliceList) -> None:
    """Note which notes a session loses with its former slices, until they are found again."""
    connection.execute("UPDATE lost_anchors SET settled = 0 WHERE session = ?", (pk,))
    for _, piece in former.ranges(0, len(former)):
        rows = connection.execute(
            "SELECT note, event FROM anchors WHERE event BETWEEN ? AND ?",
            (logs.event_id(piece.log, piece.start), logs.event_id(piece.log, piece.stop - 1)),
        ).fetchall()
        gone = [note for note, event in rows if _position(present, event) is None]
        connection.executemany(
            "INSERT OR REPLACE INTO lost_anchors VALUES (?, ?, 0)", [(pk, note) for note in gone]
        )


def carry(connection: sqlite3.Connection, source: int) -> None:
    """Look for the events of lost notes in a source that was read to its end, once."""
    rows = connection.execute(
        "SELECT DISTINCT n.pk, n.digest, n.part, n.event_kind FROM logs l "
        "JOIN sessions s ON s.follows = l.id JOIN lost_anchors a ON a.session = s.pk "
        "JOIN notes n ON n.pk = a.note WHERE l.source = ? AND a.settled = 0",
        (source,),
    ).fetchall()
    lost = [_Lost(*row) for row in rows]
    if not lost:
        return
    new = _digests(connection, source)
    for note, record in _same_records(connection, lost, new).items():
        event = _event_of(connection, source, record, note)
        if event is not None:
            notes.anchor(connection, note.pk, event)
    _settle(connection, source)


def _digests(connection: sqlite3.Connection, source: int) -> list[bytes]:
    """The hashes of a source's records, in order."""
    return [
        notes.record_digest(record)
        for block in blocks.blocks_of(connection, source)
        for record in block.records()
    ]


def _same_records(
    connection: sqlite3.Connection, lost: Iterable[_Lost], new: list[bytes]
) -> dict[_Lost, int]:
    """The number of the new record that is the same as the one that each note was written on."""
    found: dict[_Lost, int] = {}
    former: dict[int, list[bytes]] = {}
    counts = Counter(new)
    for note in lost:
        for source, record in _former_places(connection, note.pk):
            if source not in former:
                former[source] = _digests(connection, source)
            same = _same(former[source], record, note.digest, new, counts)
            if same is not None:
                found[note] = same
                break
    return found


def _former_places(connection: sqlite3.Connection, note: int) -> list[tuple[int, int]]:
    """(source, record) of the events that a note stands on, the latest version first."""
    return connection.execute(
        "SELECT l.source, e.record FROM anchors a JOIN events e ON e.id = a.event "
        f"JOIN logs l ON l.id = a.event >> {logs.SEQ_BITS} WHERE a.note = ? ORDER BY a.event DESC",
        (note,),
    ).fetchall()


def _same(
    former: list[bytes], record: int, digest: bytes, new: list[bytes], counts: Counter[bytes]
) -> int | None:
    if former[record] != digest or not counts[digest]:
        return None
    if former[: record + 1] == new[: record + 1]:
        return record
    if former.count(digest) == counts[digest] == 1:
        return new.index(digest)
    return None


def _event_of(connection: sqlite3.Connection, source: int, record: int, note: _Lost) -> int | None:
    """The one event of a record that is of the same part and kind, None if there is none."""
    found: list[int] = []
    for (log,) in connection.execute("SELECT id FROM logs WHERE source = ?", (source,)).fetchall():
        rows = connection.execute(
            "SELECT id FROM events WHERE id BETWEEN ? AND ? AND record = ? AND part = ? "
            "AND kind = ?",
            (
                logs.event_id(log, 0),
                logs.event_id(log + 1, 0) - 1,
                record,
                note.part,
                note.kind,
            ),
        )
        found += [row[0] for row in rows]
    return found[0] if len(found) == 1 else None


def _settle(connection: sqlite3.Connection, source: int) -> None:
    """What a session sees again is not lost; the rest stays so, and is not looked for again."""
    rows = connection.execute(
        "SELECT s.pk, a.note FROM logs l JOIN sessions s ON s.follows = l.id "
        "JOIN lost_anchors a ON a.session = s.pk WHERE l.source = ? AND a.settled = 0",
        (source,),
    ).fetchall()
    for pk, note in rows:
        slices = slices_of(connection, pk)
        anchors = connection.execute("SELECT event FROM anchors WHERE note = ?", (note,))
        if any(_position(slices, event) is not None for (event,) in anchors):
            connection.execute(
                "DELETE FROM lost_anchors WHERE session = ? AND note = ?", (pk, note)
            )
    connection.execute(
        "UPDATE lost_anchors SET settled = 1 WHERE session IN "
        "(SELECT s.pk FROM logs l JOIN sessions s ON s.follows = l.id WHERE l.source = ?)",
        (source,),
    )


def _position(slices: SliceList, event: int) -> int | None:
    return slices.position_of(event >> logs.SEQ_BITS, event & (1 << logs.SEQ_BITS) - 1)
