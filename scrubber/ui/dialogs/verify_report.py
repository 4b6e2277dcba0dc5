"""What a check of the store has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.models.jobs import was_cancelled
from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.store.verify import Fault


class VerifyReport(QDialog):
    """Collects faults; opens when the check is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verifyReport")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Verify Store")
        self._faults: list[Fault] = []
        self._verdict = QLabel(self)
        self._verdict.setWordWrap(True)
        self._list = QPlainTextEdit(self)
        self._list.setReadOnly(True)
        self._list.setFont(theme.fixed_font(self.font()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for part in (self._verdict, self._list, buttons):
            column.addWidget(part)

    def add(self, fault: Fault) -> None:
        """Take a fault."""
        self._faults.append(fault)

    def finish(self, error: object) -> None:
        """Say what came out, and show it."""
        if was_cancelled(error):
            self.deleteLater()
            return
        if error is not None:
            words = f"The check could not be finished: {error}"
        elif self._faults:
            words = f"{count(len(self._faults), 'fault')} found:"
        else:
            words = "Everything was read and checked: records, events, sessions, sums. No fault."
        self._verdict.setText(words)
        self._list.setVisible(bool(self._faults))
        self._list.setPlainText("\n".join(f"{f.where}: {f.what}" for f in self._faults))
        self.resize(620, 320 if self._faults else 120)
        self.open()
