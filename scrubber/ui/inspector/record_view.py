"""The raw record as a tree, with the text of the chosen value below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.visible import visible
from scrubber.models.json_tree import JsonTree
from scrubber.ui import theme
from scrubber.ui.inspector.hexdump import PAGE, as_text, page_bounds
from scrubber.ui.inspector.json_view import JsonView
from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator, Value

if TYPE_CHECKING:
    from scrubber.ui.inspector.reading import Parsed


class RecordView(QWidget):
    """A JSON tree above, text below. A record that is no JSON says so and is only text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: list[str] = []
        self.tree = JsonTree(self)
        self.view = JsonView(self.tree, self)
        self.problem = QLabel(self)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(MARGIN, UNIT, MARGIN, UNIT)
        self.path = Value(self)
        self.text = plain_text(self, "Text of the chosen value")
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.show_parsed(None, b"")

    def _lay_out(self) -> None:
        self.below = QWidget(self)
        column = QVBoxLayout(self.below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(UNIT, UNIT, UNIT, 0)
        top.addWidget(self.path)
        column.addWidget(Separator(self.below))
        column.addLayout(top)
        column.addWidget(self.text)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(self.below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([360, 200])
        self.splitter.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, UNIT, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.problem)
        whole.addWidget(self.splitter)

    def show_parsed(self, parsed: Parsed | None, raw: bytes) -> None:
        """Show another record; None: there is none."""
        readable = parsed is not None and not parsed.problem
        self.tree.set_value(parsed.value if parsed is not None and readable else {})
        self.view.setVisible(readable)
        self.below.setVisible(bool(raw))
        self.problem.setVisible(not readable)
        if readable:
            self.view.open_first_level()
            self._choose_again()
            return
        why = f"This record is not JSON: {parsed.problem}" if parsed else "No record here."
        self.problem.setText(visible(why))
        self.path.show_text("the record as text" if raw else "")
        self.text.setPlainText(as_text(raw[slice(*page_bounds(raw, 0))]))
        self._tint()

    def _choose_again(self) -> None:
        """Choose what was chosen in the record before, if there is such a thing here."""
        index = QModelIndex()
        for key in self._wanted:
            index = self._row_named(index, key)
            if not index.isValid():
                break
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        else:
            self._show_none()

    def _row_named(self, above: QModelIndex, key: str) -> QModelIndex:
        rows = (self.tree.index(row, 0, above) for row in range(self.tree.rowCount(above)))
        return next((row for row in rows if row.data() == key), QModelIndex())

    def _show_none(self) -> None:
        self.below.hide()
        self.text.clear()

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        self._wanted = _keys(current)
        self.below.show()
        self.path.show_text(self.tree.path(current) or "record")
        self._tint()
        self.text.setPlainText(_beginning(self.tree, current))

    def _tint(self) -> None:
        self.path.set_colour(theme.current().muted)
        self.path.setFont(theme.fixed_font(self.font()))

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()


def _beginning(tree: JsonTree, index: QModelIndex) -> str:
    value = tree.value(index)
    if isinstance(value, (dict, list)):
        return ""
    text = tree.text(index)
    if len(text) <= PAGE:
        return visible(text)
    return visible(text[:PAGE]) + f"\n\n… {len(text) - PAGE:,} more characters: Copy Value has them"


def _keys(index: QModelIndex) -> list[str]:
    keys: list[str] = []
    while index.isValid():
        keys.insert(0, index.siblingAtColumn(0).data())
        index = index.parent()
    return keys


def plain_text(parent: QWidget, name: str) -> QPlainTextEdit:
    """A field of plain text to read, select and copy."""
    field = QPlainTextEdit(parent)
    field.setReadOnly(True)
    field.setAccessibleName(name)
    field.setFrameShape(QFrame.Shape.NoFrame)
    field.setFont(theme.fixed_font(parent.font()))
    field.document().setDocumentMargin(UNIT)
    field.setBackgroundRole(QPalette.ColorRole.Base)
    field.setTabChangesFocus(True)
    field.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return field
