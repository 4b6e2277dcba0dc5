"""The files that the session has touched up to the playhead, and what has become of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from scrubber.core.ages import count
from scrubber.core.files.words import file_note
from scrubber.ui import theme
from scrubber.ui.inspector.diff_view import DiffView
from scrubber.ui.inspector.file_rows import edit_rows, file_rows
from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator, Value, strong
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.row_view import RowView
from scrubber.ui.inspector.switch import Switch

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.api.files import TouchedFile
    from scrubber.models.library import Library
    from scrubber.models.row_list import ListRow
    from scrubber.ui.inspector.page import Reader

DIFF, EDITS = range(2)
"""What the switch chooses from."""


def read_files(store: OpenStore, session: str, index: int) -> list[TouchedFile]:
    """The files touched in front of an index."""
    return store.files(session, index)


class FilesPage(Page):
    """Files above; below, the chosen one's diff, or its edits, each of which is a place to go."""

    name, icon, is_slow = "Files", "file", True

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.files: tuple[TouchedFile, ...] = ()
        """What is shown."""
        self._chosen = ""
        self.title = Value(self)
        self.title.setFont(strong(self.font(), 1.1))
        self.list = RowView("Files", self)
        self.path, self.note = Value(self), Value(self, Qt.TextElideMode.ElideRight)
        self.switch = Switch("View of the file", ("Diff", "Edits"), self)
        self.diff, self.edits = DiffView(self), RowView("Edits of the file", self)
        self._lay_out()
        self.list.chosen.connect(self._on_file)
        self.edits.chosen.connect(self._on_edit)
        self.switch.changed.connect(self._show_chosen)

    def _lay_out(self) -> None:
        self.below = QWidget(self)
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, UNIT, MARGIN, UNIT)
        top.setSpacing(UNIT // 2)
        for part in (self.path, self.note):
            top.addWidget(part)
        top.addWidget(self.switch)
        self._views = QStackedWidget(self.below)
        self._views.addWidget(self.diff)
        self._views.addWidget(self.edits)
        column = QVBoxLayout(self.below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator(self.below))
        column.addLayout(top)
        column.addWidget(self._views, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.below)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([200, 360])
        heading = QHBoxLayout()
        heading.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, UNIT)
        heading.addWidget(self.title)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(heading)
        whole.addWidget(self.splitter, 1)

    def reader(self) -> Reader:
        """The files."""
        return read_files

    def show_found(self, found: list[TouchedFile]) -> None:
        """Show other files; the chosen one stays chosen while it is among them."""
        self.files = tuple(found)
        edits = sum(len(file.edits) for file in found)
        words = f"{count(len(found), 'file')} · {count(edits, 'edit')}"
        self.title.show_text(words if found else "No file touched so far")
        self.list.show_rows(file_rows(self.files))
        self.below.setVisible(bool(found))
        if self._find() is None and found:
            self._chosen = found[0].path
        self._mark()
        self._show_chosen()

    def choose(self, path: str) -> None:
        """Show the file with this path."""
        self._chosen = path
        self._mark()
        self._show_chosen()

    def _find(self) -> TouchedFile | None:
        return next((file for file in self.files if file.path == self._chosen), None)

    def _mark(self) -> None:
        """Select the chosen file's row."""
        paths = [file.path for file in self.files]
        if self._chosen in paths:
            self.list.setCurrentIndex(self.list.rows.index(paths.index(self._chosen)))

    def _show_chosen(self) -> None:
        file = self._find()
        if file is None:
            return
        self._views.setCurrentIndex(self.switch.current)
        self.path.show_text(file.name)
        self.path.setFont(strong(self.font()))
        note = file_note(file.folded, file.edits, file.is_deleted)
        self.note.show_text(note)
        self.note.setVisible(bool(note))
        self.note.set_colour(theme.current().muted)
        if self.switch.current == DIFF:
            self.diff.show_diff(file.path, file.diff)
        else:
            self.edits.show_rows(edit_rows(file))

    def _on_file(self, row: ListRow) -> None:
        self.choose(str(row.key))

    def _on_edit(self, row: ListRow) -> None:
        if row.target is not None:
            self.index_wanted.emit(row.target)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.note.set_colour(theme.current().muted)
