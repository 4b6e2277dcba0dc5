"""What the composer is made of, and how that is laid out; what happens in it is in ``composer``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scrubber.ui import theme
from scrubber.ui.composer.ask_panel import AskPanel
from scrubber.ui.composer.attachments import Thumbnails
from scrubber.ui.composer.findings import FindingsStrip
from scrubber.ui.composer.message_box import MessageBox
from scrubber.ui.composer.pickers import Pickers
from scrubber.ui.composer.previewer import Previewer
from scrubber.ui.composer.recording_bar import RecordingBar
from scrubber.ui.composer.run_status import RunStatus

if TYPE_CHECKING:
    from scrubber.models.library import Library
    from scrubber.models.open_branch import OpenBranch


class ComposerFrame(QWidget):
    """The widgets, top to bottom: a question, or the bar of a recording, or the branch's own."""

    def __init__(self, library: Library, branch: OpenBranch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAccessibleName("Composer")
        self._make_widgets(library, branch)
        self._lay_out()

    def _make_widgets(self, library: Library, branch: OpenBranch) -> None:
        self.bar = RecordingBar(self)
        self.ask = AskPanel(self)
        self.body = QWidget(self)
        self.findings = FindingsStrip(self.body)
        self.message = MessageBox(self.body)
        self.pictures = Thumbnails(self.body)
        self.pickers = Pickers(branch, library.tasks, self.body)
        self.siblings = QPushButton("× N…", self.body)
        self.siblings.setObjectName("composerSiblings")
        self.siblings.setToolTip("Several branches from this point, run side by side")
        self.go = QPushButton("Continue", self.body)
        self.go.setObjectName("composerContinue")
        self.stop = QPushButton("Stop", self.body)
        self.stop.setObjectName("composerStop")
        self.status = RunStatus(self.body)
        self.previewer = Previewer(library, branch, self)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.status, 1)
        for button in (self.siblings, self.go, self.stop):
            row.addWidget(button)
        self.status.reason.setContentsMargins(6, 2, 6, 2)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        for part in (
            self.findings,
            self.message,
            self.pictures,
            self.pickers,
            self.status.reason,
        ):
            column.addWidget(part)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.ask)
        whole.addWidget(self.bar)
        whole.addWidget(self.body)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    def refresh_colours(self) -> None:
        """Follow the palette."""
        look = theme.current()
        self.message.refresh_colours()
        self.pickers.refresh_icons()
        self.findings.refresh()
        self.go.setIcon(theme.icon("continue"))
        self.stop.setIcon(theme.icon("stop", look.error))
        self.bar.refresh_colours()
        self.ask.refresh_colours()
