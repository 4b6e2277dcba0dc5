"""What is done with a session as a whole: fork, export, rename, delete, reveal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox

from scrubber.core.ages import bytes_text
from scrubber.models.jobs import was_cancelled
from scrubber.ui import theme
from scrubber.ui.dialogs.delete_dialog import DeleteDialog
from scrubber.ui.dialogs.fork_dialog import ForkDialog
from scrubber.ui.dialogs.verify_report import VerifyReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import Fork
    from scrubber.core.session import Session
    from scrubber.models.library import ForkRequest
    from scrubber.ui.dialogs.export_dialog import ExportRequest
    from scrubber.ui.panes import Panes


class SessionCommands(QObject):
    """Asks how, then has the library do it."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._library = panes.library
        self._cursor = panes.cursor

    def fork(self, rejected: Callable[[], None] | None = None) -> None:
        """Ask how to fork at the playhead; ``rejected`` is called if the user thinks better."""
        self._fork_at(self._cursor.index, rejected)

    def fork_after(self, event: int) -> None:
        """Ask how to fork behind an event."""
        self._fork_at(event + 1)

    def _fork_at(self, index: int, rejected: Callable[[], None] | None = None) -> None:
        session = self._panes.open_session.session
        if session is None:
            return
        dialog = ForkDialog(self._library, session, index, self._panes.window)
        dialog.requested.connect(self._on_fork_requested)
        if rejected is not None:
            dialog.rejected.connect(rejected)
        dialog.open()

    def _on_fork_requested(self, request: ForkRequest) -> None:
        self._library.fork(request)

    def on_forked(self, fork: Fork) -> None:
        """Show a fork that was just made, with the playhead at its end."""
        self._panes.tell(f"Forked: {fork.session.title}")
        self._panes.show_session(fork.session.id)

    def export(self) -> None:
        """Ask how to export the open session."""
        # Knows all formats, which the window must not wait for when it starts.
        from scrubber.ui.dialogs.export_dialog import ExportDialog

        session = self._panes.open_session.session
        if session is None:
            return
        folder = Path(str(self._panes.settings.value("export_folder", Path.home())))
        dialog = ExportDialog(
            self._library, session, self._cursor.index, folder, self._panes.window
        )
        dialog.requested.connect(self._on_export_requested)
        dialog.open()

    def continue_in(self) -> None:
        """Ask in which agent the open session shall go on."""
        from scrubber.ui.dialogs.hand_over_dialog import HandOverDialog

        session = self._panes.open_session.session
        if session is not None:
            index = self._cursor.index
            HandOverDialog(self._library, session, index, self._panes.window).open()

    def _on_export_requested(self, request: ExportRequest) -> None:
        self._panes.settings.setValue("export_folder", str(request.path.parent))
        job = self._library.export(
            request.session,
            request.at,
            request.format,
            request.tree,
            request.path,
            request.against,
            request.redact,
        )
        if job is not None:
            job.delivered.connect(lambda size: self._on_exported(request.path, size))
            job.ended.connect(self._on_export_ended)

    def _on_exported(self, path: Path, size: int) -> None:
        box = QMessageBox(self._panes.window)
        box.setObjectName("exported")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIconPixmap(theme.icon("check").pixmap(32, 32))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Exported {bytes_text(size)}")
        box.setInformativeText(str(path))
        show = box.addButton("Reveal", QMessageBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: self.reveal_file(str(path)))
        box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Ok))
        box.open()

    def _on_export_ended(self, error: object) -> None:
        if was_cancelled(error):
            self._panes.tell("Export stopped; no file was left behind")
        elif error is not None:
            self._panes.tell(f"Not exported: {error}")

    def rename(self) -> None:
        """Ask for another title."""
        session = self._selected()
        if session is None:
            return
        box = QInputDialog(self._panes.window)
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
        self._panes.tasks.run(
            "",
            lambda: store.dependents(session.id),
            lambda below: self._confirm_delete(session, below),
        )

    def _confirm_delete(self, session: Session, below: list[Session]) -> None:
        dialog = DeleteDialog(session, below, self._panes.window)
        dialog.accepted.connect(lambda: self._library.delete(session.id, session.title))
        dialog.open()

    def _selected(self) -> Session | None:
        return self._panes.tree.chosen() or self._panes.open_session.session

    def show_session_menu(self, where: QPoint) -> None:
        """The context menu of the session that is selected in the tree."""
        menu = QMenu(self._panes.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._panes.actions
        for name in (
            "action.fork",
            "action.rename",
            "action.export",
            "",
            "action.compare_parent",
            "action.compare_siblings",
            "action.compare_selected",
            "",
            "action.reveal",
            "action.copy_id",
            "",
            "action.delete",
        ):
            menu.addAction(actions[name]) if name else menu.addSeparator()
        menu.popup(where)

    def reveal(self) -> None:
        """Show the file that a session was read from."""
        session = self._selected()
        if session is not None and session.source:
            self.reveal_file(session.source)
        else:
            self._panes.tell("This session was made here, it has no source file")

    def reveal_file(self, path: str) -> None:
        """Show a file's folder in the system's file manager."""
        folder = Path(path).parent
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self._panes.tell(f"{folder} is no longer there")

    def copy_id(self) -> None:
        """Copy the id of a session."""
        session = self._selected()
        if session is not None:
            QGuiApplication.clipboard().setText(session.id)
            self._panes.tell(f"Copied {session.id}")

    def verify(self) -> None:
        """Check the whole store, and show what is wrong with it."""
        job = self._library.verify()
        if job is None:
            return
        report = VerifyReport(self._panes.window)
        job.delivered.connect(report.add)
        job.ended.connect(report.finish)
