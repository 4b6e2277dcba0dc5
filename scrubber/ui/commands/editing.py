"""Editing: a fork on which one event says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.events import Kind, Role, Visibility
from scrubber.ui.dialogs.edit_dialog import Editable, EditDialog, has_seal

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.session import Session
    from scrubber.ui.panes import Panes

_AROUND = 60
_LARGEST = 4_000_000


class EditCommands(QObject):
    """Reads what is to be edited, asks, and has the library fork."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes

    def edit(self) -> None:
        """Edit the event in front of the playhead, or the nearest above it that is said."""
        index = self._panes.cursor.index
        if index > 0:
            self._read(index - 1, nearest=True)

    def edit_event(self, index: int) -> None:
        """Edit this event."""
        self._read(index, nearest=False)

    def edit_system(self) -> None:
        """Edit the system prompt, or give one where there is none."""
        session, store = self._panes.open_session.session, self._panes.library.store
        if session is not None and store is not None:
            self._panes.tasks.run("edit", lambda: _system(store, session), self._open)

    def _read(self, index: int, nearest: bool) -> None:
        session, store = self._panes.open_session.session, self._panes.library.store
        if session is not None and store is not None:
            self._panes.tasks.run(
                "edit", lambda: _event(store, session, index, nearest), self._open
            )

    def _open(self, found: Editable | str) -> None:
        if isinstance(found, str):
            self._panes.tell(found)
            return
        dialog = EditDialog(found, self._panes.window)
        dialog.requested.connect(self._panes.library.edit)
        dialog.open()


def _event(store: OpenStore, session: Session, index: int, nearest: bool) -> Editable | str:
    from scrubber.transfer.editing import EDITABLE  # reads formats: not before the first paint

    start = max(0, index - _AROUND)
    events = store.events(session.id, start, index + _AROUND)
    event = events[index - start]
    if nearest and event.visibility is Visibility.HIDDEN:
        before = (one for one in reversed(events[: index - start]) if one.kind in EDITABLE)
        event = next(before, event)
    if event.kind is Kind.REASONING:
        return "Reasoning is the provider's own and cannot be edited: edit what comes of it"
    if event.kind not in EDITABLE:
        return f"A {event.kind.label.replace('_', ' ')} says nothing that could be edited"
    if event.size > _LARGEST:
        return "This event is too large to be edited here"
    return Editable(session, event, store.content(event), has_seal(events, event))


def _system(store: OpenStore, session: Session) -> Editable:
    from scrubber.transfer.editing import EDITABLE

    prompts = (
        event
        for event in store.events(session.id, 0, 200)
        if event.role is Role.SYSTEM and event.kind in EDITABLE
    )
    event = next(prompts, None)
    return Editable(session, event, store.content(event) if event is not None else None)
