"""Which of several branches that share a place is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from scrubber.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QAction

MOST = 60
"""Branches in the menu."""


class BranchMenu(QMenu):
    """A menu of sessions.

    Signals:
        chosen(str): the id of a session.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.triggered.connect(self._on_triggered)

    def ask(self, branches: Iterable[tuple[str, str]], at: QPoint) -> None:
        """Let one of the branches, (id, words) each, be chosen; ``at`` is a global position."""
        self.clear()
        for session, words in list(branches)[:MOST]:
            self.addAction(visible(words).replace("&", "&&")).setData(session)
        self.popup(at)

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
