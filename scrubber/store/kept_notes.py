"""Notes as a snapshot holds them: taken out of a store, put into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind
from scrubber.store import logs, notes, sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from scrubber.core.slices import SliceList

_ROW = ("id", "kind", "text", "digest", "part", "event_kind", "was_at", "excerpt", "created",
        "updated")  # fmt: skip
_SEQ = (1 << logs.SEQ_BITS) - 1


def kept(connection: sqlite3.Connection, slices: Mapping[str, SliceList]) -> list[dict[str, Any]]:
    """The notes on events of some slices, by the ids of their sessions, and what these lost."""
    anchors: dict[int, list[list[int]]] = {}
    lost: dict[int, list[str]] = {}
    for session, pieces in slices.items():
        for note, event in _anchors(connection, pieces):
            place = [event >> logs.SEQ_BITS, event & _SEQ]
            if place not in anchors.setdefault(note, []):
                anchors[note].append(place)
        for (note,) in connection.execute(
            "SELECT note FROM lost_anchors WHERE session = ?", (sessions.find(connection, session),)
        ):
            lost.setdefault(note, []).append(session)
    return [
        _row(connection, note) | {"anchors": anchors.get(note, []), "lost": lost.get(note, [])}
        for note in sorted(anchors.keys() | lost.keys())
    ]


def _anchors(connection: sqlite3.Connection, slices: SliceList) -> Iterable[tuple[int, int]]:
    for _, piece in slices.ranges(0, len(slices)):
        yield from connection.execute(
            "SELECT note, event FROM anchors WHERE event BETWEEN ? AND ? ORDER BY event, note",
            (logs.event_id(piece.log, piece.start), logs.event_id(piece.log, piece.stop - 1)),
        ).fetchall()


def _row(connection: sqlite3.Connection, note: int) -> dict[str, Any]:
    names = ", ".join(f"n.{name}" for name in _ROW)
    *values, session = connection.execute(
        f"SELECT {names}, s.id FROM notes n LEFT JOIN sessions s ON s.pk = n.session "
        "WHERE n.pk = ?",
        (note,),
    ).fetchone()
    row = dict(zip(_ROW, values, strict=True))
    kind = Kind(row["event_kind"]).label
    return row | {"digest": row["digest"].hex(), "event_kind": kind, "session": session}


def restore(
    connection: sqlite3.Connection,
    found: Sequence[Mapping[str, Any]],
    named: Mapping[str, tuple[str, SliceList]],
) -> None:
    """Put notes on the sessions that a snapshot brought; one that is here stays as it is.

    ``named`` leads from the snapshot's sessions to their ids here, and their slices there.
    """
    here = {
        there: (pk := sessions.find(connection, name), slices, sessions.slices_of(connection, pk))
        for there, (name, slices) in named.items()
    }
    for note in found:
        if connection.execute("SELECT 1 FROM notes WHERE id = ?", (note["id"],)).fetchone():
            continue
        written = here.get(note["session"])
        row = {name: note[name] for name in _ROW}
        key = notes.insert_row(connection, row | {"session": written[0] if written else None})
        for place in note["anchors"]:
            for _, theirs, ours in here.values():
                _anchor(connection, key, place, theirs, ours)
        connection.executemany(
            "INSERT INTO lost_anchors VALUES (?, ?, 1)",
            [(here[session][0], key) for session in note["lost"] if session in here],
        )
    notes.drop_unseen(connection)


def _anchor(
    connection: sqlite3.Connection,
    note: int,
    place: Sequence[int],
    theirs: SliceList,
    ours: SliceList,
) -> None:
    """The event that stands here where it stood there."""
    position = theirs.position_of(place[0], place[1])
    if position is not None:
        _, log, seq = ours.locate(position)
        notes.anchor(connection, note, logs.event_id(log, seq))
