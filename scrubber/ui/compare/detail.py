"""The texts of the current row in full, side by side, with what differs marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.describe import heading
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.compare.brush import LETTERS, CellBrush
from scrubber.ui.compare.places import GUTTER
from scrubber.ui.timeline.scene import small

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.models.comparison import Cells, ShownCell

MOST_TEXTS = 4
"""Side by side; of more columns, the current one and one that it differs from are shown."""
_LONGEST = 60_000
"""Characters of a text that are shown: as many as are compared."""


class CompareDetail(QWidget):
    """As many texts as there is room for; they scroll together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareDetail")
        self._texts: list[_TextPane] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GUTTER, 0, 0, 0)
        self._row.setSpacing(1)
        self._shown: tuple[Cells, int] | None = None
        self._following = False
        """Whether the texts are being moved by each other, or filled."""

    def leave_room(self, right: int) -> None:
        """Keep so many pixels free at the right, so that the texts stand below their columns."""
        self._row.setContentsMargins(GUTTER, 0, right, 0)

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        for pane in self._texts:
            pane.show_cell("", None)

    def show_row(self, cells: Cells, column: int) -> None:
        """Show the cells of a row; of many, that of a column and one that it differs from."""
        self._shown = cells, column
        chosen = _chosen(cells, column)
        self._following = True
        self._set_number(len(chosen))
        for pane, number in zip(self._texts, chosen, strict=True):
            pane.show_cell(LETTERS[number], cells[number])
        self._following = False

    def refresh_colours(self) -> None:
        """Draw it anew in the palette's colours."""
        ground = self.palette()
        ground.setColor(self.backgroundRole(), theme.current().background)
        self.setPalette(ground)
        self.setAutoFillBackground(True)
        if self._shown is not None:
            self.show_row(*self._shown)

    def _set_number(self, number: int) -> None:
        while len(self._texts) > number:
            pane = self._texts.pop()
            self._row.removeWidget(pane)
            pane.deleteLater()
        while len(self._texts) < number:
            pane = _TextPane(self)
            pane.text.verticalScrollBar().valueChanged.connect(
                lambda value, pane=pane: self._on_scrolled(pane, value)
            )
            self._row.addWidget(pane, 1)
            self._texts.append(pane)
            pane.show()

    def _on_scrolled(self, moved: _TextPane, value: int) -> None:
        """Move the others by as much: each may stand at a change of its own."""
        by, moved.at = value - moved.at, value
        if self._following:
            return
        self._following = True
        for pane in self._texts:
            if pane is not moved:
                pane.text.verticalScrollBar().setValue(pane.at + by)
        self._following = False


class _TextPane(QWidget):
    """One text, with a line above it that says whose."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self.at = 0
        """Where its scroll bar stood last."""
        self._head = QLabel(self)
        self._head.setTextFormat(Qt.TextFormat.PlainText)
        self._head.setFont(small(self.font()))
        self._head.setContentsMargins(8, 4, 8, 2)
        self._head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.document().setDocumentMargin(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.text, 1)

    def show_cell(self, letter: str, cell: ShownCell | None) -> None:
        """Show a text; None: there is none."""
        self._words = f"{letter}  nothing here" if cell is None else _head_words(letter, cell)
        self.text.setAccessibleName(self._words)
        self._elide()
        self.text.clear()
        if cell is not None:
            self._fill(cell)

    def _fill(self, cell: ShownCell) -> None:
        brush = CellBrush(self.font(), theme.current())
        self.text.setFont(brush.fixed)
        cursor, left = QTextCursor(self.text.document()), _LONGEST
        cursor.beginEditBlock()
        for part in cell.spans:
            words = visible(part.text[:left])
            left -= len(words)
            cursor.insertText(words, brush.mark if part.changed else QTextCharFormat())
            if left <= 0:
                break
        if (more := sum(len(part.text) for part in cell.spans) - _LONGEST) > 0:
            cursor.insertText(f"\n… {more:,} more characters", QTextCharFormat())
        cursor.endEditBlock()
        self._show_first_change(cell)

    def _show_first_change(self, cell: ShownCell) -> None:
        before = 0
        for part in cell.spans:
            if part.changed:
                break
            before += len(visible(part.text))
        else:
            before = 0
        cursor = self.text.textCursor()
        cursor.setPosition(min(before, self.text.document().characterCount() - 1))
        self.text.setTextCursor(cursor)
        self.text.centerCursor()

    def _elide(self) -> None:
        metrics = QFontMetrics(self._head.font())
        width = max(self.width() - 16, 40)
        self._head.setText(metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the line above to the new width."""
        super().resizeEvent(event)
        self._elide()


def _head_words(letter: str, cell: ShownCell) -> str:
    return f"{letter}  #{cell.event.index + 1:,}  {visible(heading(cell.event))}"


def _chosen(cells: Sequence[ShownCell | None], column: int) -> list[int]:
    if len(cells) <= MOST_TEXTS:
        return list(range(len(cells)))
    mine = _plain(cells[column])
    other = next((n for n, cell in enumerate(cells) if _plain(cell) != mine), 0)
    return sorted({column, other})


def _plain(cell: ShownCell | None) -> str | None:
    return None if cell is None else "".join(part.text for part in cell.spans)
