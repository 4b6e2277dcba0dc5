"""Every action of the window in one table; menus, toolbar, palette and help come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar

Keys = str | QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Spec:
    """One action: its id (also its object name), words, keys, icon, and when it makes sense."""

    id: str
    text: str
    menu: str
    keys: tuple[Keys, ...] = ()
    icon: str = ""
    needs: str = ""
    """``session``: only with a session open; ``selection``: only with one chosen in the tree;
    ``branch``: only where the session may grow; ``running``: while it does; ``busy``: while any;
    ``child``: only where the chosen session comes from another; ``several``: only with more than
    one chosen; ``compared``: after a comparison; ``comparing``: while one is seen."""
    checkable: bool = False
    tip: str = ""


_S = QKeySequence.StandardKey

SPECS: tuple[Spec, ...] = (
    Spec("action.import", "Import Files…", "File", (_S.Open,), "import"),
    Spec("action.import_folder", "Import Folder…", "File", ("Ctrl+Shift+O",)),
    Spec("action.import_found", "Import What Was Found…", "File"),
    Spec("action.export", "Export…", "File", ("Ctrl+E",), "export", "session"),
    Spec("action.verify", "Verify Store", "File"),
    Spec("action.quit", "Quit", "File", (_S.Quit,)),
    Spec("action.undo", "Undo", "Edit", (_S.Undo,), "undo"),
    Spec("action.redo", "Redo", "Edit", (_S.Redo,)),
    Spec("action.copy", "Copy", "Edit", (_S.Copy,), "copy", "session"),
    Spec("action.find", "Find in Session", "Edit", ("/", _S.Find), "search", "session"),
    Spec("action.find_next", "Find Next", "Edit", (_S.FindNext,), "", "session"),
    Spec("action.find_prev", "Find Previous", "Edit", (_S.FindPrevious,), "", "session"),
    Spec("action.search", "Search All Sessions", "Edit", ("Ctrl+Shift+F",), "find-all"),
    Spec("action.next_hit", "Next Hit", "Edit", ("F4",)),
    Spec("action.prev_hit", "Previous Hit", "Edit", ("Shift+F4",)),
    Spec("action.filter_events", "Filter Events", "Edit", ("Shift+F",), "filter", "session"),
    Spec("action.clear_filter", "Clear Filter", "Edit", ("X",), "", "session"),
    Spec("action.filter", "Filter Sessions", "Edit", ("Ctrl+L",), "filter"),
    Spec("action.palette", "Command Palette…", "Edit", ("Ctrl+K",), "palette"),
    Spec("action.fork", "Fork Here…", "Session", ("F",), "fork", "session"),
    Spec("action.edit", "Edit and Fork…", "Session", ("E",), "rename", "session"),
    Spec("action.system", "System Prompt…", "Session", ("Shift+E",), "system", "session"),
    Spec("action.continue", "Continue", "Session", ("C",), "continue", "session"),
    Spec("action.siblings", "Continue × N…", "Session", ("Shift+C",), "siblings", "branch"),
    Spec("action.stop", "Stop", "Session", (".",), "stop", "running", tip="Stop  (Esc too)"),
    Spec("action.stop_all", "Stop All Branches", "Session", ("Ctrl+.",), "", "busy"),
    Spec("action.policy", "Who Answers Tool Calls…", "Session", ("T",), "tool", "branch"),
    Spec("action.models", "Models…", "Session", ("Ctrl+M",), "model"),
    Spec("action.write", "Write a Message", "Session", ("M",), "message", "branch"),
    Spec(
        "action.continue_in",
        "Continue in Agent…",
        "Session",
        ("Ctrl+Shift+E",),
        "export",
        "session",
        tip="Write the session up to the playhead as one that its agent resumes",
    ),
    Spec("action.compare", "Compare", "Session", ("D",), "compare", "selection"),
    Spec("action.compare_parent", "Compare with Parent", "Session", (), "", "child"),
    Spec("action.compare_siblings", "Compare with Siblings", "Session", (), "", "selection"),
    Spec("action.compare_selected", "Compare Selected", "Session", (), "", "several"),
    Spec("action.compare_back", "Back to Comparison", "Session", ("Shift+D",), "", "compared"),
    Spec("action.bookmark", "Bookmark This Event", "Session", ("B",), "bookmark", "session"),
    Spec("action.labels", "Labels of This Event…", "Session", ("L",), "label", "session"),
    Spec("action.note", "Write a Note", "Session", ("N",), "note", "session"),
    Spec("action.session_labels", "Labels of the Session…", "Session", ("Shift+L",), "", "session"),
    Spec("action.rename", "Rename…", "Session", ("F2",), "rename", "selection"),
    Spec("action.reveal", "Reveal Source File", "Session", (), "reveal", "selection"),
    Spec("action.copy_id", "Copy Session Id", "Session", (), "", "selection"),
    Spec("action.delete", "Delete…", "Session", ("Ctrl+Backspace",), "delete", "selection"),
    Spec("action.prev_event", "Previous Event", "Go", ("Left",), "step-back", "session"),
    Spec("action.next_event", "Next Event", "Go", ("Right",), "step-forward", "session"),
    Spec(
        "action.prev_message", "Previous Message", "Go", ("Shift+Left",), "prev-message", "session"
    ),
    Spec("action.next_message", "Next Message", "Go", ("Shift+Right",), "next-message", "session"),
    Spec("action.prev_tool", "Previous Tool Call", "Go", ("[",), "prev-tool", "session"),
    Spec("action.next_tool", "Next Tool Call", "Go", ("]",), "next-tool", "session"),
    Spec("action.prev_error", "Previous Error", "Go", ("{",), "prev-error", "session"),
    Spec("action.next_error", "Next Error", "Go", ("}",), "next-error", "session"),
    Spec("action.prev_turn", "Previous User Turn", "Go", ("Ctrl+Left",), "", "session"),
    Spec("action.next_turn", "Next User Turn", "Go", ("Ctrl+Right",), "", "session"),
    Spec("action.prev_same_tool", "Previous Call of This Tool", "Go", ("Ctrl+[",), "", "session"),
    Spec("action.next_same_tool", "Next Call of This Tool", "Go", ("Ctrl+]",), "", "session"),
    Spec("action.prev_edit", "Previous Edit of This File", "Go", ("<",), "", "session"),
    Spec("action.next_edit", "Next Edit of This File", "Go", (">",), "", "session"),
    Spec("action.prev_match", "Previous Match", "Go", ("(",), "", "session"),
    Spec("action.next_match", "Next Match", "Go", (")",), "", "session"),
    Spec("action.prev_difference", "Previous Difference", "Go", ("Alt+Up",), "", "comparing"),
    Spec("action.next_difference", "Next Difference", "Go", ("Alt+Down",), "", "comparing"),
    Spec("action.prev_note", "Previous Bookmark or Note", "Go", ("Shift+B",), "", "session"),
    Spec("action.next_note", "Next Bookmark or Note", "Go", ("Ctrl+B",), "", "session"),
    Spec("action.first", "First Event", "Go", ("Home",), "first", "session"),
    Spec("action.last", "Last Event", "Go", ("End",), "last", "session"),
    Spec("action.go_to", "Go to Event…", "Go", ("Ctrl+G",), "", "session"),
    Spec("action.prev_session", "Previous Session", "Go", ("Up",)),
    Spec("action.next_session", "Next Session", "Go", ("Down",)),
    Spec("action.parent_session", "Parent Session", "Go", ("U",), "", "session"),
    Spec("action.play", "Play", "View", ("Space",), "play", "session", checkable=True),
    Spec("action.show_hidden", "Show Hidden Events", "View", ("H",), checkable=True),
    Spec("action.show_tree", "Sessions", "View", ("Ctrl+1",), checkable=True),
    Spec("action.show_inspector", "Inspector", "View", ("Ctrl+2",), checkable=True),
    Spec("action.show_context", "What the Model Saw", "View", ("Ctrl+3",), "", "session"),
    Spec("action.show_usage", "Tokens, Cost and Time", "View", ("Ctrl+4",), "", "session"),
    Spec("action.show_files", "Files That Were Changed", "View", ("Ctrl+5",), "", "session"),
    Spec("action.show_notes", "Bookmarks, Labels, Notes", "View", ("Ctrl+6",), "", "session"),
    Spec(
        "action.follow",
        "Follow Growing Sessions",
        "View",
        checkable=True,
        tip="Sessions that an agent is writing right now grow on screen",
    ),
    Spec("action.zoom_in", "Zoom Timeline In", "View", ("+", "="), "zoom-in", "session"),
    Spec("action.zoom_out", "Zoom Timeline Out", "View", ("-",), "zoom-out", "session"),
    Spec("action.zoom_reset", "Whole Timeline", "View", ("0",), "", "session"),
    Spec("action.shortcuts", "Keyboard Shortcuts", "Help", ("?", "F1")),
    Spec("action.about", "About Scrubber", "Help"),
)

MENUS = ("File", "Edit", "Session", "Go", "View", "Help")

_SEPARATED = {
    "action.export",
    "action.verify",
    "action.quit",
    "action.copy",
    "action.find",
    "action.palette",
    "action.continue",
    "action.compare",
    "action.bookmark",
    "action.rename",
    "action.delete",
    "action.prev_message",
    "action.prev_tool",
    "action.prev_error",
    "action.prev_difference",
    "action.first",
    "action.prev_session",
    "action.show_tree",
    "action.zoom_in",
    "action.about",
}


class Actions(QObject):
    """The actions of one window, by id."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._state: dict[str, bool] = {}
        self.by_id: dict[str, QAction] = {spec.id: self._make(spec) for spec in SPECS}

    def __getitem__(self, name: str) -> QAction:
        return self.by_id[name]

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        keys = [key for one in spec.keys for key in _sequences(one)]
        action.setShortcuts(keys)
        plain = spec.text.rstrip("…")
        action.setIconText(plain)
        shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action.setToolTip(f"{spec.tip or plain}  ({shown})" if shown else spec.tip or plain)
        return action

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        for spec in SPECS:
            if spec.icon:
                self.by_id[spec.id].setIcon(theme.icon(spec.icon))

    def enable(self, **state: bool) -> None:
        """Enable what makes sense now; what is not named stays as it was."""
        self._state |= state
        for spec in SPECS:
            self.by_id[spec.id].setEnabled(not spec.needs or self._state.get(spec.needs, False))

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for name in MENUS:
            menu = bar.addMenu(f"&{name}")
            menu.setToolTipsVisible(False)
            self.fill_menu(menu, name)

    def fill_menu(self, menu: QMenu, name: str) -> None:
        """Put the actions of one menu into it."""
        for spec in SPECS:
            if spec.menu != name:
                continue
            if spec.id in _SEPARATED and menu.actions():
                menu.addSeparator()
            menu.addAction(self.by_id[spec.id])


def _sequences(keys: Keys) -> list[QKeySequence]:
    if isinstance(keys, str):
        return [QKeySequence(keys)]
    return QKeySequence.keyBindings(keys)[:1] or []
