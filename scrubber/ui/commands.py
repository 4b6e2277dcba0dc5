"""What the actions do: the verbs of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox, QWidget

from scrubber.core.ages import bytes_text, count
from scrubber.models.jobs import was_cancelled
from scrubber.models.navigation import Stop
from scrubber.resources import resource_path
from scrubber.ui import theme
from scrubber.ui.dialogs.about import AboutDialog
from scrubber.ui.dialogs.delete_dialog import DeleteDialog
from scrubber.ui.dialogs.export_dialog import ExportDialog, ExportRequest
from scrubber.ui.dialogs.fork_dialog import ForkDialog
from scrubber.ui.dialogs.import_report import ImportReport
from scrubber.ui.dialogs.verify_report import VerifyReport
from scrubber.ui.palette import CommandPalette
from scrubber.ui.shortcut_sheet import ShortcutSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrubber.api import Fork
    from scrubber.core.session import Session
    from scrubber.models.library import ForkRequest
    from scrubber.transfer.found import Found
    from scrubber.transfer.importing import Imported
    from scrubber.ui.main_window import MainWindow


class Commands(QObject):
    """Connects each action of a window to what it does."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._library = window.library
        self._cursor = window.cursor_model
        self._waiting: list[Path] = []
        self._results: list[Imported] = []
        self._palette = CommandPalette(window.actions_by_id, window.library, window)
        self._palette.session_activated.connect(window.show_session)
        for name, work in self._table().items():
            window.actions_by_id[name].triggered.connect(lambda _on=False, work=work: work())
        self._library.undo_stack.indexChanged.connect(lambda _index: self.update_undo())

    def _table(self) -> dict[str, Callable[[], object]]:
        window, cursor, session = self._window, self._cursor, self._window.open_session
        find, timeline = window.find_bar, window.timeline
        return {
            "action.import": self.import_files,
            "action.import_folder": self.import_folder,
            "action.import_found": self.show_welcome,
            "action.export": self.export,
            "action.verify": self.verify,
            "action.quit": window.close,
            "action.undo": self._library.undo_stack.undo,
            "action.redo": self._library.undo_stack.redo,
            "action.copy": window.transcript.copy,
            "action.find": find.open,
            "action.find_next": find.next,
            "action.find_prev": find.previous,
            "action.filter": self.focus_filter,
            "action.palette": self._palette.open_centered,
            "action.fork": self.fork,
            "action.rename": self.rename,
            "action.reveal": self.reveal,
            "action.copy_id": self.copy_id,
            "action.delete": self.delete,
            "action.prev_event": lambda: cursor.step(-1),
            "action.next_event": lambda: cursor.step(1),
            "action.prev_message": lambda: session.step(Stop.MESSAGE, forward=False),
            "action.next_message": lambda: session.step(Stop.MESSAGE, forward=True),
            "action.prev_tool": lambda: session.step(Stop.TOOL, forward=False),
            "action.next_tool": lambda: session.step(Stop.TOOL, forward=True),
            "action.prev_error": lambda: session.step(Stop.ERROR, forward=False),
            "action.next_error": lambda: session.step(Stop.ERROR, forward=True),
            "action.first": lambda: cursor.set_index(0),
            "action.last": lambda: cursor.set_index(cursor.length),
            "action.go_to": self.go_to,
            "action.prev_session": lambda: window.tree.step(-1),
            "action.next_session": lambda: window.tree.step(1),
            "action.parent_session": self.open_parent,
            "action.play": window.player.toggle,
            "action.show_hidden": self.toggle_hidden,
            "action.show_tree": lambda: self._toggle(window.tree, "action.show_tree"),
            "action.show_inspector": lambda: self._toggle(
                window.inspector, "action.show_inspector"
            ),
            "action.zoom_in": timeline.zoom_in,
            "action.zoom_out": timeline.zoom_out,
            "action.zoom_reset": timeline.reset_zoom,
            "action.shortcuts": self.show_shortcuts,
            "action.about": lambda: AboutDialog(window).open(),
        }

    # Import

    def import_files(self) -> None:
        """Choose files."""
        chooser = self._chooser("Import transcripts", QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters(["Transcripts (*.jsonl *.json)", "All files (*)"])
        chooser.filesSelected.connect(lambda names: self.import_paths(map(Path, names)))
        chooser.open()

    def import_folder(self) -> None:
        """Choose a folder."""
        chooser = self._chooser("Import a folder of transcripts", QFileDialog.FileMode.Directory)
        chooser.filesSelected.connect(lambda names: self.import_paths(map(Path, names)))
        chooser.open()

    def _chooser(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        chooser = QFileDialog(self._window, title, str(self._window.settings.value("folder", "")))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(mode)
        return chooser

    def import_sample(self) -> None:
        """Import the session that comes with the program."""
        self.import_paths([resource_path("sample")])

    def import_found(self, place: Found) -> None:
        """Import what an agent keeps on this machine."""
        self.import_paths([place.folder])

    def import_paths(self, paths: Iterable[Path]) -> None:
        """Import files and folders; if the store is not open yet, as soon as it is."""
        self._waiting += list(paths)
        if self._waiting:
            self._window.settings.setValue("folder", str(self._waiting[-1].parent))
        self.import_waiting()

    def import_waiting(self) -> None:
        """Import what was asked for before the store was open."""
        if not self._waiting or self._library.store is None:
            return
        job = self._library.import_files(self._waiting)
        self._waiting = []
        self._results = []
        if job is not None:
            job.delivered.connect(self._on_imported)
            job.ended.connect(self._on_import_ended)

    def _on_imported(self, result: Imported) -> None:
        self._results.append(result)
        is_first = result.session and self._window.open_session.session is None
        if is_first and result.session:
            self._window.show_session(result.session)

    def _on_import_ended(self, error: object) -> None:
        done = [result for result in self._results if result.session]
        parts = [f"Imported {count(len(done), 'session')}"]
        fresh = sum(result.status == "new" for result in done)
        if done and fresh != len(done):
            parts.append(f"{fresh} new")
        warned = sum(len(result.warnings) for result in self._results)
        if was_cancelled(error):
            parts.append("stopped")
        elif error is not None:
            parts.append(str(error))
        if warned:
            parts.append(count(warned, "note"))
        self._window.tell(" · ".join(parts))
        if any(result.status == "failed" for result in self._results) or (
            error is not None and not was_cancelled(error)
        ):
            ImportReport(self._results, error, self._window).open()
        elif len(done) == 1 and done[0].session:
            self._window.show_session(done[0].session)

    def show_welcome(self) -> None:
        """Show what was found on this machine."""
        self._window.tasks.run(
            "found", self._library.find_sessions, self._window.welcome.show_found
        )
        self._window.centre.setCurrentIndex(0)

    # Fork, export, rename, delete

    def fork(self) -> None:
        """Ask how to fork at the playhead."""
        self._fork_at(self._cursor.index)

    def fork_after(self, event: int) -> None:
        """Ask how to fork behind an event."""
        self._fork_at(event + 1)

    def _fork_at(self, index: int) -> None:
        session = self._window.open_session.session
        if session is None:
            return
        dialog = ForkDialog(self._library, session, index, self._window)
        dialog.requested.connect(self._on_fork_requested)
        dialog.open()

    def _on_fork_requested(self, request: ForkRequest) -> None:
        self._library.fork(request)

    def on_forked(self, fork: Fork) -> None:
        """Show a fork that was just made, with the playhead at its end."""
        self._window.tell(f"Forked: {fork.session.title}")
        self._window.show_session(fork.session.id)

    def export(self) -> None:
        """Ask how to export the open session."""
        session = self._window.open_session.session
        if session is None:
            return
        folder = Path(str(self._window.settings.value("export_folder", Path.home())))
        dialog = ExportDialog(self._library, session, self._cursor.index, folder, self._window)
        dialog.requested.connect(self._on_export_requested)
        dialog.open()

    def _on_export_requested(self, request: ExportRequest) -> None:
        self._window.settings.setValue("export_folder", str(request.path.parent))
        job = self._library.export(
            request.session, request.at, request.format, request.tree, request.path
        )
        if job is not None:
            job.delivered.connect(lambda size: self._on_exported(request.path, size))
            job.ended.connect(self._on_export_ended)

    def _on_exported(self, path: Path, size: int) -> None:
        box = QMessageBox(self._window)
        box.setObjectName("exported")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIconPixmap(theme.icon("check").pixmap(32, 32))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Exported {bytes_text(size)}")
        box.setInformativeText(str(path))
        show = box.addButton("Reveal", QMessageBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: self.reveal_file(str(path)))
        box.addButton(QMessageBox.StandardButton.Ok)
        box.open()

    def _on_export_ended(self, error: object) -> None:
        if was_cancelled(error):
            self._window.tell("Export stopped; no file was left behind")
        elif error is not None:
            self._window.tell(f"Not exported: {error}")

    def rename(self) -> None:
        """Ask for another title."""
        session = self._selected()
        if session is None:
            return
        box = QInputDialog(self._window)
        box.setObjectName("renameDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Rename")
        box.setLabelText("Title")
        box.setTextValue(session.title)
        box.resize(480, box.sizeHint().height())
        box.textValueSelected.connect(lambda text: self._on_rename(session, text))
        box.open()

    def _on_rename(self, session: Session, text: str) -> None:
        if text.strip() and text.strip() != session.title:
            self._library.rename(session.id, text.strip())

    def delete(self) -> None:
        """Ask whether to delete, saying what depends on it."""
        session = self._selected()
        store = self._library.store
        if session is None or store is None:
            return
        self._window.tasks.run(
            "",
            lambda: store.dependents(session.id),
            lambda below: self._confirm_delete(session, below),
        )

    def _confirm_delete(self, session: Session, below: list[Session]) -> None:
        dialog = DeleteDialog(session, below, self._window)
        dialog.accepted.connect(lambda: self._library.delete(session.id, session.title))
        dialog.open()

    def _selected(self) -> Session | None:
        return self._window.tree.chosen() or self._window.open_session.session

    def update_undo(self) -> None:
        """Say in the menu what undo and redo would do."""
        stack, actions = self._library.undo_stack, self._window.actions_by_id
        for name, can, text, word in (
            ("action.undo", stack.canUndo(), stack.undoText(), "Undo"),
            ("action.redo", stack.canRedo(), stack.redoText(), "Redo"),
        ):
            actions[name].setEnabled(can)
            actions[name].setText(f"{word} {text}" if can else word)

    # Places

    def show_session_menu(self, where: QPoint) -> None:
        """The context menu of the session that is selected in the tree."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._window.actions_by_id
        for name in (
            "action.fork",
            "action.rename",
            "action.export",
            "",
            "action.reveal",
            "action.copy_id",
            "",
            "action.delete",
        ):
            menu.addAction(actions[name]) if name else menu.addSeparator()
        menu.popup(where)

    def open_parent(self) -> None:
        """Open the session that this one comes from."""
        session = self._window.open_session.session
        if session is not None and session.parent is not None:
            self._window.show_session(session.parent)

    def open_subagent(self, event: int) -> None:
        """Open the sub-agent that was at work at an event."""
        for span in self._window.open_session.track.spans:
            if span.start <= event <= span.stop and span.session is not None:
                self._window.show_session(span.session)
                return
        self._window.tell("This sub-agent's transcript was not imported")

    def go_to(self) -> None:
        """Ask for an index."""
        box = QInputDialog(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Go to event")
        box.setInputMode(QInputDialog.InputMode.IntInput)
        box.setLabelText(f"Events in front of the playhead, 0 to {self._cursor.length:,}")
        box.setIntRange(0, self._cursor.length)
        box.setIntValue(self._cursor.index)
        box.intValueSelected.connect(self._cursor.set_index)
        box.open()

    def show_match(self, event: int) -> None:
        """Move the playhead behind a match, and light it up."""
        self._cursor.set_index(event + 1)
        self._window.transcript.reveal(event)

    def focus_filter(self) -> None:
        """Type in the filter of the tree."""
        self._window.tree.show()
        self._window.tree.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.tree.filter.selectAll()

    def reveal(self) -> None:
        """Show the file that a session was read from."""
        session = self._selected()
        if session is not None and session.source:
            self.reveal_file(session.source)
        else:
            self._window.tell("This session was made here, it has no source file")

    def reveal_file(self, path: str) -> None:
        """Show a file's folder in the system's file manager."""
        folder = Path(path).parent
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self._window.tell(f"{folder} is no longer there")

    def copy_id(self) -> None:
        """Copy the id of a session."""
        session = self._selected()
        if session is not None:
            QGuiApplication.clipboard().setText(session.id)
            self._window.tell(f"Copied {session.id}")

    def copy_raw(self, event: int) -> None:
        """Copy the raw record of an event."""
        found, store = self._window.open_session.feed.event_at(event), self._library.store
        if found is None or store is None:
            return
        self._window.tasks.run(
            "",
            lambda: store.raw(found).decode(errors="replace"),
            lambda text: QGuiApplication.clipboard().setText(text),
        )

    # View

    def on_playing(self, playing: bool) -> None:
        """Show whether it plays."""
        action = self._window.actions_by_id["action.play"]
        action.setChecked(playing)
        action.setIcon(theme.icon("pause" if playing else "play"))

    def toggle_hidden(self) -> None:
        """Show or hide the events that nobody saw."""
        shown = self._window.actions_by_id["action.show_hidden"].isChecked()
        self._window.transcript.set_show_hidden(shown)

    def _toggle(self, pane: QWidget, name: str) -> None:
        pane.setVisible(self._window.actions_by_id[name].isChecked())

    def show_shortcuts(self) -> None:
        """Show all keys."""
        ShortcutSheet(self._window).open()

    def verify(self) -> None:
        """Check the whole store, and show what is wrong with it."""
        job = self._library.verify()
        if job is None:
            return
        report = VerifyReport(self._window)
        job.delivered.connect(report.add)
        job.ended.connect(report.finish)
