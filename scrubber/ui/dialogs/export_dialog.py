"""Export: what, up to where, in which format, and where to; and what that loses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.visible import visible
from scrubber.transfer.exporting import (
    SOURCE,
    export_formats,
    pair_formats,
    suffix_of,
    tree_formats,
)
from scrubber.transfer.snapshots import NATIVE
from scrubber.ui.dialogs.against_field import AgainstField
from scrubber.ui.dialogs.buttons import DoButtons
from scrubber.ui.dialogs.secrets_row import SecretsRow

if TYPE_CHECKING:
    from scrubber.core.redaction import Finding
    from scrubber.core.session import Session
    from scrubber.models.library import Library

_WIDTH = 600

_TITLES = {
    NATIVE: "Scrubber snapshot — loses nothing",
    SOURCE: "The format it came from",
}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What the dialog asks for; ``at`` None: the whole session."""

    session: str
    at: int | None
    format: str
    tree: bool
    path: Path
    against: str | None = None
    """The session that this one is compared with, for formats of pairs."""
    redact: list[Finding] | None = None
    """Secrets, of which those that are to be replaced are; None: none is."""


class ExportDialog(QDialog):
    """Asks how to export a session.

    Signals:
        requested(object): the ExportRequest, when the user has agreed.
    """

    requested = Signal(object)

    def __init__(
        self,
        library: Library,
        session: Session,
        index: int,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._library = library
        self._session = session
        self._index = index
        self._folder = folder
        self._named = False
        self._confirmed = ""
        self._is_refused = False
        self._laid_out = False
        self._make_choices()
        self.against = AgainstField(self._library, session, self)
        self.against.currentIndexChanged.connect(lambda _row: self._on_changed())
        self.secrets = SecretsRow(self._library, self)
        self.secrets.changed.connect(self._ask_losses_soon)
        self.finished.connect(lambda _result: self.secrets.stop())
        self._make_destination()
        self._lay_out()
        self._laid_out = True
        self._on_changed()

    def _make_choices(self) -> None:
        self.format = QComboBox(self)
        self.format.setObjectName("exportFormat")
        for name in export_formats():
            self.format.addItem(self._title_of(name), name)
        self.format.currentIndexChanged.connect(lambda _row: self._on_changed())
        self.whole = QRadioButton(f"Whole session ({count(self._session.events, 'event')})", self)
        self.whole.setObjectName("exportWhole")
        self.cut = QRadioButton(f"Up to the playhead ({count(self._index, 'event')})", self)
        self.cut.setObjectName("exportCut")
        at_end = self._index >= self._session.events
        (self.whole if at_end else self.cut).setChecked(True)
        self.whole.toggled.connect(lambda _on: self._on_changed())
        self.tree = QCheckBox("With its forks and sub-agents", self)
        self.tree.setObjectName("exportTree")
        self.tree.toggled.connect(lambda _on: self._on_changed())
        self.losses = QLabel(self)
        self.losses.setObjectName("exportLosses")
        self.losses.setTextFormat(Qt.TextFormat.PlainText)
        self.losses.setWordWrap(True)

    def _compares(self) -> bool:
        return self.chosen_format() in pair_formats()

    def chosen_against(self) -> str | None:
        """The session to compare with, None where the format is of one session."""
        return self.against.chosen if self._compares() else None

    def _title_of(self, name: str) -> str:
        if name in _TITLES:
            return _TITLES[name]
        titles = {known: title for known, title, _, _ in (self._library.formats())}
        return titles.get(name, name)

    def _make_destination(self) -> None:
        self.path = QLineEdit(self)
        self.path.setObjectName("exportPath")
        self.path.textEdited.connect(self._on_path_edited)
        self.browse = QPushButton("Choose…", self)
        self.browse.clicked.connect(self._on_browse)
        self.buttons = DoButtons(self, "Export", "export", "exportAccept", self._on_accept)
        self.export_button = self.buttons.do

    def _lay_out(self) -> None:
        what = QVBoxLayout()
        for choice in (self.whole, self.cut, self.tree):
            what.addWidget(choice)
        where = QHBoxLayout()
        where.addWidget(self.path)
        where.addWidget(self.browse)
        form = self._form = QFormLayout()
        form.setVerticalSpacing(12)
        form.addRow("Format", self.format)
        form.addRow("Preferred to", self.against)
        form.addRow("What", what)
        form.addRow("Secrets", self.secrets)
        form.addRow("To", where)
        form.addRow("Loses", self.losses)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(16)
        column.addLayout(form)
        column.addStretch()
        column.addWidget(self.buttons)
        self.setMinimumWidth(_WIDTH)
        self.resize(_WIDTH, self.sizeHint().height())

    def chosen_format(self) -> str:
        """The format that is chosen."""
        return str(self.format.currentData())

    def chosen_index(self) -> int | None:
        """The exclusive cut, None for the whole session."""
        return None if self.whole.isChecked() else self._index

    def _on_changed(self) -> None:
        self._form.setRowVisible(self.against, self._compares())
        holds_tree = self.chosen_format() in tree_formats()
        self.tree.setEnabled(holds_tree and self._session.children > 0)
        if not self.tree.isEnabled():
            self.tree.setChecked(False)
        self.cut.setEnabled(not self.tree.isChecked())
        if self.tree.isChecked():
            self.whole.setChecked(True)
        if not self._named:
            self.path.setText(str(self._folder / self._file_name()))
        self.secrets.show_what(
            self._session.id, self.chosen_index(), self.tree.isChecked(), self.chosen_against()
        )
        self._ask_losses()

    def _ask_losses_soon(self) -> None:
        """What a scan has found changes what is lost."""
        if self._laid_out:
            self._offer()
            self._ask_losses()

    def _file_name(self) -> str:
        words = re.sub(r"[^\w.-]+", "-", self._session.title).strip("-.")[:60] or "session"
        at = self.chosen_index()
        cut = "" if at is None else f"-at-{at}"
        return f"{words}{cut}{suffix_of(self.chosen_format(), self._session)}"

    def _ask_losses(self) -> None:
        store, name, at = self._library.store, self._session.id, self.chosen_index()
        format, against = self.chosen_format(), self.chosen_against()
        secrets = self.secrets.findings
        if store is None:
            return
        if self._compares() and against is None:
            self._refuse("No other session begins as this one does: fork it, and go on there.")
            return
        self.losses.setText("…")
        self._library.tasks.run(
            "export-losses",
            lambda: store.export_losses(name, at, format, against, secrets),
            self._on_losses,
            lambda error: self._refuse(str(error)),
        )

    def _on_losses(self, losses: list[str]) -> None:
        self._is_refused = False
        self._say("Loses", "\n".join(f"• {visible(loss)}" for loss in losses) or "nothing")

    def _refuse(self, why: str) -> None:
        """Say why what is chosen cannot be written."""
        self._is_refused = True
        self._say("Problem", visible(why))

    def _say(self, what: str, words: str) -> None:
        cast("QLabel", self._form.labelForField(self.losses)).setText(what)
        self.losses.setText(words)
        self._offer()
        self._fit()

    def _offer(self) -> None:
        named = bool(self.path.text().strip())
        self.export_button.setEnabled(named and not self._is_refused and self.secrets.is_ready)

    def _fit(self) -> None:
        """As high as the words need; as wide as it is."""
        layout = self.layout()
        if layout is not None:
            self._form.invalidate()
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _on_path_edited(self, _text: str) -> None:
        self._named = True
        self._offer()

    def _on_browse(self) -> None:
        chooser = QFileDialog(self, "Export to", self.path.text())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden)
        chooser.selectFile(self.path.text())
        chooser.fileSelected.connect(self._on_file_chosen)
        chooser.open()

    def _on_file_chosen(self, path: str) -> None:
        self._named = True
        self._confirmed = path
        self.path.setText(path)

    def _on_accept(self) -> None:
        path = Path(self.path.text()).expanduser()
        if path.exists() and self._confirmed != str(path):
            self._confirmed = str(path)
            self._say("Mind", f"{path.name} is there already. Press Export again to replace it.")
            return
        self.requested.emit(
            ExportRequest(
                self._session.id,
                self.chosen_index(),
                self.chosen_format(),
                self.tree.isChecked(),
                path,
                self.chosen_against(),
                self.secrets.findings,
            )
        )
        self.accept()
