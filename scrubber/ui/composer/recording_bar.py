"""What stands in the composer's place below a recording: it never changes, a fork of it can."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.labels import Value


class RecordingBar(QWidget):
    """A line and a button.

    Signals:
        fork_wanted(): fork where the playhead stands.
    """

    fork_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recordingBar")
        self.text = Value(self, Qt.TextElideMode.ElideRight)
        self.text.show_text("A recording: it stays as it is. What goes on is a fork.")
        self.text.set_inert()
        self.button = QPushButton("Fork Here to Continue…", self)
        self.button.setObjectName("forkToContinue")
        self.button.clicked.connect(self.fork_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 12, 5)
        row.setSpacing(12)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)

    def refresh_colours(self) -> None:
        """Follow the palette."""
        self.text.set_colour(theme.current().muted)
        self.button.setIcon(theme.icon("fork"))
