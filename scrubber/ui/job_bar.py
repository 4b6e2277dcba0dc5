"""Shows long work in the status bar: what, how far, how fast, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from scrubber.core.ages import count
from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.models.jobs import Job
    from scrubber.transfer.progress import Progress


class JobBar(QWidget):
    """One job's line; hidden while there is no work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobBar")
        self._jobs: list[Job] = []
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self)
        self._bar.setFixedWidth(140)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(8)
        self._stop = QToolButton(self)
        self._stop.setObjectName("jobCancel")
        self._stop.setAutoRaise(True)
        self._stop.setToolTip("Stop; what was done so far is kept")
        self._stop.setAccessibleName("Stop")
        self._stop.clicked.connect(self._on_stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        for part in (self._text, self._bar, self._stop):
            row.addWidget(part)
        self.refresh_icons()
        self.hide()

    def refresh_icons(self) -> None:
        """Draw the icon in the colours of the palette."""
        self._stop.setIcon(theme.icon("close"))

    def show_job(self, job: Job) -> None:
        """Follow a job until it ends."""
        self._jobs.append(job)
        self._text.setText(job.title)
        self._bar.setRange(0, 0)
        job.progressed.connect(self._on_progress)
        job.ended.connect(lambda _error, job=job: self._on_ended(job))
        self.show()

    def _on_progress(self, progress: Progress) -> None:
        parts = [self._jobs[-1].title if self._jobs else ""]
        if progress.files_total > 1:
            parts.append(f"{progress.files:,} of {count(progress.files_total, 'file')}")
        if progress.bytes:  # not while the process that reads is still starting
            parts.append(progress.words(progress.bytes))
            parts.append(f"{progress.words(progress.rate)}/s")
        self._text.setText(" · ".join(parts))
        if progress.bytes_total:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, progress.bytes * 1000 // progress.bytes_total))

    def _on_ended(self, job: Job) -> None:
        self._jobs.remove(job)
        if self._jobs:
            self._text.setText(self._jobs[-1].title)
        else:
            self.hide()

    def _on_stop(self) -> None:
        for job in self._jobs:
            job.cancel()
