"""Tables of Markdown documents: thin lines, room around the words."""

from __future__ import annotations

from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from scrubber.ui.transcript.style import UNIT, Style


def set_tables(document: QTextDocument, style: Style) -> None:
    """Give all tables of a document the same quiet look."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            layout = frame.format()
            layout.setBorder(1)
            layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            layout.setBorderCollapse(True)
            layout.setBorderBrush(QColor(style.theme.line))
            layout.setCellPadding(UNIT * 0.75)
            layout.setCellSpacing(0)
            layout.setTopMargin(UNIT / 2)
            layout.setBottomMargin(UNIT)
            layout.setWidth(QTextLength())
            frame.setFormat(layout)
            _set_cells(frame, style)


def _set_cells(table: QTextTable, style: Style) -> None:
    head = QTextCharFormat()
    head.setFontWeight(style.strong.weight())
    flat = QTextBlockFormat()
    flat.setTopMargin(0)
    flat.setBottomMargin(0)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(
                cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor
            )
            cursor.mergeBlockFormat(flat)
            if row == 0:
                cursor.mergeCharFormat(head)
