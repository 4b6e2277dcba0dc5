"""The session as a whole, and a note on it that can be written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from scrubber.core.visible import visible
from scrubber.ui.inspector import reading, words
from scrubber.ui.inspector.event_page import make_plain
from scrubber.ui.inspector.facts import FactsForm
from scrubber.ui.inspector.labels import MARGIN, UNIT, strong
from scrubber.ui.inspector.note_edit import NoteEdit
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.session_words import session_sections

if TYPE_CHECKING:
    from scrubber.models.library import Library
    from scrubber.ui.inspector.page import Reader
    from scrubber.ui.inspector.reading import Look


class SessionPage(Page):
    """Title, note, facts."""

    name, icon = "Session", "session"

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.look: Look | None = None
        """What is shown."""
        page = QWidget()
        self.title = QLabel(page)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title.setFont(strong(self.font(), 1.15))
        # A title without a space must not widen the pane.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.facts = FactsForm("Facts about the session", page)
        self.facts.activated.connect(self._on_activated)
        self.note = NoteEdit("sessionNote", "Write a note on this session", page)
        self.note.written.connect(self._on_written)
        self._lay_out(page)

    def _lay_out(self, page: QWidget) -> None:
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, 2 * UNIT)
        column.setSpacing(UNIT + UNIT // 2)
        column.addWidget(self.title)
        column.addWidget(self.note)
        column.addWidget(self.facts)
        column.addStretch(1)
        area = QScrollArea(self)
        make_plain(area, page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def reader(self) -> Reader:
        """The session, as it is now."""
        return reading.read_session

    def show_found(self, found: Look) -> None:
        """Show another session, or the same as it is now."""
        self.look, session = found, found.session
        self.title.setText(visible(session.title) or "untitled")
        self.facts.set_sections(session_sections(found))
        self.note.show_note(session.id, session.note)

    def flush(self) -> None:
        """Save the note."""
        self.note.flush()

    def _on_written(self, session: str, note: str) -> None:
        store = self.library.store
        if store is not None:
            self.library.do(lambda: store.set_note(session, note))

    def _on_activated(self, action: str, target: str) -> None:
        signal = self.reveal_wanted if action == words.REVEAL else self.session_wanted
        signal.emit(target)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.note.refresh()
