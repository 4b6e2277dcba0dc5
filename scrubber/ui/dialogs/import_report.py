"""What went wrong in an import: each file with its lines and reasons."""

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
from scrubber.core.visible import visible
from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.transfer.imported import Imported


class ImportReport(QDialog):
    """A list to read and to copy."""

    def __init__(
        self, results: Sequence[Imported], error: object, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("importReport")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import")
        failed = sum(result.status == "failed" for result in results)
        done = len(results) - failed
        words = f"{count(done, 'session')} imported"
        if failed:
            words += f", {count(failed, 'file')} could not be read"
        heading = QLabel(words, self)
        text = QPlainTextEdit(self)
        text.setReadOnly(True)
        text.setFont(theme.fixed_font(self.font()))
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        lines = [str(error)] if error is not None else []
        lines += [line for result in results for line in report_lines(result)]
        text.setPlainText("\n".join(lines))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for part in (heading, text, buttons):
            column.addWidget(part)
        self.resize(760, 380)


def report_lines(result: Imported) -> list[str]:
    """``file:line: reason`` for each oddity of a result."""
    lines = []
    for warning in result.warnings:
        place = f"{result.source}:{warning.line}" if warning.line > 0 else result.source
        reason = warning.reason.removeprefix(f"{result.source}: ")
        lines.append(visible(f"{place}: {reason}"))
    return lines
