"""The filter of transcript and timeline: what is shown, in buttons and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.events import one_line
from scrubber.core.query import Field, QueryError
from scrubber.core.query.editing import toggled, values_in
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.flow import FlowLayout

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from scrubber.models.event_filter import EventFilter
    from scrubber.models.library import Library
    from scrubber.models.tasks import Tasks

_TYPE_MS = 150
_UNIT = 8
_SHORT_FAULT = 48
_MOST_TOOLS = 40

CHIPS = (
    (Field.LANE, "you", "You", "user"),
    (Field.LANE, "model", "Model", "model"),
    (Field.LANE, "thinking", "Thinking", "reasoning"),
    (Field.LANE, "tools", "Tools", "tool"),
    (Field.LANE, "subagents", "Sub-agents", "subagent"),
    (Field.IS, "error", "Errors", "error"),
    (Field.IS, "bookmarked", "Bookmarks", "bookmark"),
)
"""What each button asks for, its words, its icon."""


class FilterBar(QWidget):
    """Buttons for what is asked most, a box for the rest, how much fits, and the way out.

    The text of the box is the filter; the buttons change it, and show what it says.

    Signals:
        dismissed(): the filter was taken off.
    """

    dismissed = Signal()

    def __init__(
        self, model: EventFilter, library: Library, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filterBar")
        self.setAccessibleName("Filter events")
        self._filter, self._library, self._tasks = model, library, tasks
        self.chips = [self._chip(*chip) for chip in CHIPS]
        self.tools = QToolButton(self)
        self._menu = QMenu(self.tools)
        self.edit = QLineEdit(self)
        self.said = QLabel(self)
        self.close_button = QToolButton(self)
        self._delay = QTimer(self, singleShot=True, interval=_TYPE_MS)
        self._set_up()
        self._lay_out()
        self._connect()
        self.refresh_icons()

    def _chip(self, field: Field, value: str, words: str, _icon: str) -> QToolButton:
        chip = QToolButton(self)
        chip.setText(words)
        chip.setCheckable(True)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setIconSize(QSize(16, 16))
        chip.setToolTip(f"{field}:{value}")
        chip.setAccessibleName(f"Show {words.lower()}")
        chip.clicked.connect(lambda: self._toggle(field, value))
        return chip

    def _set_up(self) -> None:
        self.tools.setText("Tool")
        self.tools.setToolTip("Only calls and results of a tool")
        self.tools.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.tools.setMenu(self._menu)
        self.edit.setPlaceholderText("Show only… words, tool:Bash, role:user, after:7d")
        self.edit.setAccessibleName("Filter events")
        self.edit.setClearButtonEnabled(True)
        self.edit.installEventFilter(self)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button.setAutoRaise(True)
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip("Show everything  (X)")
        self.close_button.setAccessibleName("Show everything")

    def _lay_out(self) -> None:
        chips = QWidget(self)
        flow = FlowLayout(chips, _UNIT // 2)
        for chip in (*self.chips, self.tools):
            flow.addWidget(chip)
        line = QHBoxLayout()
        line.setSpacing(_UNIT)
        line.addWidget(self.edit, 1)
        line.addWidget(self.said)
        line.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * _UNIT, _UNIT // 2 + 2, _UNIT, _UNIT // 2 + 2)
        column.setSpacing(_UNIT // 2)
        column.addLayout(line)
        column.addWidget(chips)

    def _connect(self) -> None:
        self.edit.textChanged.connect(lambda _text: self._delay.start())
        self._delay.timeout.connect(self._ask)
        self.close_button.clicked.connect(self.dismiss)
        self._menu.aboutToShow.connect(self._read_tools)
        self._menu.triggered.connect(lambda action: self._toggle(Field.TOOL, action.data()))
        self._filter.changed.connect(self._tell)
        self._filter.failed.connect(self._on_failed)

    # For actions

    def open(self) -> None:
        """Show the bar, ready to type."""
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def dismiss(self) -> None:
        """Take the filter off and close the bar."""
        self.edit.clear()
        self._ask()
        self.hide()
        self.dismissed.emit()

    # What happens

    def _toggle(self, field: Field, value: str) -> None:
        self.edit.setText(toggled(self.edit.text(), field, value))
        self._ask()

    def _ask(self) -> None:
        self._delay.stop()
        self._filter.set_text(self.edit.text())
        self._show_chips()

    def _show_chips(self) -> None:
        """Show which of the buttons the text speaks of."""
        text = self.edit.text()
        for chip, (field, value, _, _) in zip(self.chips, CHIPS, strict=True):
            chip.setChecked(value in values_in(text, field))
        self.refresh_icons()

    def _tell(self) -> None:
        """How much fits: the sign that something is left out."""
        model, look = self._filter, theme.current()
        if not model.is_on:
            self._say("everything is shown")
        elif model.mask is None:
            self._say("…")
        else:
            shown, all_ = model.shown, len(model.mask)
            self._say(f"{shown:,} of {all_:,} events", "" if shown else look.warning.name())
        self.update()

    def _on_failed(self, error: QueryError) -> None:
        words = visible(error.reason)
        self._say(one_line(words, _SHORT_FAULT), theme.current().warning.name())
        self.said.setToolTip(words)
        self.edit.setToolTip(words)

    def _say(self, text: str, ink: str = "") -> None:
        palette = self.said.palette()
        palette.setColor(self.said.foregroundRole(), ink or theme.current().muted)
        self.said.setPalette(palette)
        self.said.setText(text)
        self.said.setToolTip("")
        self.edit.setToolTip("")

    def _read_tools(self) -> None:
        """List the tools of the session; the menu fills when they are known."""
        store, session = self._library.store, self._filter.session
        if store is None or not session:
            return
        self._tasks.run("tools", lambda: store.tools(session), self._show_tools)

    def _show_tools(self, tools: list[tuple[str, int]]) -> None:
        self._menu.clear()
        chosen = values_in(self.edit.text(), Field.TOOL)
        for name, calls in tools[:_MOST_TOOLS]:
            words = visible(name)[:60].replace("&", "&&")
            action = QAction(f"{words}\t{calls:,}", self._menu)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name.lower() in chosen)
            self._menu.addAction(action)
        if not tools:
            self._menu.addAction("no tool is called").setEnabled(False)
        self._menu.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the box takes the filter off, Enter gives the keys back to the window."""
        press = event.type() == QEvent.Type.KeyPress
        if not (press or event.type() == QEvent.Type.ShortcutOverride):
            return False
        if not isinstance(event, QKeyEvent) or event.key() not in _KEYS:
            return False
        if press and event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif press:
            self._ask()
            self.edit.clearFocus()
        event.accept()
        return True

    def refresh_icons(self) -> None:
        """Draw icons and buttons in the colours of the palette."""
        look = theme.current()
        for chip, (_, _, _, icon) in zip(self.chips, CHIPS, strict=True):
            chip.setIcon(theme.icon(icon, look.background if chip.isChecked() else None))
        self.close_button.setIcon(theme.icon("close"))
        sheet = (
            f"QToolButton {{ border: 1px solid {look.line.name()}; border-radius: 10px;"
            f" padding: 1px 3px 1px 8px; color: {look.text.name()}; }}"
            f" QToolButton:checked {{ background: {look.accent.name()};"
            f" border-color: {look.accent.name()}; color: {look.background.name()}; }}"
            f" QToolButton:focus {{ border-color: {look.text.name()}; }}"
        )
        for chip in self.chips:
            chip.setStyleSheet(sheet)
        self.tools.setStyleSheet(f"{sheet} QToolButton {{ padding-right: 16px; }}")  # its arrow

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A line below the bar, and while something is left out one at its side."""
        look = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)
        if self._filter.is_on:
            painter.fillRect(0, 0, 4, self.height(), look.accent)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_delay"):
            self._tell()


_KEYS = {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}
