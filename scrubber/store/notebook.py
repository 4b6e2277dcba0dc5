"""A store's notes, as typed methods: bookmarks, labels, notes on events; labels of sessions.

For whoever searches: ``marked`` gives the ids of a session's events that are bookmarked or have a
label, ``texts`` the words of all notes, to be indexed with the ids of their events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.notes import Label, Note, colour_of
from scrubber.core.session import Changes
from scrubber.store import kept_notes, logs, notes, sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from scrubber.core.events import Event
    from scrubber.core.notes import NoteKind
    from scrubber.core.slices import SliceList
    from scrubber.store.store_reader import StoreReader


class Notebook:
    """The notes of one store; sessions are named as in StoreReader."""

    def __init__(self, reader: StoreReader) -> None:
        self._reader = reader
        self._connections = reader.connections

    # Reading

    def of_session(self, session: str) -> list[Note]:
        """The notes on a session's events, in its order; last, those whose event is gone."""
        connection = self._connections.get()
        return notes.of_session(connection, sessions.find(connection, session))

    def within(self, session: str, start: int, stop: int) -> list[Note]:
        """The notes on the events at positions start…stop-1."""
        return self.on(self._reader.slices(session).between(0, stop), start)

    def on(self, slices: SliceList, start: int = 0) -> list[Note]:
        """The notes on the events of some slices, whether a session has them or not."""
        return list(notes.within(self._connections.get(), slices, start))

    def noted_sessions(self) -> list[str]:
        """The ids of the sessions in which a note was written, or that have a label or a claim,
        or an event with a note whose own session was deleted."""
        rows = self._connections.get().execute(
            "SELECT id FROM sessions WHERE trashed IS NULL AND (hypothesis != '' OR verdict != '' "
            "OR note != '' OR pk IN (SELECT session FROM notes) "
            "OR pk IN (SELECT session FROM labels) OR pk IN (SELECT v.session FROM notes n "
            "LEFT JOIN sessions w ON w.pk = n.session JOIN anchors a ON a.note = n.pk "
            "JOIN slices v ON v.log = a.event >> 32 "
            "AND a.event & 4294967295 BETWEEN v.start AND v.stop - 1 "
            "WHERE w.pk IS NULL OR w.trashed IS NOT NULL)) ORDER BY updated DESC, pk DESC"
        )
        return [row[0] for row in rows]

    def marked(self, session: str, kind: NoteKind, text: str | None = None) -> list[int]:
        """The ids (log << 32 | seq) of a session's events with a bookmark, a note, or a label.

        ``text``: only with just this label.
        """
        slices = self._reader.slices(session)
        found = (
            note.index
            for note in notes.within(self._connections.get(), slices)
            if note.kind == kind and text in (None, note.text) and note.index is not None
        )
        places = [slices.locate(index)[1:] for index in dict.fromkeys(found)]
        return [logs.event_id(log, seq) for log, seq in places]

    def texts(self) -> Iterator[tuple[int, str]]:
        """(id of the event, words) of every note on an event, for a search index."""
        yield from self._connections.get().execute(
            "SELECT a.event, n.text FROM notes n JOIN anchors a ON a.note = n.pk "
            "WHERE n.kind = 'note' ORDER BY a.event"
        )

    def labels(self) -> list[Label]:
        """All labels that are in use or have a colour, by name."""
        rows = self._connections.get().execute(
            "SELECT u.name, c.colour, sum(u.uses) FROM ("
            "SELECT text AS name, count(*) AS uses FROM notes WHERE kind = 'label' GROUP BY text "
            "UNION ALL SELECT name, count(*) FROM labels GROUP BY name "
            "UNION ALL SELECT name, 0 FROM label_colours) u "
            "LEFT JOIN label_colours c ON c.name = u.name GROUP BY u.name ORDER BY u.name"
        )
        return [Label(name, colour or colour_of(name), uses) for name, colour, uses in rows]

    def chosen_colours(self) -> dict[str, str]:
        """The colours that were given to labels by hand."""
        return dict(self._connections.get().execute("SELECT name, colour FROM label_colours"))

    def kept(self, sessions: Mapping[str, SliceList]) -> list[dict[str, Any]]:
        """The notes that some sessions, cut to these slices, see; as a snapshot holds them."""
        return kept_notes.kept(self._connections.get(), sessions)

    # Writing

    def mark(self, session: str, event: Event, kind: NoteKind, text: str = "") -> Changes:
        """Write a bookmark, a label or a note on an event; an event has one note, which changes."""
        raw = self._reader.raw(event)
        with self._connections.write() as connection:
            pk = sessions.find(connection, session)
            there = self._there(connection, event, kind, text)
            if there is None:
                notes.insert(connection, pk, event, raw, kind, text)
            else:
                notes.rewrite(connection, there, text)
            return _seen_by(connection, pk)

    def unmark(self, session: str, event: Event, kind: NoteKind, text: str = "") -> Changes:
        """Take an event's bookmark, label or note away, for all sessions that see it."""
        with self._connections.write() as connection:
            there = self._there(connection, event, kind, text)
            if there is None:
                return Changes()
            notes.delete(connection, there)
            return _seen_by(connection, sessions.find(connection, session))

    def _there(
        self, connection: sqlite3.Connection, event: Event, kind: NoteKind, text: str
    ) -> int | None:
        name = text if kind == "label" else None
        return notes.on_event(connection, logs.event_id(event.log, event.seq), kind, name)

    def remove(self, session: str, note: str) -> Changes:
        """Delete a note by its id, also one whose event is gone; no id: nothing happens."""
        with self._connections.write() as connection:
            row = connection.execute("SELECT pk FROM notes WHERE id = ?", (note,)).fetchone()
            if row is None:
                return Changes()
            notes.delete(connection, row[0])
            return _seen_by(connection, sessions.find(connection, session))

    def set_colour(self, label: str, colour: str) -> None:
        """Give a label a colour, wherever it is."""
        with self._connections.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO label_colours VALUES (?, ?)", (label, colour)
            )


def _seen_by(connection: sqlite3.Connection, pk: int) -> Changes:
    """Whoever shares a session's events may see the note too; told is the session itself."""
    return Changes(changed=frozenset({sessions.get(connection, pk).id}))
