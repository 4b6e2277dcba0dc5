"""What stands above each column: which branch it is, how it ended, and what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scrubber.core.ages import amount, count, span
from scrubber.core.notes import VERDICTS
from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.compare.brush import LETTERS
from scrubber.ui.compare.places import PAD
from scrubber.ui.timeline.scene import small
from scrubber.ui.tree.delegate import short_model

if TYPE_CHECKING:
    from scrubber.core.compare.figures import Figures
    from scrubber.models.comparison import ComparisonModel
    from scrubber.transfer.comparing import Column
    from scrubber.ui.compare.view import CompareView


class ColumnHeads(QWidget):
    """Painted above the columns of a view, and scrolled sideways with them."""

    def __init__(
        self, model: ComparisonModel, view: CompareView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compareHeads")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._model, self._view = model, view
        model.shown.connect(lambda _made: self._on_shown())
        view.moved.connect(self.update)
        view.current_changed.connect(lambda _row, _column: self.update())

    def _on_shown(self) -> None:
        self.updateGeometry()
        self.setAccessibleName(
            "; ".join(" · ".join(filter(None, lines)) for lines in map(_lines, self._columns))
        )
        self.update()

    @property
    def _columns(self) -> tuple[Column, ...]:
        made = self._model.comparison
        return made.columns if made is not None else ()

    def sizeHint(self) -> QSize:
        """Five lines."""
        lines = QFontMetrics(_bold(self.font())).height() + 4 * self._small_line()
        return QSize(400, lines + 2 * PAD)

    def _small_line(self) -> int:
        return QFontMetrics(small(self.font())).height() + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all heads."""
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.background)
        for number, column in enumerate(self._columns):
            left, width = self._view.column_area(number)
            area = QRect(left, 0, width, self.height())
            painter.setClipRect(area)
            self._paint(painter, area, number, column)
        painter.setClipping(False)
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)
        painter.end()

    def _paint(self, painter: QPainter, area: QRect, number: int, column: Column) -> None:
        look, font = theme.current(), _bold(self.font())
        painter.fillRect(area.left(), area.top(), 1, area.height(), look.line)
        inner = area.adjusted(PAD, PAD, -PAD, 0)
        current = number == self._view.column
        line = QFontMetrics(font).height()
        for words, which, colour in (
            (f"{LETTERS[number]}  {_title(column)}", font, look.accent if current else look.text),
            *(
                (words, small(self.font()), look.text if n == 0 else look.muted)
                for n, words in enumerate(_lines(column))
            ),
        ):
            painter.setFont(which)
            painter.setPen(colour)
            shown = QFontMetrics(which).elidedText(
                words, Qt.TextElideMode.ElideRight, inner.width()
            )
            place = QRect(inner.left(), inner.top(), inner.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
            inner.setTop(inner.top() + line)
            line = self._small_line()

    def event(self, event: QEvent) -> bool:
        """Tell it all in a tooltip: there is little room in a column."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            column = self._column_at(event.pos().x())
            if column is not None:
                words = plain_tooltip("\n".join([_title(column), *_lines(column)]))
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _column_at(self, x: int) -> Column | None:
        for number, column in enumerate(self._columns):
            left, width = self._view.column_area(number)
            if left <= x < left + width:
                return column
        return None


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setBold(True)
    return made


def _title(column: Column) -> str:
    return " ".join(visible(column.session.title).split()) or "untitled"


def _lines(column: Column) -> list[str]:
    """How it ended, what all of it took, and what the part of its own."""
    head, model = column.headline, column.session.model
    ended = " ".join(visible(head.outcome).split())
    if verdict := column.session.verdict:
        ended = f"{VERDICTS.get(verdict, '')} {verdict} · {ended}".lstrip()
    own = "nothing of its own"
    if head.own.events:
        own = "from there on: " + " · ".join(filter(None, figures_texts(head.own)))
    name = f"{short_model(model)} · " if model else ""
    return [f"{name}{ended}", *figures_texts(head.whole), own]


def figures_texts(figures: Figures) -> tuple[str, str]:
    """What happened, and what it took; what is unknown is left out."""
    parts = [count(figures.events, "event"), count(figures.turns, "turn")]
    parts.append(count(figures.tool_calls, "call"))
    if figures.errors:
        parts.append(f"✗ {figures.errors:,}")
    took = []
    if figures.tokens:
        took.append(f"{amount(figures.tokens)} tokens")
    if figures.cost_micros is not None:
        about = "≈ " if figures.cost_estimated else ""
        took.append(f"{about}${figures.cost_micros / 1e6:,.2f}")
    if figures.seconds:
        took.append(span(round(figures.seconds * 1000)))
    return " · ".join(parts), " · ".join(took)
