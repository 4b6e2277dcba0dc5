"""What each part of the library stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.models.jobs import Job


class Part(QObject):
    """A store, the threads that work on it, and what is broadcast of that.

    Signals:
        opened(object): the store is open: an OpenStore.
        refused(str): it cannot be opened, and why.
        changed(object): Changes; all views update from it.
        forked(object): a Fork was made, here and now.
        failed(str): something could not be done, in a sentence.
        job_started(object): a Job began (an import, an export).
    """

    opened = Signal(object)
    refused = Signal(str)
    changed = Signal(object)
    forked = Signal(object)
    failed = Signal(str)
    job_started = Signal(object)

    def __init__(self, path: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.tasks = tasks
        self.looks = Tasks(self)
        """For what takes longer than scrubbing may wait: a thread of its own."""
        self.undo_stack = QUndoStack(self)
        self.store: OpenStore | None = None
        self.jobs: list[Job] = []
        """The long work that is under way."""
        tasks.failed.connect(self.failed)
        self.looks.failed.connect(self.failed)
