"""How the rows of what was found look: a head for each session, a hit in three lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scrubber.core.ages import count, moment
from scrubber.core.visible import visible
from scrubber.models.hit_list import HitRole, Row
from scrubber.ui import theme
from scrubber.ui.transcript.labels import colour, icon_name, kind_words

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from scrubber.core.query.matching import Snippet
    from scrubber.transfer.searching import Hit

    Index = QModelIndex | QPersistentModelIndex

_PAD, _ICON, _LINES = 12, 16, 2
_RELATIONS = {"fork": "fork", "subagent": "subagent"}
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class HitDelegate(QStyledItemDelegate):
    """Draws heads, hits, and the way to more of them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line, or for a hit three."""
        row: Row | None = index.data(HitRole.ROW)
        line = option.fontMetrics.lineSpacing()
        if row is not None and row.hit is not None:
            return QSize(200, line * (1 + _LINES) + 12)
        return QSize(200, line + (16 if row is not None and not row.more else 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: Row | None = index.data(HitRole.ROW)
        if row is None:
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            self._fill(painter, option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        ink = option.palette.color(QPalette.ColorRole.HighlightedText) if chosen else None
        area = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if row.hit is not None:
            self._hit(painter, area.adjusted(8, 5, 0, -5), option.font, row.hit, ink)
        elif row.more:
            painter.setPen(ink or theme.current().muted)
            left = area.adjusted(8 + _ICON + 8, 0, 0, 0)
            painter.drawText(left, _LEFT, "All hits in this session…")
        else:
            self._head(painter, area, option.font, row)
        painter.restore()

    def _fill(self, painter: QPainter, area: QRect, ground: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 5, 5)

    def _head(self, painter: QPainter, area: QRect, font: QFont, row: Row) -> None:
        look = theme.current()
        area = area.adjusted(0, 6, 0, 0)
        self._icon(painter, area, _RELATIONS.get(row.group.relation, "session"), look.muted)
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(look.text)
        words = area.adjusted(_ICON + 8, 0, 0, 0)
        title = visible(row.group.title or "untitled").replace("\n", " ")
        metrics = QFontMetrics(bold)
        painter.drawText(
            words, _LEFT, metrics.elidedText(title, Qt.TextElideMode.ElideRight, words.width())
        )

    def _hit(
        self, painter: QPainter, area: QRect, font: QFont, hit: Hit, ink: QColor | None
    ) -> None:
        look, line = theme.current(), QFontMetrics(font).lineSpacing()
        top = QRect(area.left(), area.top(), area.width(), line)
        self._icon(painter, top, icon_name(hit.event), ink or colour(hit.event, look))
        painter.setFont(font)
        painter.setPen(ink or look.muted)
        words = top.adjusted(_ICON + 8, 0, 0, 0)
        right = right_words(hit)
        taken = QFontMetrics(font).horizontalAdvance(right) + 10 if right else 0
        left = QFontMetrics(font).elidedText(
            left_words(hit), Qt.TextElideMode.ElideRight, words.width() - taken
        )
        painter.drawText(words, _LEFT, left)
        painter.drawText(words, _RIGHT, right)
        text = QRect(words.left(), top.bottom() + 1, words.width(), line * _LINES + 1)
        self._snippet(painter, text, font, hit.snippet, ink)

    def _icon(self, painter: QPainter, area: QRect, name: str, ink: QColor) -> None:
        drawn = theme.pixmap(name, ink.name(), _ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(area.left(), area.top() + (area.height() - _ICON) // 2, drawn)

    def _snippet(
        self, painter: QPainter, area: QRect, font: QFont, found: Snippet, ink: QColor | None
    ) -> None:
        """Two lines of the text, the matches on a ground of their own and in bold."""
        look = theme.current()
        layout = QTextLayout(_plain(found.text), font)
        layout.setTextOption(_WRAPPED)
        layout.setFormats([_marked(start, stop, ink) for start, stop in found.marks])
        layout.beginLayout()
        y = 0.0
        for _ in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width())
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        painter.setPen(ink or look.text)
        layout.draw(painter, QPointF(area.topLeft()), [], QRectF(area))


def left_words(hit: Hit) -> str:
    """Where and what: ``#1,284 · tool result · Bash``."""
    event = hit.event
    words = [f"#{event.index + 1:,}", kind_words(event)]
    if event.name:
        words.append(visible(event.name)[:40])
    return " · ".join(words + (["error"] if event.is_error else []))


def right_words(hit: Hit) -> str:
    """In how many branches, or when."""
    if len(hit.branches) > 1:
        return f"in {count(len(hit.branches), 'branch', 'branches')}"
    return moment(hit.event.ts).split(" ")[0] if hit.event.ts else ""


def _plain(text: str) -> str:
    """The text, each control character one sign, so that the marks stay where they are."""
    return "".join(shown if len(shown := visible(c)) == 1 else "�" for c in text)


def _marked(start: int, stop: int, ink: QColor | None) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start, result.length = start, stop - start
    form = QTextCharFormat()
    form.setFontWeight(QFont.Weight.Bold)
    if ink is None:
        ground = QColor(theme.current().warning)
        ground.setAlphaF(0.22)
        form.setBackground(ground)
    else:
        form.setFontUnderline(True)
    result.format = form
    return result


_WRAPPED = QTextOption()
_WRAPPED.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
