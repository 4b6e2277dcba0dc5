"""Documents that show a transcript's text and do nothing else: no fetching, no HTML, no links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QTextTable,
)

from scrubber.ui.transcript.style import Style, tint

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

CONTINUES = 1
"""User state of a text block that goes on in the next one: no line ends between them."""

_PIECE = 4_000
"""Characters after which a line is broken for layout, which is quadratic within one block."""

_ADDED, _REMOVED = "#2f9e44", "#e03131"


class InertDocument(QTextDocument):
    """A document that never loads a resource, wherever its text points."""

    def loadResource(self, kind: int, name: QUrl | str, /) -> Any:
        return None


def new_document(font: QFont) -> InertDocument:
    """An empty document in a font, wrapped anywhere where words do not help."""
    document = InertDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(32)
    document.setDefaultTextOption(option)
    return document


def plain_document(text: str, font: QFont, spacing: int = 125) -> InertDocument:
    """Text as it stands, line height in percent; over-long lines are laid out in pieces."""
    document = new_document(font)
    lines = text.split("\n")
    pieces = [_pieces_of(line) for line in lines]
    document.setPlainText("\n".join(piece for line in pieces for piece in line))
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(line_height(spacing))
    if any(len(line) > 1 for line in pieces):
        _mark_pieces(document, [len(line) for line in pieces])
    return document


def line_height(percent: int) -> QTextBlockFormat:
    """A block format of nothing but a line height."""
    layout = QTextBlockFormat()
    height = QTextBlockFormat.LineHeightTypes.ProportionalHeight
    layout.setLineHeight(float(percent), height.value)
    return layout


def _pieces_of(line: str) -> list[str]:
    return [line[i : i + _PIECE] for i in range(0, len(line), _PIECE)] or [""]


def _mark_pieces(document: QTextDocument, counts: list[int]) -> None:
    block = document.begin()
    for count in counts:
        for number in range(count):
            block.setUserState(CONTINUES if number + 1 < count else 0)
            block = block.next()


def diff_document(text: str, style: Style) -> InertDocument:
    """A diff: its signs stay, and added and removed lines stand on green and red."""
    document = plain_document(text, style.fixed)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        colour = {"+": _ADDED, "-": _REMOVED}.get(block.text()[:1])
        if colour:
            shade = QTextBlockFormat()
            shade.setBackground(tint(QColor(colour), 0.13))
            cursor.setPosition(block.position())
            cursor.mergeBlockFormat(shade)
        block = block.next()
    cursor.endEditBlock()
    return document


def text_between(document: QTextDocument, start: int, stop: int) -> str:
    """The text at positions start…stop-1 as it is read: cells a tab apart, rows a line apart."""
    cursor = QTextCursor(document)
    parts: list[str] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() < stop:
        end = block.position() + block.length() - 1
        cursor.setPosition(max(start, block.position()))
        cursor.setPosition(max(cursor.position(), min(stop, end)), QTextCursor.MoveMode.KeepAnchor)
        parts.append(cursor.selectedText().replace("\u2028", "\n"))
        block = block.next()
        if end < stop and block.isValid():
            parts.append(_joint(block.previous()))
    return "".join(parts)


def _joint(block: QTextBlock) -> str:
    if block.userState() == CONTINUES:
        return ""
    # The stubs do not know that there may be none.
    table = cast("QTextTable | None", QTextCursor(block).currentTable())
    if table is None:
        return "\n"
    here, after = table.cellAt(block.position()), table.cellAt(block.next().position())
    return "\t" if after.isValid() and after.row() == here.row() else "\n"
