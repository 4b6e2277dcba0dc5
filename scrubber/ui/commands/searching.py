"""Finding things: the search over all sessions, and going to what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.events import Visibility

if TYPE_CHECKING:
    from scrubber.models.open_session import Loaded
    from scrubber.transfer.searching import Hit
    from scrubber.ui.panes import Panes


class SearchCommands(QObject):
    """Opens the search pane in the place of the tree, and follows its hits."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._wanted: Hit | None = None
        panes.search_pane.hit_activated.connect(self.show_hit)
        panes.search_pane.dismissed.connect(self._on_dismissed)
        panes.open_session.shown.connect(self._on_shown)

    def search(self) -> None:
        """Type what to search for."""
        self._panes.tree.hide()
        self._panes.search_pane.open()

    def step(self, by: int) -> None:
        """Go to the next or previous hit of the last search."""
        self._panes.search_pane.step(by)

    def show_hit(self, hit: Hit) -> None:
        """Open the session of a hit with the playhead behind its event."""
        self._wanted = hit
        shown = self._panes.open_session.session
        if shown is not None and shown.id == hit.session:
            self._go()
        else:
            self._panes.show_session(hit.session)

    def _on_shown(self, loaded: Loaded) -> None:
        if self._wanted is not None and self._wanted.session == loaded.session.id:
            self._go()
        self._wanted = None

    def _go(self) -> None:
        hit, panes = self._wanted, self._panes
        self._wanted = None
        if hit is None:
            return
        hidden = panes.actions["action.show_hidden"]
        if hit.event.visibility is Visibility.HIDDEN and not hidden.isChecked():
            hidden.trigger()
        panes.cursor.set_index(hit.event.index + 1)
        panes.transcript.reveal(hit.event.index)
        if not panes.find_bar.isVisible() and hit.snippet.marks:
            start, stop = hit.snippet.marks[0]
            panes.transcript.set_highlight(hit.snippet.text[start:stop])

    def _on_dismissed(self) -> None:
        panes = self._panes
        panes.tree.setVisible(panes.actions["action.show_tree"].isChecked())
        if not panes.find_bar.isVisible():
            panes.transcript.set_highlight("")
        panes.transcript.setFocus()
