"""What stands in the composer's place below a recording: it never changes, a fork of it can."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from scrubber.ui import theme


class RecordingBar(QWidget):
    """A line and a button.

    Signals:
        fork_wanted(): fork where the playhead stands.
    """

    fork_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recordingBar")
        self.text = QLabel("A recording: it stays as it is. What goes on is a fork.", self)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        quiet = self.text.palette()
        quiet.setColor(self.text.foregroundRole(), theme.current().muted)
        self.text.setPalette(quiet)
        self.button.setIcon(theme.icon("fork"))
