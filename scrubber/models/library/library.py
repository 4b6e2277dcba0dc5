"""The store behind a thread: opened, watched, closed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from scrubber.models.library.changing import Changing
from scrubber.models.library.working import Working

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.models.tasks import Tasks
    from scrubber.transfer.found import Found

_WATCH_MS = 1500
_REFRESH_S = 15.0


class Library(Changing, Working):
    """A store behind a thread. Every change goes through here and is broadcast once."""

    def __init__(self, path: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(path, tasks, parent)
        self._seen_version = 0
        self._refreshed = 0.0
        self._writes_itself = False
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look_for_others)

    def open(self) -> None:
        """Open the store in the background; what reads it is imported there, too."""

        def work() -> OpenStore:
            from scrubber.api import open_store

            return open_store(self.path)

        def done(store: OpenStore) -> None:
            self.store = store
            self._watch.start()
            self._look_for_others()
            self.opened.emit(store)

        self.tasks.run("", work, done, lambda e: self.refused.emit(str(e)))

    def close(self) -> None:
        """Stop all work and let go of the store."""
        self._watch.stop()
        # It tells of its last change while it is being destroyed, when nobody can listen any more.
        self.undo_stack.blockSignals(True)
        self.stop_jobs()
        self.looks.stop()
        self.tasks.stop()
        if self.store is not None:
            self.store.close()

    def formats(self) -> list[tuple[str, str, bool, bool]]:
        """(name, title, can be read, can be written) of every format."""
        return self.store.formats() if self.store is not None else []

    def find_sessions(self) -> list[Found]:
        """Sessions of agents on this machine; blocks while it looks, so call it in a task."""
        from scrubber.transfer.found import find_sessions

        return list(find_sessions())

    def _look_for_others(self) -> None:
        """Notice what another program wrote to the store."""
        store = self.store
        if store is None:
            return

        def done(version: int) -> None:
            if self._seen_version not in (0, version) and not self._is_too_soon():
                self._refreshed = time.monotonic()
                self.changed.emit(None)
            self._seen_version = version

        self.tasks.run("watch", store.store.data_version, done)

    def set_writes_itself(self, writes: bool) -> None:
        """Say whether branches of this window run: they broadcast what they write themselves."""
        self._writes_itself = writes
        if not writes:
            self._seen_version = -1  # what others wrote meanwhile may have been missed

    def take_for_known(self) -> None:
        """What was written just now was written here, and has been broadcast."""
        self._seen_version = 0

    def _is_too_soon(self) -> bool:
        """Among our own many writes those of others cannot be told: then look only now and then."""
        return self._writes_itself and time.monotonic() - self._refreshed < _REFRESH_S
