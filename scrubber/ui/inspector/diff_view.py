"""A diff to read and copy; lines that came and went differ by their sign and by their colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from scrubber.core.track import Lane
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.inspector.record_view import plain_text

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

MOST_LINES = 3_000
"""Lines that are shown of a diff."""


class DiffView(QWidget):
    """Lines of a unified diff."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self.text = plain_text(self, "What has changed in the file")
        font = self.text.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.text.setFont(font)
        self.text.setTabStopDistance(4 * self.text.fontMetrics().horizontalAdvance(" "))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self._colours = _Colours(self.text.document())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)

    def show_diff(self, path: str, lines: tuple[str, ...]) -> None:
        """Show another diff; the same one stays where it was scrolled to."""
        if (path, lines) == self._shown:
            return
        place = self.text.verticalScrollBar().value() if path == self._shown[0] else 0
        self._shown = path, lines
        told = [visible(line).replace("\n", " ") for line in lines[:MOST_LINES]]
        if len(lines) > MOST_LINES:
            told.append(f"… {len(lines) - MOST_LINES:,} more lines: `scrubber files` has them")
        self.text.setPlainText("\n".join(told) if told else "Nothing is recorded of a change.")
        self.text.verticalScrollBar().setValue(place)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours.rehighlight()


class _Colours(QSyntaxHighlighter):
    """Colours a line by its first character."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str, /) -> None:  # Qt's name
        """One line."""
        look = theme.current()
        colours = {"+": look.lane(Lane.YOU), "-": look.error, "@": look.muted}
        colour = colours.get(text[:1])
        if colour is not None:
            shape = QTextCharFormat()
            shape.setForeground(colour)
            if text[0] != "@":
                shape.setBackground(_pale(colour))
            self.setFormat(0, len(text), shape)


def _pale(colour: QColor) -> QColor:
    shade = QColor(colour)
    shade.setAlphaF(0.08)
    return shade
