"""Colours for code: pygments, loaded in the background the first time that code is seen."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LIMIT = 20_000
"""Characters of the longest block that is coloured."""

_LIGHT = {
    "Comment": "#6b7280", "Keyword": "#8b2fc9", "String": "#1a7f37", "Number": "#9a5b00",
    "Name.Function": "#1d5fc4", "Name.Class": "#1d5fc4", "Name.Builtin": "#0f6f7c",
    "Name.Decorator": "#9a5b00", "Name.Tag": "#1d5fc4", "Name.Attribute": "#0f6f7c",
    "Operator.Word": "#8b2fc9", "Generic.Deleted": "#c92a2a", "Generic.Inserted": "#1a7f37",
}  # fmt: skip
_DARK = {
    "Comment": "#8b949e", "Keyword": "#c79bff", "String": "#8fd694", "Number": "#f0b86e",
    "Name.Function": "#7fb4ff", "Name.Class": "#7fb4ff", "Name.Builtin": "#6ecbd8",
    "Name.Decorator": "#f0b86e", "Name.Tag": "#7fb4ff", "Name.Attribute": "#6ecbd8",
    "Operator.Word": "#c79bff", "Generic.Deleted": "#ff8080", "Generic.Inserted": "#8fd694",
}  # fmt: skip


class Highlighter(QObject):
    """Colours blocks of code once pygments is there; until then code stays as it is.

    Signals:
        ready(): pygments has been loaded.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: Thread | None = None
        self._loaded = False

    def colour(
        self, document: QTextDocument, blocks: list[QTextBlock], language: str, dark: bool
    ) -> bool:
        """Colour a run of blocks of a document; False while pygments is still on its way."""
        if not self._load():
            return False
        text = "\n".join(block.text() for block in blocks)
        if len(text) <= LIMIT and (lexer := _lexer(language)):
            _apply(document, blocks, _spans(lexer, text, dark))
        return True

    def wait(self, seconds: float) -> None:
        """Wait until the loading, if there is one, has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _load(self) -> bool:
        if self._thread is None:
            self._thread = Thread(target=self._import, name="pygments", daemon=True)
            self._thread.start()
        return self._loaded

    def _import(self) -> None:
        for language in ("bash", "json", "python"):
            _lexer(language)
        self._loaded = True
        with suppress(RuntimeError):  # The view was closed meanwhile.
            self.ready.emit()


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _colour_of(token: str, dark: bool) -> QColor | None:
    table = _DARK if dark else _LIGHT
    name = token.removeprefix("Token.").removeprefix("Literal.")
    while name:
        if name in table:
            return QColor(table[name])
        name = name.rpartition(".")[0]
    return None


def _spans(lexer: Lexer, text: str, dark: bool) -> list[tuple[int, int, QColor]]:
    spans, at = [], 0
    for token, value in lexer.get_tokens(text):
        colour = _colour_of(str(token), dark)
        stop = at + _units(value)
        if colour is not None:
            spans.append((at, stop, colour))
        at = stop
    return spans


def _units(text: str) -> int:
    """Length in UTF-16 units, in which Qt counts."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)


def _apply(
    document: QTextDocument, blocks: list[QTextBlock], spans: list[tuple[int, int, QColor]]
) -> None:
    """Give each block the spans that fall on it; lines are a newline apart in the spans."""
    start, next_span = 0, 0
    for block in blocks:
        stop = start + block.length() - 1
        ranges = []
        while next_span < len(spans) and spans[next_span][0] < stop:
            begin, end, colour = spans[next_span]
            ranges.append(_range(max(begin, start) - start, min(end, stop) - start, colour))
            if end > stop:
                break
            next_span += 1
        block.layout().setFormats([span for span in ranges if span.length > 0])
        start = stop + 1
    first, last = blocks[0], blocks[-1]
    document.markContentsDirty(first.position(), last.position() + last.length() - first.position())


def _range(begin: int, end: int, colour: QColor) -> QTextLayout.FormatRange:
    span = QTextLayout.FormatRange()
    span.start, span.length = begin, end - begin
    look = QTextCharFormat()
    look.setForeground(colour)
    span.format = look
    return span
