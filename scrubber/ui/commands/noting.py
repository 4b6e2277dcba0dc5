"""Writing beside the transcript: bookmarks, labels, notes; and steps between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.ui.dialogs.label_dialog import LabelDialog
from scrubber.ui.inspector.notes_page import NotesPage

if TYPE_CHECKING:
    from scrubber.ui.commands.views import ViewCommands
    from scrubber.ui.panes import Panes


class NoteCommands(QObject):
    """Of the event in front of the playhead, or of the open session."""

    def __init__(self, panes: Panes, views: ViewCommands, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._views = views
        self._notes = panes.notes

    def _event(self) -> int | None:
        """The event's position; what stands in the way is told."""
        if self._panes.cursor.index > 0:
            return self._panes.cursor.index - 1
        self._panes.tell("The playhead stands in front of the first event")
        return None

    def toggle_bookmark(self) -> None:
        """Bookmark the event, or take the bookmark away."""
        event = self._event()
        if event is not None:
            self._notes.toggle_bookmark(event)

    def write_note(self) -> None:
        """Put the keyboard into the event's note."""
        if self._event() is not None:
            self._views.show_page(NotesPage)
            self._panes.inspector.page(NotesPage).focus_note()

    def label_event(self) -> None:
        """Ask for the event's labels."""
        event = self._event()
        if event is not None:
            self._ask(event, self._notes.written.labels(event))

    def label_session(self) -> None:
        """Ask for the labels of the session as a whole."""
        session = self._notes.written.session
        if session is not None:
            self._ask(None, session.labels)

    def _ask(self, index: int | None, labels: tuple[str, ...]) -> None:
        written = self._notes.written
        dialog = LabelDialog(index, labels, written.colours, self._panes.window)
        dialog.changed.connect(
            lambda name, on, colour: self._notes.set_label(index, name, on, colour or None)
        )
        dialog.open()

    def step(self, forward: bool) -> None:
        """Go to the next or previous event on which something is written."""
        place = self._notes.next_bookmark(self._panes.cursor.index, forward)
        if place is not None:
            self._panes.cursor.set_index(place)
        else:
            self._panes.tell(f"Nothing is written {'behind' if forward else 'in front of'} here")
