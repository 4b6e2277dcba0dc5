"""Getting around: to an event, a parent, a sub-agent, a match; and how things are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QPlainTextEdit

from scrubber.ui import theme
from scrubber.ui.dialogs.about import AboutDialog
from scrubber.ui.shortcut_sheet import ShortcutSheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from scrubber.models.navigation import Stop
    from scrubber.ui.inspector.page import Page
    from scrubber.ui.panes import Panes


class ViewCommands(QObject):
    """Moves the cursor and changes what the panes show."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._library = panes.library
        self._cursor = panes.cursor

    def step(self, stop: Stop, forward: bool) -> None:
        """Go to the next or previous message, tool call or error."""
        self._panes.open_session.step(stop, forward)

    def open_parent(self) -> None:
        """Open the session that this one comes from."""
        session = self._panes.open_session.session
        if session is not None and session.parent is not None:
            self._panes.show_session(session.parent)

    def open_subagent(self, event: int) -> None:
        """Open the sub-agent that was at work at an event."""
        for span in self._panes.open_session.track.spans:
            if span.start <= event <= span.stop and span.session is not None:
                self._panes.show_session(span.session)
                return
        self._panes.tell("This sub-agent's transcript was not imported")

    def go_to(self) -> None:
        """Ask for an index."""
        box = QInputDialog(self._panes.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Go to Event")
        box.setInputMode(QInputDialog.InputMode.IntInput)
        box.setLabelText(f"Events in front of the playhead, 0 to {self._cursor.length:,}")
        box.setIntRange(0, self._cursor.length)
        box.setIntValue(self._cursor.index)
        box.intValueSelected.connect(self._cursor.set_index)
        box.open()

    def show_match(self, event: int) -> None:
        """Move the playhead behind a match, and light it up."""
        self._cursor.set_index(event + 1)
        self._panes.transcript.reveal(event)

    def focus_filter(self) -> None:
        """Type in the filter of the tree."""
        self._panes.actions["action.show_tree"].setChecked(True)
        self._panes.tree.show()
        self._panes.tree.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._panes.tree.filter.selectAll()

    def leave_field(self) -> bool:
        """Take the keys out of the field that has them, to what is read; whether one had them."""
        field = self._panes.window.focusWidget()
        if not isinstance(field, QLineEdit | QPlainTextEdit) or field.isReadOnly():
            return False
        field.clearFocus()
        compare = self._panes.compare.view
        reading = compare if compare.isVisible() else self._panes.transcript
        reading.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def copy_raw(self, event: int) -> None:
        """Copy the raw record of an event."""
        found, store = self._panes.open_session.feed.event_at(event), self._library.store
        if found is None or store is None:
            return
        self._panes.tasks.run(
            "",
            lambda: store.raw(found).decode(errors="replace"),
            lambda text: QGuiApplication.clipboard().setText(text),
        )

    def on_playing(self, playing: bool) -> None:
        """Show whether it plays."""
        action = self._panes.actions["action.play"]
        action.setChecked(playing)
        action.setIcon(theme.icon("pause" if playing else "play"))

    def toggle_hidden(self) -> None:
        """Show or hide the events that nobody saw."""
        shown = self._panes.actions["action.show_hidden"].isChecked()
        self._panes.transcript.set_show_hidden(shown)
        self._panes.find_bar.set_hidden(shown)

    def toggle_follow(self) -> None:
        """Let sessions grow with their files, or leave them as they are."""
        self._panes.live_tail.set_on(self._panes.actions["action.follow"].isChecked())

    def toggle(self, pane: QWidget, name: str) -> None:
        pane.setVisible(self._panes.actions[name].isChecked())

    def show_page(self, kind: type[Page]) -> None:
        """Show a page of the inspector, and the inspector with it."""
        shown = self._panes.actions["action.show_inspector"]
        if not shown.isChecked():
            shown.trigger()
        self._panes.inspector.show_page(kind)

    def show_shortcuts(self) -> None:
        """Show all keys."""
        ShortcutSheet(self._panes.window).open()

    def show_about(self) -> None:
        """Say what this program is."""
        AboutDialog(self._panes.window).open()
