"""What can be asked for: shown where the hits will be, while nothing is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

LINES = (
    ("redirect", "words, or their beginnings"),
    ('"not found"', "in this order"),
    ("-word  -tool:Bash", "not this"),
    ("role:user,system", "user, assistant, tool, system"),
    ("kind:tool_call", "message, reasoning, tool_result, …"),
    ("lane:you,thinking", "a lane of the timeline"),
    ("tool:Bash  tool:mcp__*", "calls and results of a tool"),
    ("model:opus", "said by a model"),
    ("session:login", "sessions by title or id"),
    ("is:error", "also bookmarked, noted, hidden"),
    ("label:odd", "with this label"),
    ("note:cookie", "with a note that says this"),
    ("origin:edited", "recorded, resampled, typed, …"),
    ("after:7d", "a date, today, or how long ago"),
    ("before:2026-03-01", ""),
    ("in:branch", "not shared; also root, subagent"),
)


class QueryHelp(QScrollArea):
    """The language in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._quiet: list[QLabel] = []
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        heading = QLabel("What can be asked for", holder)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        column.addWidget(heading)
        column.addLayout(self._grid(holder))
        end = QLabel("All of it must hold; commas mean any of several.", holder)
        end.setWordWrap(True)
        self._quiet.append(end)
        column.addWidget(end)
        column.addStretch(1)
        self.setWidget(holder)
        self.refresh_colours()

    def _grid(self, holder: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for number, (asked, meaning) in enumerate(LINES):
            example, words = QLabel(asked, holder), QLabel(meaning, holder)
            example.setFont(theme.fixed_font(holder.font()))
            example.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            self._quiet.append(words)
            grid.addWidget(example, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, number, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def refresh_colours(self) -> None:
        """Draw what is secondary in the palette's colour."""
        for label in self._quiet:
            palette = label.palette()
            palette.setColor(label.foregroundRole(), theme.current().muted)
            label.setPalette(palette)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange and hasattr(self, "_quiet"):
            self.refresh_colours()
