"""What is written beside the open session: bookmarks, labels, notes; changed with undo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scrubber.core.notes import colour_of

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.notes import Note
    from scrubber.core.session import Changes, Session
    from scrubber.models.library import Library
    from scrubber.models.open_session import OpenSession


@dataclass(frozen=True, slots=True)
class Written:
    """The notes of a session, by the positions of their events."""

    session: Session | None = None
    at: dict[int, tuple[Note, ...]] = field(default_factory=dict)
    changed: tuple[Note, ...] = ()
    """Those whose evidence has changed."""
    colours: dict[str, str] = field(default_factory=dict)
    """Of every label that is in use anywhere."""

    def colour(self, label: str) -> str:
        """The name of a label's colour."""
        return self.colours.get(label) or colour_of(label)

    def find(self, index: int, kind: str) -> Note | None:
        """The bookmark or note of an event, or one of its labels."""
        return next((note for note in self.at.get(index, ()) if note.kind == kind), None)

    def labels(self, index: int) -> tuple[str, ...]:
        """The labels of an event."""
        return tuple(note.text for note in self.at.get(index, ()) if note.kind == "label")

    def text(self, index: int) -> str:
        """The words of an event's note."""
        note = self.find(index, "note")
        return note.text if note is not None else ""


def read_written(store: OpenStore, session: str) -> Written:
    """What is written beside a session, as it is now."""
    at: dict[int, tuple[Note, ...]] = {}
    changed: list[Note] = []
    for note in store.notes.of(session):
        if note.index is None:
            changed.append(note)
        else:
            at[note.index] = (*at.get(note.index, ()), note)
    colours = {label.name: label.colour for label in store.notes.labels()}
    return Written(store.session(session), at, tuple(changed), colours)


class SessionNotes(QObject):
    """Knows the notes of the open session, and changes them.

    Signals:
        changed(): they are others than before.
    """

    changed = Signal()

    def __init__(self, library: Library, shown: OpenSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._shown = shown
        self.written = Written()
        shown.shown.connect(lambda _loaded: self._look())
        library.changed.connect(self._on_changed)

    def _on_changed(self, _changes: Changes | None) -> None:
        """Notes are shared between branches: whichever has changed, this one may have, too."""
        if self._shown.session is not None:
            self._look()

    def _look(self) -> None:
        store, session = self._library.store, self._shown.session
        if store is None or session is None:
            return
        name = session.id
        if self.written.session is not None and self.written.session.id != name:
            self._tell(Written())
        self._library.tasks.run(
            "notes", lambda: read_written(store, name), self._on_read, self._on_failed
        )

    def _on_read(self, written: Written) -> None:
        session = self._shown.session
        if session is not None and written.session is not None and written.session.id == session.id:
            self._tell(written)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LookupError):  # it was deleted meanwhile: no news
            self._library.tasks.failed.emit(str(error))

    def _tell(self, written: Written) -> None:
        self.written = written
        self.changed.emit()

    # Reading at once, for what is painted

    def describe(self, index: int) -> str:
        """What is written on an event, for tooltips."""
        parts = []
        for note in self.written.at.get(index, ()):
            words = {"bookmark": "bookmarked", "label": f"label: {note.text}"}
            parts.append(words.get(note.kind, f"note: {note.text}"))
        return "\n".join(parts)

    def next_bookmark(self, index: int, forward: bool) -> int | None:
        """The index behind the next or previous event that is bookmarked, labelled or noted."""
        places = sorted(place + 1 for place in self.written.at)
        if forward:
            return next((place for place in places if place > index), None)
        return next((place for place in reversed(places) if place < index), None)

    # Changing; ``index`` None: the session as a whole

    def toggle_bookmark(self, index: int) -> None:
        """Bookmark an event, or take the bookmark away."""
        store, name = self._library.store, self._name()
        if store is None or name is None:
            return
        on = self.written.find(index, "bookmark") is None
        notes = store.notes
        self._library.change(
            f"{'bookmark' if on else 'remove bookmark of'} #{index + 1:,}",
            lambda: notes.bookmark(name, index, on),
            lambda: notes.bookmark(name, index, not on),
        )

    def write(self, session: str, index: int, text: str) -> None:
        """Write an event's note."""
        store = self._library.store
        if store is None:
            return
        known = self.written.session
        former = self.written.text(index) if known is not None and known.id == session else ""
        if text.strip() == former:
            return
        notes = store.notes
        self._library.change(
            f"note on #{index + 1:,}",
            lambda: notes.write(session, index, text),
            lambda: notes.write(session, index, former),
        )

    def set_label(self, index: int | None, name: str, on: bool, colour: str | None = None) -> None:
        """Give a label to an event or the session, or take it away."""
        store, session = self._library.store, self._name()
        if store is None or session is None:
            return
        notes = store.notes

        def change(give: bool) -> Changes:
            if give:
                return notes.label(session, index, name, colour)
            return notes.unlabel(session, index, name)

        where = "the session" if index is None else f"#{index + 1:,}"
        self._library.change(
            f"{'label' if on else 'remove label from'} {where}: {name}",
            lambda: change(on),
            lambda: change(not on),
        )

    def remove(self, note: Note) -> None:
        """Delete a note whose evidence has changed; there is no way back."""
        store, session = self._library.store, self._name()
        if store is not None and session is not None:
            self._library.do(lambda: store.notes.remove(session, note.id))

    def _name(self) -> str | None:
        return self._shown.session.id if self._shown.session is not None else None
