"""What this program is, and which version."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from scrubber.ui import theme
from scrubber.version import __version__


class AboutDialog(QMessageBox):
    """Name, version, and what a bug report needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Scrubber")
        self.setIconPixmap(theme.app_icon().pixmap(64, 64))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(f"Scrubber {__version__}")
        self.setInformativeText(
            "Open any agent transcript, scrub through it, fork it at any event.\n\n"
            f"Python {platform.python_version()}, Qt and PySide {PySide6.__version__}\n"
            "MIT licence"
        )
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
