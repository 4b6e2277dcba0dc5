"""The branches beside the open session, kept current while they grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.timeline.prepare import prepare
from scrubber.core.timeline.strips import Strip

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.session import Changes, Session
    from scrubber.models.library import Library
    from scrubber.models.open_session import OpenSession

_PAUSE_MS = 300
"""Between two looks at branches that grow."""

Found = tuple[list[Strip], "list[Session]"]


class Strips(QObject):
    """Looks who is beside the open session: its forks, or the other branches of its parent.

    Signals:
        changed(object, object): a tuple of Strips, and one of the Sessions that are too many.
    """

    changed = Signal(object, object)

    def __init__(self, library: Library, shown: OpenSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._shown = shown
        self._known: set[str] = set()
        self._stale = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        shown.shown.connect(lambda _loaded: self._look())
        library.changed.connect(self._on_changed)

    def _on_changed(self, changes: Changes | None) -> None:
        """Look again if one of them has grown, come or gone; not too often."""
        session = self._shown.session
        if session is None:
            return
        touched = changes is None or bool(
            (changes.added | changes.changed | changes.removed)
            & {*self._known, session.id, session.parent}
        )
        if touched and not self._pause.isActive():
            self._look()
        elif touched:
            self._stale = True

    def _on_pause(self) -> None:
        if self._stale:
            self._look()

    def _look(self) -> None:
        store, session = self._library.store, self._shown.session
        if store is None or session is None:
            return
        self._stale = False
        self._pause.start()
        name = session.id
        self._library.tasks.run(
            "strips", lambda: _find(store, name), lambda found: self._tell(name, found)
        )

    def _tell(self, name: str, found: Found) -> None:
        strips, others = found
        session = self._shown.session
        if session is not None and session.id == name:
            self._known = {one.session.id for one in strips} | {one.id for one in others}
            self.changed.emit(tuple(strips), tuple(others))

    def close(self) -> None:
        """Look no more."""
        self._pause.stop()


def _find(store: OpenStore, name: str) -> Found:
    if not store.sessions_with([name]):
        return [], []
    near, others = store.beside(name)
    return [Strip(one.session, one.shared, prepare(one.track)) for one in near], others
