"""The review of what looks like a secret: each in its place, to be replaced or kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.events import one_line
from scrubber.core.redaction import Wanted
from scrubber.core.visible import visible
from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.core.redaction import Finding

_SHOWN = 60
_KEPT, _PLACEHOLDER, _SECRET, _RECORDS = range(4)


class SecretsDialog(QDialog):
    """What is checked is replaced. The findings themselves are changed, at once.

    Signals:
        added(object): a Wanted, which is to be looked for too.
    """

    added = Signal(object)

    def __init__(self, findings: list[Finding], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("secretsDialog")
        self.setWindowTitle("Review Secrets")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._findings: list[Finding] = []
        self.list = QTreeWidget(self)
        self.list.setObjectName("secretsList")
        self.list.setAccessibleName("What looks like a secret; checked: it is replaced")
        self.list.setHeaderLabels(["", "Placeholder", "Secret", "Records"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.itemChanged.connect(self._on_checked)
        self.list.currentItemChanged.connect(lambda item, _former: self._show_places(item))
        self.places = QPlainTextEdit(self)
        self.places.setObjectName("secretsPlaces")
        self.places.setAccessibleName("Where it stands")
        self.places.setReadOnly(True)
        self.places.setFont(theme.fixed_font(self.font()))
        self.places.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._make_own()
        self._lay_out()
        self.show_findings(findings)

    def _make_own(self) -> None:
        self.own = QLineEdit(self)
        self.own.setObjectName("secretsOwn")
        self.own.setPlaceholderText("Another text to replace")
        self.own.returnPressed.connect(self._on_add)
        self.pattern = QCheckBox("Regular expression", self)
        self.add = QPushButton("Add", self)
        self.add.setAutoDefault(False)
        self.add.clicked.connect(lambda _on: self._on_add())
        self.problem = QLabel(self)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()

    def _lay_out(self) -> None:
        own = QHBoxLayout()
        own.addWidget(self.own, 1)
        own.addWidget(self.pattern)
        own.addWidget(self.add)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(QLabel("What is checked is replaced; the store stays as it is.", self))
        column.addWidget(self.list, 3)
        column.addWidget(self.places, 2)
        column.addLayout(own)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self.resize(760, 560)

    def show_findings(self, findings: list[Finding]) -> None:
        """Show what was found, with what is new in it chosen."""
        current = self.list.currentItem()
        row = self.list.indexOfTopLevelItem(current) if current is not None else 0
        known = {one.digest for one in self._findings}
        if known:  # what was just added is what one wants to see
            row = next((n for n, one in enumerate(findings) if one.digest not in known), row)
        self._findings = findings
        self.list.blockSignals(True)
        self.list.clear()
        for one in findings:
            self.list.addTopLevelItem(_item(one))
        self.list.blockSignals(False)
        for column in range(4):
            self.list.resizeColumnToContents(column)
        chosen = self.list.topLevelItem(min(row, len(findings) - 1))
        if chosen is not None:
            self.list.setCurrentItem(chosen)
        else:
            self.places.setPlainText("Nothing looks like a secret. That is no proof of it.")

    def _on_checked(self, item: QTreeWidgetItem, _column: int) -> None:
        finding = self._findings[self.list.indexOfTopLevelItem(item)]
        finding.replace = item.checkState(_KEPT) is Qt.CheckState.Checked

    def _show_places(self, item: QTreeWidgetItem | None) -> None:
        """Every place with what stands around it, the secret itself marked."""
        if item is None:
            return
        finding = self._findings[self.list.indexOfTopLevelItem(item)]
        value, lines, marks, at = one_line(visible(finding.value), _SHOWN), [], [], 0
        for spot in finding.spots:
            where = f"#{spot.index + 1:,}" if spot.index is not None else "beside the events"
            front = f"{where:>8}  {visible(spot.before)}"
            lines.append(f"{front}{value}{visible(spot.after)}")
            marks.append((at + len(front), len(value)))
            at += len(lines[-1]) + 1
        if finding.count > len(finding.spots):
            lines.append(f"and {finding.count - len(finding.spots):,} more")
        self.places.setPlainText("\n".join(lines))
        self.places.setExtraSelections([self._marked(*mark) for mark in marks])

    def _marked(self, start: int, length: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.places.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        shade = QColor(theme.current().warning)
        shade.setAlphaF(0.25)
        mark.cursor = cursor
        mark.format.setBackground(shade)
        return mark

    def _on_add(self) -> None:
        text = self.own.text()
        if not text.strip():
            return
        try:
            compiled = (re.compile(text),) if self.pattern.isChecked() else ()
        except re.error as error:
            self._say(f"No regular expression: {error}")
            return
        if compiled and compiled[0].match(""):
            self._say("It finds nothing at all, everywhere")
            return
        self._say("")
        self.own.clear()
        self.added.emit(Wanted(patterns=compiled) if compiled else Wanted(texts=(text,)))

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))


def _item(finding: Finding) -> QTreeWidgetItem:
    shown = one_line(visible(finding.value), _SHOWN)
    name = finding.placeholder if finding.sure else f"{finding.placeholder}  may be one"
    item = QTreeWidgetItem(["", name, shown, f"{finding.count:,}"])
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    on = Qt.CheckState.Checked if finding.replace else Qt.CheckState.Unchecked
    item.setCheckState(_KEPT, on)
    return item
