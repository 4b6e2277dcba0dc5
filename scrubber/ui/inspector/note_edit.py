"""A field for a note that saves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

_SAVE_MS = 700


class NoteEdit(QPlainTextEdit):
    """A note that saves itself shortly after the last letter.

    Signals:
        written(str, str): what the note is on, and what it says now.
    """

    written = Signal(str, str)

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """``words``: what may be written here."""
        super().__init__(parent)
        self._target = ""
        self._filling = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self.flush)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPlaceholderText(words)
        self.setTabChangesFocus(True)
        self.setFixedHeight(9 * UNIT)
        self.document().setDocumentMargin(UNIT)
        self.textChanged.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Draw the frame in the colours of the palette."""
        look, name = theme.current(), self.objectName()
        sheet = (
            f"#{name} {{ border: 1px solid {look.line.name()}; border-radius: 4px;"
            f" background: {look.surface.name()}; }}"
            f"#{name}:focus {{ border-color: {look.muted.name()}; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def show_note(self, target: str, note: str) -> None:
        """Show the note on something, but never over what is being written."""
        if target == self._target and (self._timer.isActive() or note == self.toPlainText()):
            return
        if target == self._target and self.hasFocus():
            return
        self.flush()
        self._target, self._filling = target, True
        self.setPlainText(note)
        self._filling = False

    def flush(self) -> None:
        """Save now what is not saved yet."""
        if self._timer.isActive() or self.sender() is self._timer:
            self._timer.stop()
            self.written.emit(self._target, self.toPlainText())

    def _on_changed(self) -> None:
        if not self._filling and self._target:
            self._timer.start()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Save at once."""
        super().focusOutEvent(event)
        self.flush()
