"""What a row is made of, from top to bottom: lines, texts, pictures, dividers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFont, QTextBlock, QTextCursor, QTextDocument, QTextFormat

from scrubber.ui.transcript.markdown import is_code, quote_level
from scrubber.ui.transcript.style import UNIT, Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.content import Image
    from scrubber.ui.transcript.documents import InertDocument
    from scrubber.ui.transcript.images import Key

_MOST_MATCHES = 200
_SEARCHED = 2_000_000


class Action(Enum):
    """What a click on a piece does."""

    NONE = auto()
    FOLD = auto()
    MORE = auto()
    AGENT = auto()
    ENLARGE = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one font and colour on a line."""

    text: str
    font: QFont
    colour: QColor


@dataclass(slots=True, kw_only=True)
class Piece:
    """A part of a row; ``top`` and ``height`` are logical pixels within the row."""

    top: float = 0.0
    height: float = 0.0
    action: Action = Action.NONE


@dataclass(slots=True, kw_only=True)
class Line(Piece):
    """One line: icon in front, runs of words, the last cut to fit, words at the right."""

    runs: tuple[Run, ...]
    icon: str = ""
    icon_colour: QColor | None = None
    right: tuple[Run, ...] = ()
    badges: tuple[tuple[str, bool], ...] = ()
    folded: bool | None = None
    """Draws a chevron: True pointing right, False down, None no chevron."""
    hidden: str | Callable[[], str] = ""
    """The whole text that stands for this line when folded, to count matches in."""
    _needle: str = ""
    _count: int = 0

    def matches(self, needle: str) -> int:
        """How often a lower-case text occurs in what is hidden."""
        if needle != self._needle:
            text = self.hidden if isinstance(self.hidden, str) else self.hidden()
            self._needle = needle
            self._count = text[:_SEARCHED].lower().count(needle) if needle else 0
        return self._count


@dataclass(slots=True, kw_only=True)
class Picture(Piece):
    """A picture in a frame, ``size`` logical pixels large."""

    source: Image
    size: QSize
    key: Key
    alt: str


@dataclass(slots=True, kw_only=True)
class Divider(Piece):
    """A line across the column with words in its middle."""

    text: str
    folded: bool | None = None


@dataclass(frozen=True, slots=True)
class CodeRun:
    """Neighbouring lines of code in a document."""

    blocks: tuple[QTextBlock, ...]
    language: str


@dataclass(slots=True, kw_only=True)
class TextPiece(Piece):
    """A document, the only piece that can be selected and searched."""

    document: InertDocument
    colour: QColor
    indent: float = 0.0
    rail: QColor | None = None
    surface: bool = False
    rich: bool = False
    """Markdown, which may have code blocks and quotes of its own."""
    language: str = ""
    coloured: bool = False
    _needle: str = ""
    _found: list[QTextCursor] = field(default_factory=list)
    _codes: list[CodeRun] | None = None
    _quotes: list[QRectF] | None = None

    @property
    def pad(self) -> float:
        """Logical pixels above and below the document."""
        return float(UNIT) if self.surface else 0.0

    def x(self, style: Style) -> float:
        """Where the document begins."""
        return style.left + self.indent + (1.5 * UNIT if self.surface else 0)

    def measure(self, style: Style) -> None:
        """Lay the document out in the column and take its height."""
        inset = 1.5 * UNIT if self.surface else 0
        self._quotes = None
        self.document.setTextWidth(style.width - self.indent - 2 * inset)
        self.height = float(round(self.document.size().height() + 2 * self.pad))

    def matches(self, needle: str) -> list[QTextCursor]:
        """Where a text occurs in the document, whatever its case."""
        if needle != self._needle:
            self._needle, self._found = needle, list(_occurrences(self.document, needle))
        return self._found

    def codes(self) -> list[CodeRun]:
        """The code blocks in the document; all of it, if the piece has a language."""
        if self._codes is None:
            searched = self.rich or self.language
            self._codes = _code_runs(self.document, self.language) if searched else []
        return self._codes

    def area(self, run: CodeRun, style: Style) -> QRectF:
        """The surface of a code block, relative to the document's origin."""
        layout = self.document.documentLayout()
        first = layout.blockBoundingRect(run.blocks[0])
        last = layout.blockBoundingRect(run.blocks[-1])
        left = first.left() if run.blocks[0].textList() else 0.0
        width = style.width - self.indent - left
        return QRectF(left, first.top() - UNIT, width, last.bottom() - first.top() + 2 * UNIT)

    def quotes(self) -> list[QRectF]:
        """The quoted paragraphs, relative to the document's origin."""
        if self._quotes is None:
            area = self.document.documentLayout().blockBoundingRect
            blocks = _blocks(self.document) if self.rich else []
            self._quotes = [area(block) for block in blocks if quote_level(block)]
        return self._quotes


def _occurrences(document: QTextDocument, needle: str) -> list[QTextCursor]:
    found: list[QTextCursor] = []
    cursor = document.find(needle) if needle else QTextCursor()
    while not cursor.isNull() and len(found) < _MOST_MATCHES:
        found.append(QTextCursor(cursor))
        cursor = document.find(needle, cursor)
    return found


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    blocks, block = [], document.begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    return blocks


def _code_runs(document: QTextDocument, language: str) -> list[CodeRun]:
    if language:
        return [CodeRun(tuple(_blocks(document)), language)]
    runs: list[list[QTextBlock]] = []
    inside = False
    for block in _blocks(document):
        code = is_code(block)
        if code and inside:
            runs[-1].append(block)
        elif code:
            runs.append([block])
        inside = code
    return [CodeRun(tuple(run), _language(run[0])) for run in runs]


def _language(block: QTextBlock) -> str:
    name = block.blockFormat().stringProperty(QTextFormat.Property.BlockCodeLanguage.value)
    return name.split()[0].lower() if name.strip() else ""
