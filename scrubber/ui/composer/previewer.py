"""Has a preview made, a moment after the branch or its settings were changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.models import providers
from scrubber.models.preview import LONGEST, look
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from scrubber.models.library import Library
    from scrubber.models.open_branch import OpenBranch
    from scrubber.models.preview import Preview

_DELAY_MS = 250


class Previewer(QObject):
    """Keeps the preview of the open branch; works on a thread of its own, which it starts late.

    Signals:
        looked(object): there is a Preview of the branch as it is now.
    """

    looked = Signal(object)

    def __init__(self, library: Library, branch: OpenBranch, parent: QObject) -> None:
        super().__init__(parent)
        self._library, self._branch = library, branch
        self.preview: Preview | None = None
        self._tasks: Tasks | None = None
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._look)
        branch.opened.connect(self.look)
        branch.changed.connect(self.look)
        library.changed.connect(lambda _changes: self._look_if_grown())

    def look(self) -> None:
        """Work it out anew, soon."""
        self.preview = None
        if self._branch.can_grow:
            self._delay.start()

    def _look_if_grown(self) -> None:
        session, known = self._branch.session, self.preview
        if session is None or known is None:
            return
        if (session.id, session.events) != (known.session, known.length):
            self._delay.start()

    def _look(self) -> None:
        session, store, settings = self._branch.session, self._library.store, self._branch.settings
        if session is None or store is None or not self._branch.can_grow:
            return
        if session.events > LONGEST and settings.provider != providers.REPLAY:
            return
        # What a model's library imports must not hold up the store's thread.
        self._tasks = self._tasks or Tasks(self)
        name = session.id
        self._tasks.run(
            "preview", lambda: look(store, name, settings, providers.make), self._on_looked
        )

    def _on_looked(self, preview: Preview) -> None:
        session = self._branch.session
        current = session is not None and session.id == preview.session
        if current and preview.settings == self._branch.settings:
            self.preview = preview
            self.looked.emit(preview)

    def close(self) -> None:
        """End the thread."""
        self._delay.stop()
        if self._tasks is not None:
            self._tasks.stop()
            self._tasks = None
