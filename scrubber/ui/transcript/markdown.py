"""Markdown as the transcript shows it: GitHub's dialect, no HTML, set in calm type."""

from __future__ import annotations

import re
from itertools import pairwise

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from scrubber.ui.transcript.documents import InertDocument, line_height, new_document
from scrubber.ui.transcript.style import UNIT, Style, tint
from scrubber.ui.transcript.tables import set_tables

_Feature = QTextDocument.MarkdownFeature
_FRONT_MATTER = 0x100000  # Would hide the text between two "---" at the beginning.
_FEATURES = _Feature(
    (_Feature.MarkdownDialectGitHub.value | _Feature.MarkdownNoHTML.value) & ~_FRONT_MATTER
)
_PROSE = re.compile(r" {0,3}[^\W\d_][^|]*$")
_NAMELESS = re.compile(r"!\[\]\(")
_HEADINGS = {1: 1.4, 2: 1.22, 3: 1.1}


def markdown_document(text: str, style: Style) -> InertDocument:
    """Markdown laid out with the style; line breaks of plain prose stay where they were typed."""
    document = new_document(style.body)
    document.setIndentWidth(3 * UNIT)
    document.setMarkdown(_keep_breaks(text), _FEATURES)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(line_height(135))
    block = document.begin()
    while block.isValid():
        _set_block(block, cursor, style)
        block = block.next()
    _drop_indents(document)
    set_tables(document, style)
    cursor.endEditBlock()
    return document


def _keep_breaks(text: str) -> str:
    """Put a line separator where one line of prose follows another, outside of code."""
    lines = text.split("\n")
    kept: list[str] = []
    fence = ""
    for line, following in pairwise([*lines, ""]):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        if not fence and "![](" in line:
            line = _NAMELESS.sub(_with_a_name, line)
        plain = not fence and _PROSE.match(line) and _PROSE.match(following)
        kept.append(line.rstrip() + "\u2028" if plain else line)
    return "\n".join(kept)


def _with_a_name(found: re.Match[str]) -> str:
    """Qt would leave an image without words out; inside of inline code it is no image."""
    in_code = found.string.count("`", 0, found.start()) % 2
    return found[0] if in_code else "![ ]("


def is_code(block: QTextBlock) -> bool:
    """Whether a block is a line of a code block."""
    layout = block.blockFormat()
    return layout.hasProperty(QTextFormat.Property.BlockCodeFence.value) or layout.hasProperty(
        QTextFormat.Property.BlockCodeLanguage.value
    )


def quote_level(block: QTextBlock) -> int:
    """How deep a block is quoted, 0 for not at all."""
    return block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel.value)


def _set_block(block: QTextBlock, cursor: QTextCursor, style: Style) -> None:
    _set_check(block, cursor)
    _set_characters(block, cursor, style)
    cursor.setPosition(block.position())
    layout = QTextBlockFormat()
    if is_code(block):
        _set_code(block, layout)
    else:
        _set_prose(block, layout)
    cursor.mergeBlockFormat(layout)
    level = block.blockFormat().headingLevel()
    if level:
        _set_heading(block, cursor, style, level)


def _set_check(block: QTextBlock, cursor: QTextCursor) -> None:
    """Write the box of a task as a character: Qt's own looks the same ticked or not."""
    marker = block.blockFormat().marker()
    items = block.textList()
    if marker is not QTextBlockFormat.MarkerType.NoMarker and items is not None:
        items.remove(block)
        plain = QTextBlockFormat()
        plain.setMarker(QTextBlockFormat.MarkerType.NoMarker)
        cursor.setPosition(block.position())
        cursor.mergeBlockFormat(plain)
        ticked = marker is QTextBlockFormat.MarkerType.Checked
        cursor.insertText("☑ " if ticked else "☐ ", QTextCharFormat())


def _set_code(block: QTextBlock, layout: QTextBlockFormat) -> None:
    layout.setNonBreakableLines(False)
    layout.setLeftMargin(1.5 * UNIT)
    layout.setRightMargin(1.5 * UNIT)
    before, after = block.previous(), block.next()
    layout.setTopMargin(0 if before.isValid() and is_code(before) else 2 * UNIT)
    layout.setBottomMargin(0 if after.isValid() and is_code(after) else 2 * UNIT)
    layout.setLineHeight(125.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)


def _set_prose(block: QTextBlock, layout: QTextBlockFormat) -> None:
    first, last = not block.previous().isValid(), not block.next().isValid()
    item = block.textList() is not None or block.blockFormat().indent() > 0
    gap = UNIT / 4 if item else UNIT
    heading = block.blockFormat().headingLevel() > 0
    top = 2 * UNIT if heading else gap if item else 0
    layout.setTopMargin(0 if first else top)
    layout.setBottomMargin(0 if last else gap)
    if quote_level(block):
        layout.setLeftMargin(2 * UNIT * quote_level(block))


def _set_heading(block: QTextBlock, cursor: QTextCursor, style: Style, level: int) -> None:
    large = QTextCharFormat()
    large.setProperty(QTextFormat.Property.FontSizeAdjustment.value, 0)
    large.setFontPointSize(max(1.0, style.body.pointSizeF() * _HEADINGS.get(level, 1.0)))
    large.setFontWeight(style.strong.weight())
    cursor.setPosition(block.position() + block.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(large)


def _set_characters(block: QTextBlock, cursor: QTextCursor, style: Style) -> None:
    runs = block.textFormats() if block.length() > 1 else []
    formats = [(run.start, run.length, run.format) for run in runs]
    for start, length, old in reversed(formats):
        at = block.position() + start
        cursor.setPosition(at)
        cursor.setPosition(at + length, QTextCursor.MoveMode.KeepAnchor)
        if old.isImageFormat():
            _name_image(cursor, old, style)
        elif new := _restyled(old, is_code(block), style):
            cursor.mergeCharFormat(new)


def _restyled(old: QTextCharFormat, code: bool, style: Style) -> QTextCharFormat | None:
    new = QTextCharFormat()
    if old.isAnchor():
        new.setForeground(style.link)
    if code or old.fontFixedPitch():
        new.setFontFamilies(style.fixed.families())
        new.setFontPointSize(max(1.0, style.fixed.pointSizeF()))
        if not code:
            new.setBackground(tint(style.theme.muted, 0.13))
    return new if new.propertyCount() else None


def _name_image(cursor: QTextCursor, old: QTextCharFormat, style: Style) -> None:
    """Put the words of an image in its place: what it points to is never loaded."""
    image = old.toImageFormat()
    alt = image.stringProperty(QTextFormat.Property.ImageAltText.value)
    words = QTextCharFormat()
    words.setForeground(style.theme.muted)
    cursor.insertText(f"[image: {f'{alt} {image.name()}'.strip()}]", words)


def _drop_indents(document: QTextDocument) -> None:
    """Remove the blanks that soft breaks left behind the line separators."""
    found = document.find("\u2028 ")
    while not found.isNull():
        found.setPosition(found.selectionEnd())
        found.deletePreviousChar()
        found = document.find("\u2028 ", found)
