"""What is written on the event in front of the playhead, on the branch, and in all the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from scrubber.core.visible import visible
from scrubber.models.session_notes import Written, read_written
from scrubber.ui import theme
from scrubber.ui.inspector.claims import Claims
from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator, Value, strong
from scrubber.ui.inspector.note_edit import NoteEdit
from scrubber.ui.inspector.note_rows import note_rows
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.row_view import RowView

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.models.library import Library
    from scrubber.models.row_list import ListRow
    from scrubber.ui.inspector.page import Reader

    Found = tuple[Written, int]


def read_notes(store: OpenStore, session: str, index: int) -> Found:
    """What is written, and where the playhead stands."""
    return read_written(store, session), index


class NotesPage(Page):
    """Above, the event's note, bookmark and labels; then what a branch is for; below, all notes.

    Signals:
        written(str, int, str): a session's id, an event's position, what its note says now.
        bookmark_wanted(), labels_wanted(): of the event in front of the playhead.
        removal_wanted(object): of this Note, whose evidence has changed.
    """

    name, icon = "Notes", "bookmark"
    written = Signal(str, int, str)
    bookmark_wanted = Signal()
    labels_wanted = Signal()
    removal_wanted = Signal(object)

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.shown = Written()
        self.title, self.labels = Value(self), Value(self)
        self.title.setFont(strong(self.font(), 1.1))
        self.bookmark = self._button("bookmark", "Bookmark this event (B)", "noteBookmark")
        self.bookmark.setCheckable(True)
        self.bookmark.clicked.connect(lambda _on: self.bookmark_wanted.emit())
        self.label = self._button("label", "Labels of this event (L)", "noteLabels")
        self.label.clicked.connect(lambda _on: self.labels_wanted.emit())
        self.note = NoteEdit("eventNote", "Write a note on this event", self)
        self.note.written.connect(self._on_written)
        self.claims = Claims(library, self)
        self.list = RowView("Bookmarks, labels and notes of the session", self)
        self.list.chosen.connect(self._on_chosen)
        self.summary = Value(self)
        self._lay_out()

    def _button(self, icon: str, words: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAutoRaise(True)
        button.setIcon(theme.icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self.title, 1)
        heading.addWidget(self.bookmark)
        heading.addWidget(self.label)
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, UNIT, MARGIN, UNIT)
        top.setSpacing(UNIT)
        top.addLayout(heading)
        for part in (self.labels, self.note, self.claims):
            top.addWidget(part)
        told = QHBoxLayout()
        told.setContentsMargins(MARGIN, UNIT, MARGIN, UNIT // 2)
        told.addWidget(self.summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Separator(self))
        column.addLayout(told)
        column.addWidget(self.list, 1)

    def reader(self) -> Reader:
        """All that is written."""
        return read_notes

    def show_found(self, found: Found) -> None:
        """Show what is written as it is now; what is just being written stays."""
        self.shown, index = found
        event, session = index - 1, self.shown.session
        assert session is not None
        for part in (self.note, self.bookmark, self.label):
            part.setEnabled(event >= 0)
        self.title.show_text(f"Event #{index:,}" if event >= 0 else "In front of the first event")
        self.bookmark.setChecked(self.shown.find(event, "bookmark") is not None)
        names = self.shown.labels(event)
        self.labels.setVisible(bool(names))
        self.labels.show_text("Labels: " + ", ".join(visible(name) for name in names))
        target = f"{session.id}@{event}" if event >= 0 else ""
        self.note.show_note(target, self.shown.text(event))
        self.claims.show_session(session)
        rows, words = note_rows(self.shown)
        self.summary.show_text(words)
        self.list.show_rows(rows)

    def focus_note(self) -> None:
        """Write a note now."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def flush(self) -> None:
        """Save what is being written."""
        self.note.flush()
        self.claims.flush()

    def _on_written(self, target: str, text: str) -> None:
        session, _, event = target.rpartition("@")
        self.written.emit(session, int(event), text)

    def _on_chosen(self, row: ListRow) -> None:
        if row.target is not None:
            self.index_wanted.emit(row.target)
            return
        gone = [note for note in self.shown.changed if note.id == row.key]
        if gone:
            self.removal_wanted.emit(gone[0])

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.note.refresh()
            self.bookmark.setIcon(theme.icon("bookmark"))
            self.label.setIcon(theme.icon("label"))
