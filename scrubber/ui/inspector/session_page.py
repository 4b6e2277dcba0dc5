"""The session as a whole, and a note on it that can be written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.inspector import reading, words
from scrubber.ui.inspector.event_page import make_plain
from scrubber.ui.inspector.facts import FactsForm
from scrubber.ui.inspector.labels import MARGIN, UNIT, strong
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.session_words import session_sections

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from scrubber.models.library import Library
    from scrubber.ui.inspector.page import Reader
    from scrubber.ui.inspector.reading import Look

_SAVE_MS = 700


class NoteEdit(QPlainTextEdit):
    """A note that saves itself shortly after the last letter.

    Signals:
        written(str, str): a session's id and its new note.
    """

    written = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = ""
        self._filling = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self.flush)
        self.setObjectName("sessionNote")
        self.setAccessibleName("Note on the session")
        self.setPlaceholderText("Write a note on this session")
        self.setTabChangesFocus(True)
        self.setFixedHeight(9 * UNIT)
        self.document().setDocumentMargin(UNIT)
        self.textChanged.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Draw the frame in the colours of the palette."""
        look = theme.current()
        sheet = (
            f"#sessionNote {{ border: 1px solid {look.line.name()}; border-radius: 4px;"
            f" background: {look.surface.name()}; }}"
            f"#sessionNote:focus {{ border-color: {look.muted.name()}; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def show_note(self, session: str, note: str) -> None:
        """Show a session's note, but never over what is being written."""
        if session == self._session and (self._timer.isActive() or note == self.toPlainText()):
            return
        if session == self._session and self.hasFocus():
            return
        self.flush()
        self._session, self._filling = session, True
        self.setPlainText(note)
        self._filling = False

    def flush(self) -> None:
        """Save now what is not saved yet."""
        if self._timer.isActive() or self.sender() is self._timer:
            self._timer.stop()
            self.written.emit(self._session, self.toPlainText())

    def _on_changed(self) -> None:
        if not self._filling and self._session:
            self._timer.start()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Save at once."""
        super().focusOutEvent(event)
        self.flush()


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
        self.note = NoteEdit(page)
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
