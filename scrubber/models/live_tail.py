"""Sessions that an agent is writing right now grow on screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from scrubber.core.session import Changes
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.models.library import Library
    from scrubber.models.open_session import Loaded, OpenSession
    from scrubber.transfer.following import Followers

_LOOK_MS = 1000
"""How often files are looked at where the system tells nothing of them."""
_SOON_MS = 40
_CHOOSE_EVERY = 10
"""After so many looks, what is worth following is chosen anew."""
_MOST = 32


class LiveTail(QObject):
    """Follows the open session's file, and those that were written lately.

    The system tells when a file is written; on file systems where it does not, they are looked at
    once a second. Reading has a thread of its own: the window's reads do not wait for it.

    Signals:
        grew(object): Changes: sessions have grown, or new ones have come.
    """

    grew = Signal(object)

    def __init__(
        self, library: Library, open_session: OpenSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._tasks = Tasks(self)
        self._followers: Followers | None = None
        self._open: Path | None = None
        self._left: set[str] = set()
        self._busy = False
        self._wanted = True
        self._closed = False
        self._looks = 0
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._look_timer = QTimer(self, interval=_LOOK_MS)
        self._watcher.fileChanged.connect(lambda _path: self._soon.start())
        self._soon.timeout.connect(self._look)
        self._look_timer.timeout.connect(self._look)
        library.opened.connect(self._on_opened)
        open_session.shown.connect(self._on_shown)

    @property
    def is_on(self) -> bool:
        """Whether files are followed."""
        return self._look_timer.isActive()

    def set_on(self, on: bool) -> None:
        """Follow files, or leave them alone."""
        self._wanted = on
        if on and self._library.store is not None:
            self._look_timer.start()
            self._looks = 0
            self._look()
        elif not on:
            self._look_timer.stop()
            self._unwatch()

    def leave(self, session: str) -> None:
        """Do not read on in the file of a session, whose import was stopped."""
        self._left.add(session)
        self._looks = 0

    def take_up(self, session: str) -> None:
        """Follow the file of a session again: it was imported after all."""
        self._left.discard(session)
        self._looks = 0

    def close(self) -> None:
        """Stop looking; what is being read is left, and taken up another time."""
        self._closed = True
        self._look_timer.stop()
        self._soon.stop()
        self._unwatch()
        self._tasks.stop()

    def _unwatch(self) -> None:
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)

    def _on_opened(self, store: OpenStore) -> None:
        from scrubber.transfer.following import Followers

        self._followers = Followers(store.store, lambda: self._closed)
        self.set_on(self._wanted)

    def _on_shown(self, loaded: Loaded) -> None:
        source = loaded.session.source
        self._open = Path(source) if source is not None else None
        self._looks = 0
        if self.is_on:
            self._soon.start()

    def _look(self) -> None:
        store, followers = self._library.store, self._followers
        if store is None or followers is None or self._busy or not self.is_on:
            return
        self._busy = True
        choose, opened = self._looks % _CHOOSE_EVERY == 0, self._open
        stopped = frozenset(self._left)
        self._looks += 1

        def work() -> tuple[Changes, list[Path]]:
            from scrubber.transfer import following

            changes = (
                following.newcomers(store.store, lambda: self._closed) if choose else Changes()
            )
            if choose:
                recent = following.recent_files(store.store)[:_MOST]
                first = [opened] if opened is not None and opened.exists() else []
                left = {one.source for one in store.sessions_with(stopped)}
                both = dict.fromkeys([*first, *recent])
                followers.follow(path for path in both if str(path) not in left)
            return changes | followers.catch_up(), followers.paths

        self._tasks.run("look", work, self._on_looked, self._on_failed)

    def _on_looked(self, found: tuple[Changes, list[Path]]) -> None:
        changes, paths = found
        self._busy = False
        known = set(self._watcher.files())
        # A file that was put in another's place is no longer watched: it is added again.
        if fresh := [str(path) for path in paths if str(path) not in known and path.exists()]:
            self._watcher.addPaths(fresh)
        if changes:
            self._library.take_for_known()
            self._library.changed.emit(changes)
            self.grew.emit(changes)

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        self._library.failed.emit(str(error))
