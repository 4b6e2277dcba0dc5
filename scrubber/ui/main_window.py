"""The window: its frame, which is there at once, and its work place, which is made behind it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer
from PySide6.QtWidgets import QMainWindow

from scrubber.ui import plain_import

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent

    from scrubber.ui.commands import Commands
    from scrubber.ui.panes import Panes
    from scrubber.ui.workplace import Workplace

_UNSHOWN_MS = 300

TURN_S = 0.001
"""Seconds after which a thread that reads or imports hands on the interpreter. Painting asks for it
several times a frame, and with Python's five milliseconds would wait for longer than it paints."""


class MainWindow(QMainWindow):
    """The frame. Imports nothing that takes time, so that it is painted before what fills it.

    ``at_once``: fill it now; else that is done behind its first paint.
    """

    def __init__(
        self, store_path: Path, settings: QSettings | None = None, *, at_once: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Scrubber")
        self.resize(1280, 860)
        self.settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "scrubber", "scrubber"
        )
        geometry = self.settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self._store_path = store_path
        self._workplace: Workplace | None = None
        self._waiting: list[Path] = []
        self._started = self._closed = False
        if at_once:
            self.fill()
        QTimer.singleShot(_UNSHOWN_MS, self, self._start)

    def fill(self) -> Workplace:
        """The work place, made now if it is not there yet."""
        if self._workplace is None:
            plain_import.restore()
            sys.setswitchinterval(TURN_S)
            from scrubber.ui.workplace import Workplace  # all panes, all models

            self._workplace = Workplace(self._store_path, self, self.settings)
            self._workplace.import_paths(self._waiting)
        return self._workplace

    @property
    def workplace(self) -> Workplace:
        """The panes as they are laid out."""
        return self.fill()

    @property
    def panes(self) -> Panes:
        """Everything that is shown."""
        return self.fill().panes

    @property
    def commands(self) -> Commands:
        """Everything that can be done."""
        return self.fill().commands

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the window and open the store after it has been painted for the first time."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._start)

    def _start(self) -> None:
        """Open the store, once; a window that nobody shows opens it a little later."""
        if not self._started and not self._closed:
            self._started = True
            self.fill().panes.library.open()

    def import_paths(self, paths: Iterable[Path]) -> None:
        """Import files and folders, as soon as that can be done."""
        if self._workplace is None:
            self._waiting += paths
        else:
            self._workplace.import_paths(paths)

    def show_session(self, session: str) -> None:
        """Select a session in the tree, which opens it."""
        self.panes.show_session(session)

    def is_settled(self, session: str) -> bool:
        """Whether a session is on screen and nothing is being read any more."""
        return self.fill().is_settled(session)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_filled:
            self.workplace.refresh_colours()

    @property
    def _is_filled(self) -> bool:
        return getattr(self, "_workplace", None) is not None  # Qt sends events from __init__ on

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if self.workplace.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        self.workplace.take(event.mimeData())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves a field; where nothing is written, it stops the run of the open session."""
        if event.key() == Qt.Key.Key_Escape and self._is_filled:
            if not self.commands.views.leave_field():
                self.commands.running.stop()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window was, and stop everything."""
        if self._is_filled and not self.commands.running.may_close():
            event.ignore()
            return
        self._closed = True
        self.settings.setValue("geometry", self.saveGeometry())
        if self._is_filled:
            self.workplace.close()
        self.settings.sync()
        super().closeEvent(event)
