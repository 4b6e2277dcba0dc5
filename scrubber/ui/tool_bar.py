"""The tool bar: the actions that are wanted most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolBar, QWidget

from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.ui.actions import Actions

_ACTIONS = (
    "action.import",
    "",
    "action.fork",
    "action.continue",
    "action.stop",
    "action.undo",
    "",
    "action.find",
    "action.search",
    "action.compare",
    "action.export",
    "",
    "action.prev_tool",
    "action.next_tool",
    "action.prev_error",
    "action.next_error",
)
_WITH_WORDS = (
    "action.import",
    "action.fork",
    "action.continue",
    "action.compare",
    "action.export",
    "action.find",
)


class ToolBar(QToolBar):
    """Some of the actions of the table; the palette at the far end."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__("Tools", parent)
        self.setObjectName("toolBar")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        for name in _ACTIONS:
            self.addAction(actions[name]) if name else self.addSeparator()
        for name in _WITH_WORDS:
            button = self.widgetForAction(actions[name])
            button.setProperty("toolButtonStyle", Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        gap = QWidget(self)
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.addAction(actions["action.palette"])

    def refresh_colours(self) -> None:
        """Draw the line below in the palette's colour."""
        self.setStyleSheet(
            f"QToolBar {{ border: none; border-bottom: 1px solid {theme.current().line.name()};"
            " padding: 3px 6px; spacing: 4px; }"
        )
