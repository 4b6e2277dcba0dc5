"""Paints the cells of a comparison: what is in a column, and what of it is not in the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from scrubber.core import provenance
from scrubber.core.describe import heading
from scrubber.core.events import Kind
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.compare.places import LINES, PAD
from scrubber.ui.timeline.scene import blended, faded, small
from scrubber.ui.transcript.labels import colour, icon_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.compare.texts import Span
    from scrubber.core.events import Event
    from scrubber.models.comparison import ShownCell

LETTERS = "ABCDEFGH"
"""What the columns are called, here as on the command line."""

_ICON = 14
_EMPTY_LINES = re.compile(r"\n\s*\n")
_FIXED = (Kind.TOOL_CALL, Kind.TOOL_RESULT)


@dataclass(frozen=True)
class CellBrush:
    """Fonts and colours of one view."""

    font: QFont
    look: theme.Theme

    @cached_property
    def small(self) -> QFont:
        """For headings and numbers."""
        return small(self.font)

    @cached_property
    def fixed(self) -> QFont:
        """For what a tool is told and tells."""
        return theme.fixed_font(self.font)

    @cached_property
    def line(self) -> int:
        """Height of a line of text."""
        return max(QFontMetrics(self.font).height(), QFontMetrics(self.fixed).height())

    @cached_property
    def mark(self) -> QTextCharFormat:
        """What differs: on a ground, and underlined, so that it is seen without colours too."""
        made = QTextCharFormat()
        made.setBackground(blended(self.look.warning, self.look.background, 0.26))
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        made.setUnderlineColor(self.look.warning)
        return made

    def paint_alike(self, painter: QPainter, area: QRect, cell: ShownCell) -> None:
        """One quiet line: what it is, and how it begins."""
        left = self._icon(painter, area, cell.event, area.center().y())
        text = " ".join(visible(_words(cell.spans)).split())
        head = visible(heading(cell.event))
        metrics = QFontMetrics(self.font)
        number = self._number(painter, area, cell.event)
        room = QRect(left, area.top(), number - left - PAD, area.height())
        painter.setFont(self.font)
        painter.setPen(self.look.muted)
        shown = metrics.elidedText(f"{head}  {text}", Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def paint_differing(self, painter: QPainter, area: QRect, cell: ShownCell, agrees: str) -> None:
        """A heading, and below it some lines with what differs marked.

        ``agrees`` is the letter of the column that has the same here, empty if none has.
        """
        top = QRect(area.left(), area.top() + PAD // 2, area.width(), self.line)
        left = self._icon(painter, top, cell.event, top.center().y())
        right = self._number(painter, top, cell.event)
        words = _heading_words(cell.event) + (f"  = {agrees}" if agrees else "")
        painter.setFont(self.small)
        painter.setPen(colour(cell.event, self.look))
        shown = QFontMetrics(self.small).elidedText(
            words, Qt.TextElideMode.ElideRight, right - left - PAD
        )
        painter.drawText(
            QRect(left, top.top(), right - left, top.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        below = area.adjusted(PAD, self.line + PAD, -PAD, -PAD // 2)
        font = self.fixed if cell.event.kind in _FIXED else self.font
        self._text(painter, below, cell.spans, font)

    def paint_missing(self, painter: QPainter, area: QRect) -> None:
        """Nothing stands here: hatched, as where a page is left empty on purpose."""
        painter.fillRect(area, QBrush(faded(self.look.line, 0.7), Qt.BrushStyle.BDiagPattern))

    def paint_waiting(self, painter: QPainter, area: QRect) -> None:
        """It is being read."""
        painter.setPen(self.look.muted)
        painter.setFont(self.small)
        painter.drawText(area.adjusted(PAD, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "…")

    def _icon(self, painter: QPainter, area: QRect, event: Event, middle: int) -> int:
        ratio = painter.device().devicePixelRatioF()
        drawn = theme.pixmap(icon_name(event), colour(event, self.look).name(), _ICON, ratio)
        painter.drawPixmap(area.left() + PAD, middle - _ICON // 2, drawn)
        return area.left() + PAD + _ICON + PAD

    def _number(self, painter: QPainter, area: QRect, event: Event) -> int:
        """Write the event's number at the right; gives where it begins."""
        painter.setFont(self.small)
        painter.setPen(self.look.muted)
        text = f"#{event.index + 1:,}"
        painter.drawText(
            area.adjusted(0, 0, -PAD, 0),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        return area.right() - PAD - QFontMetrics(self.small).horizontalAdvance(text)

    def _text(self, painter: QPainter, area: QRect, spans: Sequence[Span], font: QFont) -> None:
        layout = self._laid_out(spans, font, area.width())
        painter.save()
        painter.setClipRect(area)
        painter.setPen(self.look.text)
        layout.draw(painter, QPointF(area.left(), area.top()))
        painter.restore()

    def _laid_out(self, spans: Sequence[Span], font: QFont, width: int) -> QTextLayout:
        text, ranges = "", []
        for span in spans:
            words = _EMPTY_LINES.sub("\n", visible(span.text).expandtabs(4))
            words = words if text else words.lstrip("\n")
            if span.changed:
                found = QTextLayout.FormatRange()
                found.start, found.length, found.format = _length(text), _length(words), self.mark
                ranges.append(found)
            text += words
        layout = QTextLayout(text.replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(ranges)
        layout.beginLayout()
        for number in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, number * self.line))
        layout.endLayout()
        return layout


def _length(text: str) -> int:
    """In the units that Qt counts text in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _words(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


def _heading_words(event: Event) -> str:
    origin = provenance.word(event)
    return visible(heading(event)) + (f" · {origin}" if origin else "")


def paint_sign(painter: QPainter, area: QRect, sign: str, colour: QColor, font: QFont) -> None:
    """The sign of a row: ≠ where all have something else, + where not all have it."""
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(colour)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, sign)


def paint_frame(painter: QPainter, area: QRect, colour: QColor) -> None:
    """Around the cell that the keys mean."""
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(area).adjusted(1, 1, -1.5, -1.5))
