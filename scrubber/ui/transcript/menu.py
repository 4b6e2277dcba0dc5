"""The context menu of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from scrubber.core.events import Kind
from scrubber.ui import theme
from scrubber.ui.transcript.labels import LOUD

if TYPE_CHECKING:
    from collections.abc import Callable

COPY_KEY = QKeySequence.StandardKey.Copy
ALL_KEY = QKeySequence.StandardKey.SelectAll
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)

_PLURALS = {
    Kind.MESSAGE: "messages",
    Kind.REASONING: "thinking",
    Kind.TOOL_CALL: "tool calls",
    Kind.TOOL_RESULT: "tool results",
    Kind.COMPACTION: "compactions",
}


def add_action(
    menu: QMenu, text: str, slot: Callable[[], object], icon: str = "", enabled: bool = True
) -> None:
    """An entry with an icon of resources/icons, if there is one."""
    action = menu.addAction(text)
    action.triggered.connect(lambda: slot())
    action.setEnabled(enabled)
    if icon:
        try:
            action.setIcon(theme.icon(icon))
        except FileNotFoundError:
            return


def plural(kind: Kind) -> str:
    """What all events of a kind are called."""
    return _PLURALS.get(kind, f"{kind.label.replace('_', ' ')} events")


def can_fold(kind: Kind) -> bool:
    """Whether all events of a kind can be folded together."""
    return kind in LOUD or kind in _PLURALS


def copy_text(text: str) -> None:
    """Put text on the clipboard."""
    # A lone surrogate cannot be encoded for the clipboard.
    QGuiApplication.clipboard().setText(text.encode("utf-8", "replace").decode("utf-8"))


def emptied_menu(parent: QWidget) -> QMenu:
    """The one context menu of a widget, without the entries that it had the last time."""
    menu = parent.findChild(QMenu, "transcriptMenu") or QMenu(parent)
    menu.setObjectName("transcriptMenu")
    menu.clear()
    return menu
