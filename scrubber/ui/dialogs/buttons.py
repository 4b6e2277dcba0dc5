"""The foot of a dialog: Cancel, and the one button that does what the dialog is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox

from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable


class DoButtons(QDialogButtonBox):
    """Cancel rejects; ``do`` has ``work`` done, which says itself whether the dialog closes."""

    def __init__(
        self, dialog: QDialog, text: str, icon: str, name: str, work: Callable[[], object]
    ) -> None:
        super().__init__(QDialogButtonBox.StandardButton.Cancel, dialog)
        self.do = self.addButton(text, QDialogButtonBox.ButtonRole.AcceptRole)
        self.do.setObjectName(name)
        self.do.setIcon(theme.icon(icon))
        self.do.setDefault(True)
        self.accepted.connect(work)
        self.rejected.connect(dialog.reject)
