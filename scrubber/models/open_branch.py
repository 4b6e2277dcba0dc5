"""How the open session is run on, if it is a branch: its settings, and what it can be run with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from scrubber.core.errors import BadArgumentError
from scrubber.live.settings import BranchSettings

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.models.library import Library
    from scrubber.models.open_session import Loaded, OpenSession


def grows_here(session: Session) -> bool:
    """Whether a session may be extended: it was made here, and follows no file."""
    return session.may_grow


class OpenBranch(QObject):
    """The settings of the session that is open; kept in the store as soon as they change.

    Signals:
        opened(): another session is open, its settings are known.
        changed(): its settings are others now.
    """

    opened = Signal()
    changed = Signal()

    def __init__(self, library: Library, shown: OpenSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._shown = shown
        self._id = ""
        self.settings = BranchSettings()
        self._known: dict[str, BranchSettings] = {}
        shown.shown.connect(self._on_shown)

    @property
    def session(self) -> Session | None:
        """The open session, if its settings are known by now."""
        session = self._shown.session
        return session if session is not None and session.id == self._id else None

    @property
    def can_grow(self) -> bool:
        """Whether the open session may be extended."""
        return self.session is not None and grows_here(self.session)

    def set(self, settings: BranchSettings) -> None:
        """Run it so from now on."""
        store, session = self._library.store, self._id
        if settings == self.settings or store is None or not session:
            return
        self.settings = settings
        value = settings.as_json()
        self._known[session] = settings
        self._library.tasks.run(
            f"settings of {session}",
            lambda: store.store.set_branch_settings(session, value),
            lambda _changes: None,
            durable=True,
        )
        self.changed.emit()

    def _on_shown(self, loaded: Loaded) -> None:
        store, name = self._library.store, loaded.session.id
        if store is None:
            return
        self._library.tasks.run(
            "branch",
            lambda: store.store.branch_settings(name),
            lambda value: self._on_settings(name, value),
        )

    def _on_settings(self, session: str, value: dict[str, Any]) -> None:
        try:
            # What was set here may still be on its way to the store.
            self.settings = self._known.get(session) or BranchSettings.from_json(value)
        except BadArgumentError as error:  # written by another version
            self._library.failed.emit(f"The settings of this branch cannot be read: {error}")
            self.settings = BranchSettings()
        self._id = session
        self.opened.emit()
