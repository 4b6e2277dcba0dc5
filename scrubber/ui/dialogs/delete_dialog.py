"""Asks before a session is deleted, and says what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from scrubber.core.ages import count
from scrubber.core.visible import visible

if TYPE_CHECKING:
    from scrubber.core.session import Session

_LISTED = 8


class DeleteDialog(QMessageBox):
    """Delete or not; Cancel is the default. Undo brings it all back."""

    def __init__(
        self, session: Session, below: list[Session], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("deleteDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Delete")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(f"Delete “{visible(session.title)}”?")
        self.setInformativeText(_consequences(session, below))
        delete = self.addButton("Delete", QMessageBox.ButtonRole.AcceptRole)
        delete.setObjectName("deleteAccept")
        cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)


def _consequences(session: Session, below: list[Session]) -> str:
    lines = []
    if below:
        forks = sum(one.relation == "fork" for one in below)
        agents = len(below) - forks
        parts = [count(forks, "fork")] * bool(forks) + [count(agents, "sub-agent")] * bool(agents)
        lines.append(f"With it {' and '.join(parts)} below it:")
        lines += [f"  • {visible(one.title)}" for one in below[:_LISTED]]
        if len(below) > _LISTED:
            lines.append(f"  … and {len(below) - _LISTED} more")
        lines.append("")
    if session.source:
        lines.append("The file it was read from stays where it is.")
    lines.append("Undo brings it back.")
    return "\n".join(lines)
