"""Which action does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.visible import visible
from scrubber.models.navigation import Stop
from scrubber.ui.commands.comparing import CompareCommands
from scrubber.ui.commands.editing import EditCommands
from scrubber.ui.commands.importing import ImportCommands
from scrubber.ui.commands.noting import NoteCommands
from scrubber.ui.commands.running import RunCommands
from scrubber.ui.commands.searching import SearchCommands
from scrubber.ui.commands.sessions import SessionCommands
from scrubber.ui.commands.stepping import StepCommands
from scrubber.ui.commands.views import ViewCommands
from scrubber.ui.inspector.context_page import ContextPage
from scrubber.ui.inspector.files_page import FilesPage
from scrubber.ui.inspector.notes_page import NotesPage
from scrubber.ui.inspector.usage_page import UsagePage
from scrubber.ui.palette import CommandPalette

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.ui.panes import Panes


_WIDEST = 60


class Commands(QObject):
    """Connects each action of a window to what it does."""

    def __init__(self, panes: Panes) -> None:
        super().__init__(panes.window)
        self._panes = panes
        self.importing = ImportCommands(panes, self)
        self.sessions = SessionCommands(panes, self)
        self.views = ViewCommands(panes, self)
        self.editing = EditCommands(panes, self)
        self.searching = SearchCommands(panes, self)
        self.stepping = StepCommands(panes, self)
        self.running = RunCommands(panes, self.sessions, self)
        self.comparing = CompareCommands(panes, self)
        self.noting = NoteCommands(panes, self.views, self)
        self._palette = CommandPalette(panes.actions, panes.library, panes.window)
        self._palette.session_activated.connect(panes.show_session)
        table = {
            **self._file_and_edit(),
            **self._session(),
            **self._running(),
            **self._comparing(),
            **self._noting(),
            **self._go(),
            **self._view(),
        }
        for name, work in table.items():
            panes.actions[name].triggered.connect(lambda _on=False, work=work: work())
        panes.library.undo_stack.indexChanged.connect(lambda _index: self.update_undo())

    def _file_and_edit(self) -> dict[str, Callable[[], object]]:
        panes, stack = self._panes, self._panes.library.undo_stack
        aside = self.comparing.aside
        return {
            "action.import": self.importing.import_files,
            "action.import_folder": self.importing.import_folder,
            "action.import_found": self.importing.show_welcome,
            "action.export": self.sessions.export,
            "action.verify": self.sessions.verify,
            "action.quit": panes.window.close,
            "action.undo": stack.undo,
            "action.redo": stack.redo,
            "action.copy": panes.transcript.copy,
            "action.find": aside(panes.find_bar.open),
            "action.find_next": aside(panes.find_bar.next),
            "action.find_prev": aside(panes.find_bar.previous),
            "action.search": self.searching.search,
            "action.next_hit": lambda: self.searching.step(1),
            "action.prev_hit": lambda: self.searching.step(-1),
            "action.filter_events": panes.filter_bar.open,
            "action.clear_filter": panes.filter_bar.dismiss,
            "action.filter": self.views.focus_filter,
            "action.palette": self._palette.open_centered,
        }

    def _session(self) -> dict[str, Callable[[], object]]:
        return {
            "action.fork": self.sessions.fork,
            "action.edit": self.editing.edit,
            "action.system": self.editing.edit_system,
            "action.continue_in": self.sessions.continue_in,
            "action.rename": self.sessions.rename,
            "action.reveal": self.sessions.reveal,
            "action.copy_id": self.sessions.copy_id,
            "action.delete": self.sessions.delete,
        }

    def _running(self) -> dict[str, Callable[[], object]]:
        return {
            "action.continue": self.running.go_on,
            "action.siblings": self.running.siblings,
            "action.models": self.running.show_models,
            "action.policy": self.running.edit_policy,
            "action.stop": self.running.stop,
            "action.stop_all": self._panes.runs.stop_all,
            "action.write": self.comparing.aside(self._panes.composer.write),
        }

    def _comparing(self) -> dict[str, Callable[[], object]]:
        return {
            "action.compare": self.comparing.compare,
            "action.compare_parent": self.comparing.parent,
            "action.compare_siblings": self.comparing.siblings,
            "action.compare_selected": self.comparing.selected,
            "action.compare_back": self.comparing.back,
            "action.prev_difference": lambda: self._panes.compare.view.step(False),
            "action.next_difference": lambda: self._panes.compare.view.step(True),
        }

    def _noting(self) -> dict[str, Callable[[], object]]:
        return {
            "action.bookmark": self.noting.toggle_bookmark,
            "action.labels": self.noting.label_event,
            "action.session_labels": self.noting.label_session,
            "action.note": self.noting.write_note,
            "action.prev_note": lambda: self.noting.step(forward=False),
            "action.next_note": lambda: self.noting.step(forward=True),
            "action.show_notes": lambda: self.views.show_page(NotesPage),
        }

    def _go(self) -> dict[str, Callable[[], object]]:
        cursor, tree, step = self._panes.cursor, self._panes.tree, self.views.step
        return {
            "action.prev_event": lambda: cursor.step(-1),
            "action.next_event": lambda: cursor.step(1),
            "action.prev_message": lambda: step(Stop.MESSAGE, forward=False),
            "action.next_message": lambda: step(Stop.MESSAGE, forward=True),
            "action.prev_tool": lambda: step(Stop.TOOL, forward=False),
            "action.next_tool": lambda: step(Stop.TOOL, forward=True),
            "action.prev_error": lambda: step(Stop.ERROR, forward=False),
            "action.next_error": lambda: step(Stop.ERROR, forward=True),
            "action.prev_turn": lambda: step(Stop.TURN, forward=False),
            "action.next_turn": lambda: step(Stop.TURN, forward=True),
            "action.prev_same_tool": lambda: self.stepping.same_tool(-1),
            "action.next_same_tool": lambda: self.stepping.same_tool(1),
            "action.prev_edit": lambda: self.stepping.same_file(-1),
            "action.next_edit": lambda: self.stepping.same_file(1),
            "action.prev_match": lambda: self.stepping.match(-1),
            "action.next_match": lambda: self.stepping.match(1),
            "action.first": lambda: cursor.set_index(0),
            "action.last": lambda: cursor.set_index(cursor.length),
            "action.go_to": self.views.go_to,
            "action.prev_session": lambda: tree.step(-1),
            "action.next_session": lambda: tree.step(1),
            "action.parent_session": self.views.open_parent,
        }

    def _view(self) -> dict[str, Callable[[], object]]:
        panes, toggle = self._panes, self.views.toggle
        return {
            "action.play": panes.player.toggle,
            "action.show_hidden": self.views.toggle_hidden,
            "action.show_tree": lambda: toggle(panes.tree, "action.show_tree"),
            "action.follow": self.views.toggle_follow,
            "action.show_inspector": lambda: toggle(panes.inspector, "action.show_inspector"),
            "action.show_context": lambda: self.views.show_page(ContextPage),
            "action.show_usage": lambda: self.views.show_page(UsagePage),
            "action.show_files": lambda: self.views.show_page(FilesPage),
            "action.zoom_in": panes.timeline.zoom_in,
            "action.zoom_out": panes.timeline.zoom_out,
            "action.zoom_reset": panes.timeline.reset_zoom,
            "action.shortcuts": self.views.show_shortcuts,
            "action.about": self.views.show_about,
        }

    def update_undo(self) -> None:
        """Say in the menu what undo and redo would do."""
        stack, actions = self._panes.library.undo_stack, self._panes.actions
        for name, can, text, word in (
            ("action.undo", stack.canUndo(), stack.undoText(), "Undo"),
            ("action.redo", stack.canRedo(), stack.redoText(), "Redo"),
        ):
            actions[name].setEnabled(can)
            actions[name].setText(f"{word} {_in_menu(text)}" if can else word)


def _in_menu(text: str) -> str:
    """A title as a menu shows it: not wider than a menu, and & is an &."""
    short = text if len(text) <= _WIDEST else f"{text[: _WIDEST - 2]}…”"
    return visible(short).replace("&", "&&")
