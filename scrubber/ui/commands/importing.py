"""Getting transcripts in: files, folders, the sample, what was found on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from scrubber.resources import resource_path
from scrubber.ui.commands.under_way import UnderWay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.transfer.found import Found
    from scrubber.ui.panes import Panes


class ImportCommands(QObject):
    """Asks what to import, and starts it."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._library = panes.library
        self._waiting: list[Path] = []
        self._has_looked = False

    def import_files(self) -> None:
        """Choose files."""
        chooser = self._chooser("Import transcripts", QFileDialog.FileMode.ExistingFiles)
        # All formats: not before they are wanted.
        from scrubber.api import OpenStore

        patterns = " ".join(f"*{ending}" for ending in OpenStore.endings())
        chooser.setNameFilters([f"Transcripts ({patterns})", "All files (*)"])
        chooser.filesSelected.connect(lambda names: self.import_paths(map(Path, names)))
        chooser.open()

    def import_folder(self) -> None:
        """Choose a folder."""
        chooser = self._chooser("Import a folder of transcripts", QFileDialog.FileMode.Directory)
        chooser.filesSelected.connect(lambda names: self.import_paths(map(Path, names)))
        chooser.open()

    def _chooser(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        chooser = QFileDialog(
            self._panes.window, title, str(self._panes.settings.value("folder", ""))
        )
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
            self._panes.settings.setValue("folder", str(self._waiting[-1].parent))
        self.import_waiting()

    def import_waiting(self) -> None:
        """Import what was asked for before the store was open."""
        if not self._waiting or self._library.store is None:
            return
        job = self._library.import_files(self._waiting)
        if job is not None:
            UnderWay(self._panes, job, self._waiting)
        self._waiting = []

    def show_welcome(self) -> None:
        """Show what was found on this machine."""
        self._look_around()
        self._panes.show_welcome()

    def offer_found(self) -> None:
        """Look once for what there is on this machine, as soon as there is nothing else to show.

        Not before: all formats are needed for that, and only one for most sessions.
        """
        if not self._has_looked:
            self._look_around()

    def _look_around(self) -> None:
        self._has_looked = True
        self._panes.tasks.run("found", self._library.find_sessions, self._panes.welcome.show_found)
