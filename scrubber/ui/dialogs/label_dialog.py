"""Labels: which an event or a session has, and a new one in a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.errors import BadArgumentError
from scrubber.core.notes import COLOURS, checked_label, colour_of
from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 360


class LabelDialog(QDialog):
    """Every label there is, checked where it is given; a new one can be typed.

    Signals:
        changed(str, bool, str): this label was given or taken away; a new colour for it, or "".
    """

    changed = Signal(str, bool, str)

    def __init__(
        self,
        index: int | None,
        given: tuple[str, ...],
        colours: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("labelDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        what = "the session" if index is None else f"event #{index + 1:,}"
        self.setWindowTitle(f"Labels of {what}")
        self._given, self._colours = set(given), dict(colours)
        self.list = QListWidget(self)
        self.list.setObjectName("labelList")
        self.list.setAccessibleName(self.windowTitle())
        for name in sorted({*colours, *given}):
            self._add_item(name, name in self._given)
        self.name = QLineEdit(self)
        self.name.setObjectName("labelName")
        self.name.setPlaceholderText("A new label")
        self.name.textEdited.connect(self._on_typed)
        self.colour = QComboBox(self)
        self.colour.setObjectName("labelColour")
        self.colour.setAccessibleName("Colour of the new label")
        for colour in COLOURS:
            self.colour.addItem(theme.icon("label", theme.label_colour(colour)), colour)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()

    def _add_item(self, name: str, on: bool) -> None:
        shade = theme.label_colour(self._colours.get(name) or colour_of(name))
        item = QListWidgetItem(theme.icon("label", shade), name, self.list)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _lay_out(self) -> None:
        new = QHBoxLayout()
        new.addWidget(self.name, 1)
        new.addWidget(self.colour)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.list)
        column.addLayout(new)
        column.addWidget(self.buttons)
        self.list.setVisible(self.list.count() > 0)
        self.resize(_WIDTH, self.sizeHint().height() if self.list.isHidden() else 320)
        self.name.setFocus()

    def _on_typed(self, text: str) -> None:
        """The colour that a label of this name has, or would have."""
        name = " ".join(text.split())
        self.colour.setCurrentText(self._colours.get(name) or colour_of(name))

    def accept(self) -> None:
        """Tell what is other than before."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            on = item.checkState() is Qt.CheckState.Checked
            if on != (item.text() in self._given):
                self.changed.emit(item.text(), on, "")
        if self.name.text().strip():
            try:
                name = checked_label(self.name.text())
            except BadArgumentError:
                self.name.selectAll()
                return
            self.changed.emit(name, True, self.colour.currentText())
        super().accept()
