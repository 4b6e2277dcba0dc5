"""The exact bytes of the record, as text or as a hex dump, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from scrubber.ui import theme
from scrubber.ui.inspector.hexdump import as_hex, as_text, page_bounds, page_count, width
from scrubber.ui.inspector.labels import MARGIN, UNIT, Value
from scrubber.ui.inspector.record_view import plain_text

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QResizeEvent

_COLUMNS = (32, 16, 8, 4)


class BytesView(QWidget):
    """Bytes in a text field, with their number and place above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raw = b""
        self._offset = 0
        self._page = 0
        self._columns = 8
        self.place = Value(self)
        self.text = plain_text(self, "Bytes of the record")
        self.text.setFont(_smaller(self.text.font()))
        self.hex = self._button("Hex", "Show the bytes as a hex dump")
        self.hex.setCheckable(True)
        self.copy = self._button("", "Copy the whole record")
        self.back = self._button("‹", "Previous page of bytes")
        self.on = self._button("›", "Next page of bytes")
        self.page = QLabel(self)
        self._lay_out()
        self.hex.toggled.connect(self._show)
        self.copy.clicked.connect(self._copy)
        self.back.clicked.connect(lambda: self._turn(-1))
        self.on.clicked.connect(lambda: self._turn(1))
        self.refresh()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setIconSize(QSize(16, 16))
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, UNIT, UNIT, 0)
        top.setSpacing(UNIT // 2)
        top.addWidget(self.place, 1)
        top.addWidget(self.hex)
        top.addWidget(self.copy)
        self.pages = QWidget(self)
        turning = QHBoxLayout(self.pages)
        turning.setContentsMargins(MARGIN, 0, UNIT, UNIT // 2)
        turning.setSpacing(UNIT // 2)
        turning.addWidget(self.page, 1)
        turning.addWidget(self.back)
        turning.addWidget(self.on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(top)
        column.addWidget(self.pages)
        column.addWidget(self.text)

    def show_bytes(self, raw: bytes, offset: int) -> None:
        """Show another record, which begins at this offset of its source."""
        if (raw, offset) == (self._raw, self._offset) and raw:
            return
        self._raw, self._offset, self._page = raw, offset, 0
        self._show()

    def _turn(self, by: int) -> None:
        self._page = min(max(self._page + by, 0), page_count(len(self._raw)) - 1)
        self._show()

    def _show(self) -> None:
        size, pages = len(self._raw), page_count(len(self._raw))
        start, stop = page_bounds(self._raw, self._page)
        end = f"{self._offset + size - 1:,}" if size else ""
        self.place.show_text(
            f"{size:,} bytes · {self._offset:,}–{end}" if size else "No record here."
        )
        self.pages.setVisible(pages > 1)
        self.page.setText(f"{start:,}–{stop - 1:,} · page {self._page + 1:,} of {pages:,}")
        self.back.setEnabled(self._page > 0)
        self.on.setEnabled(self._page < pages - 1)
        self.copy.setEnabled(bool(size))
        self._fill(self._raw[start:stop], start)

    def _fill(self, piece: bytes, start: int) -> None:
        self._columns = self._fitting_columns()
        wrap = QPlainTextEdit.LineWrapMode
        dumped = self.hex.isChecked()
        self.text.setLineWrapMode(wrap.NoWrap if dumped else wrap.WidgetWidth)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        shown = as_hex(piece, start, self._columns) if dumped else as_text(piece)
        self.text.setPlainText(shown)

    def _fitting_columns(self) -> int:
        letter = self.text.fontMetrics().horizontalAdvance("0")
        room = self.text.viewport().width() - 2 * UNIT - 2
        size = len(self._raw)
        fitting = (c for c in _COLUMNS if width(c, size) * letter <= room)
        return next(fitting, _COLUMNS[-1])

    def _copy(self) -> None:
        """The record as text, as it is: control characters are not replaced."""
        QGuiApplication.clipboard().setText(self._raw.decode("utf-8", "replace"))

    def refresh(self) -> None:
        """Draw in the colours of the palette."""
        look = theme.current()
        self.place.set_colour(look.muted)
        self.copy.setIcon(QIcon(theme.icon("copy")))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Put as many bytes on a line of the dump as there is room for."""
        super().resizeEvent(event)
        if self.hex.isChecked() and self._fitting_columns() != self._columns:
            self._show()

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()


def _smaller(font: QFont) -> QFont:
    """Eight bytes a line shall fit into a pane of 320 pixels."""
    font.setPointSizeF(font.pointSizeF() * 0.9)
    return font
