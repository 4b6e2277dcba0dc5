"""Models: the endpoints that branches may be run with; added, tried, given their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.errors import ScrubberError
from scrubber.core.visible import visible
from scrubber.live import endpoints
from scrubber.ui import theme
from scrubber.ui.dialogs.endpoint_form import EndpointForm

if TYPE_CHECKING:
    from scrubber.live.endpoints import Endpoint

_NEW = "new"


class ModelsDialog(QDialog):
    """A list at the left, the chosen endpoint at the right.

    Signals:
        changed(): an endpoint was added, changed or removed.
        chosen(str, str): the open branch shall be run with this endpoint, and this model.
    """

    changed = Signal()
    chosen = Signal(str, str)

    def __init__(self, current: str, can_choose: bool, parent: QWidget | None = None) -> None:
        """``current``: the endpoint to show first; ``can_choose``: a branch is open."""
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setWindowTitle("Models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make_widgets(can_choose)
        self._lay_out()
        self.list.currentItemChanged.connect(lambda _item, _former: self._show_current())
        self.form.saved.connect(self._on_saved)
        self.form.edited.connect(self._update)
        self._fill(current)

    def _make_widgets(self, can_choose: bool) -> None:
        self.list = QListWidget(self)
        self.list.setObjectName("modelsList")
        self.list.setAccessibleName("Endpoints")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.form = EndpointForm(self)
        self.add = self._button("modelsAdd", "Add Server…", self._on_add)
        self.add_file = self._button("modelsAddFile", "Add GGUF File…", self._on_add_file)
        self.remove = self._button("modelsRemove", "Remove", self._on_remove)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.use = self.buttons.addButton(
            "Use for This Branch", QDialogButtonBox.ButtonRole.ActionRole
        )
        self.use.setObjectName("modelsUse")
        self.use.setVisible(can_choose)
        self.use.clicked.connect(self._on_use)
        self.buttons.rejected.connect(self.reject)

    def _button(self, name: str, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        for button in (self.add, self.add_file, self.remove):
            column.addWidget(button)
        parts = QSplitter(self)
        parts.addWidget(left)
        parts.addWidget(self.form)
        parts.setStretchFactor(1, 1)
        parts.setSizes([200, 480])
        parts.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        bottom.addWidget(self.buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 14)
        whole.setSpacing(12)
        whole.addWidget(parts, 1)
        whole.addLayout(bottom)
        self.resize(760, 520)

    def _fill(self, current: str) -> None:
        try:
            known = endpoints.endpoints()
        except ScrubberError as error:  # the file was edited by hand
            self.form.tell(f"✗  {error}")
            known = {}
        self.list.blockSignals(True)
        self.list.clear()
        for endpoint in known.values():
            item = QListWidgetItem(visible(endpoint.title))
            item.setData(Qt.ItemDataRole.UserRole, endpoint)
            item.setToolTip(visible(endpoint.url or endpoint.file))
            item.setIcon(theme.icon("model", theme.current().muted))
            self.list.addItem(item)
        names = list(known)
        self.list.blockSignals(False)
        self.list.setCurrentRow(names.index(current) if current in names else 0)
        self._show_current()

    def _current(self) -> Endpoint | None:
        item = self.list.currentItem()
        found: Endpoint | None = item.data(Qt.ItemDataRole.UserRole) if item else None
        return found

    def _show_current(self) -> None:
        endpoint = self._current()
        if endpoint is not None:
            self.form.show_endpoint(endpoint)
        self._update()

    def _update(self) -> None:
        endpoint = self._current()
        self.remove.setEnabled(endpoint is not None and not endpoint.is_builtin)
        self.use.setEnabled(endpoint is not None and not self.form.is_changed)

    def _on_saved(self, name: str) -> None:
        self.changed.emit()
        self._fill(name)

    def _on_add(self) -> None:
        names, number = set(endpoints.endpoints()), 1
        while (name := _NEW if number == 1 else f"{_NEW}-{number}") in names:
            number += 1
        self.list.setCurrentRow(-1)
        self.form.show_new(name)
        self._update()

    def _on_add_file(self) -> None:
        box = QFileDialog(self, "A model's file")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setNameFilters(["Models (*.gguf)", "All files (*)"])
        box.fileSelected.connect(self.add_model_file)
        box.open()

    def add_model_file(self, file: str) -> None:
        """Add a GGUF file as an endpoint."""
        try:
            found = endpoints.local_file(file, endpoint_name(file))
            endpoints.add(found)
        except ScrubberError as error:
            self.form.tell(f"✗  {error}")
            return
        self._on_saved(found.name)

    def _on_remove(self) -> None:
        endpoint = self._current()
        if endpoint is None:
            return
        try:
            endpoints.remove(endpoint.name)
        except ScrubberError as error:
            self.form.tell(f"✗  {error}")
            return
        self.changed.emit()
        self._fill("")

    def _on_use(self) -> None:
        endpoint = self._current()
        if endpoint is not None:
            self.chosen.emit(endpoint.name, self.form.model.currentText().strip())
            self.accept()


def endpoint_name(file: str) -> str:
    """A name for a model's file, of the characters that a name may have."""
    stem = file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in stem)
    return name.strip("._-")[:40] or "file"
