"""Which session another is compared with, for formats of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from scrubber.core.events import one_line
from scrubber.core.visible import visible

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.models.library import Library

_LETTERS = 30


class AgainstField(QComboBox):
    """The sessions that begin as one does, those that share most first."""

    def __init__(self, library: Library, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportAgainst")
        self.setAccessibleName("The session that is less good than this one")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)
        store, name = library.store, session.id
        if store is not None:
            library.tasks.run("export-siblings", lambda: store.siblings(name), self._on_siblings)

    def _on_siblings(self, siblings: list[tuple[Session, int]]) -> None:
        for other, shared in siblings:
            title = visible(one_line(other.title or "untitled", 60))
            self.addItem(f"{title} — parts after #{shared:,} of {other.events:,}", other.id)

    @property
    def chosen(self) -> str | None:
        """The session's id, None if there is none to choose."""
        name = self.currentData()
        return name if isinstance(name, str) else None
