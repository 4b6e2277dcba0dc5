"""A small chart along the timeline: stacked columns, and where the playhead stands among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scrubber.core.timeline.text import plain_tooltip
from scrubber.ui import theme
from scrubber.ui.inspector.tones import tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QHelpEvent, QMouseEvent, QPaintEvent, QResizeEvent

_HEIGHT = 44
_WIDE = 3
"""Pixels of a column, and one of air."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a chart shows: at each point the values of its layers, the lowest first.

    A chart goes through all points for each new width: ``series_of`` gives so few that it may.
    """

    tones: tuple[str, ...] = ()
    points: tuple[tuple[int, tuple[float, ...]], ...] = ()
    """(index, values), in order."""
    length: int = 0
    """Events of the session."""
    is_sum: bool = True
    """Whether points that share a column add up; else the largest of them stands for all."""


MOST_POINTS = 2_048
"""More than the columns of any chart."""


def series_of(
    tones: tuple[str, ...],
    points: Iterable[tuple[int, tuple[float, ...]]],
    length: int,
    is_sum: bool = True,
) -> Series:
    """A series in which points are one if no chart is wide enough to tell them apart."""
    found: dict[int, tuple[int, tuple[float, ...]]] = {}
    for index, values in points:
        place = index if length <= MOST_POINTS else index * MOST_POINTS // length
        first, known = found.get(place, (index, None))
        found[place] = first, joined(known, values, is_sum)
    return Series(tones, tuple(sorted(found.values())), length, is_sum)


class Chart(QWidget):
    """Columns; a click moves the playhead.

    Signals:
        index_wanted(int): the playhead shall stand here.
    """

    index_wanted = Signal(int)

    def __init__(
        self, name: str, tell: Callable[[float], str], parent: QWidget | None = None
    ) -> None:
        """``tell``: a value in words."""
        super().__init__(parent)
        self._name, self._tell = name, tell
        self._series, self._index = Series(), 0
        self._columns: list[tuple[int, tuple[float, ...]]] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_series(self, series: Series, index: int, told: str) -> None:
        """Show another series, or the same with the playhead elsewhere; ``told``: in words."""
        if series is not self._series:
            self._series, self._columns = series, []
        self._index = index
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(160, _HEIGHT)

    def columns(self) -> list[tuple[int, tuple[float, ...]]]:
        """(number of the column, its values), worked out once for each width."""
        if not self._columns and self._series.points:
            found: dict[int, tuple[float, ...]] = {}
            for index, values in self._series.points:
                column = self._column(index)
                found[column] = joined(found.get(column), values, self._series.is_sum)
            self._columns = list(found.items())
        return self._columns

    def _count(self) -> int:
        return max(self.width() // (_WIDE + 1), 1)

    def _column(self, index: int) -> int:
        return index * self._count() // max(self._series.length, 1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the columns, those behind the playhead pale, and the playhead."""
        painter, look = QPainter(self), theme.current()
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)
        columns, colours = self.columns(), [tone(name, look) for name in self._series.tones]
        highest = max((sum(values) for _, values in columns), default=0)
        pale = [_faded(colour) for colour in colours]
        here = self._column(self._index)
        for column, values in columns if highest > 0 else ():
            chosen = colours if column < here or self._index >= self._series.length else pale
            bottom = float(self.height() - 1)
            for value, colour in zip(values, chosen, strict=True):
                tall = (self.height() - 3) * value / highest
                if value > 0:
                    tall = max(tall, 1.0)
                    area = QRectF(column * (_WIDE + 1), bottom - tall, _WIDE, tall)
                    painter.fillRect(area, colour)
                    bottom -= tall
        left = min(self.width() * self._index / max(self._series.length, 1), self.width() - 1)
        painter.fillRect(QRectF(left, 0, 1, self.height()), look.accent)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Sort the points into columns anew."""
        super().resizeEvent(event)
        self._columns = []

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Move the playhead."""
        if event.button() is Qt.MouseButton.LeftButton and self._series.length:
            share = event.position().x() / max(self.width(), 1)
            self.index_wanted.emit(round(share * self._series.length))

    def event(self, event: QEvent, /) -> bool:
        """Tell what a column stands for."""
        if event.type() == QEvent.Type.ToolTip:
            self._tell_of(event)  # type: ignore[arg-type]  # a tool tip's event is a QHelpEvent
            return True
        return super().event(event)

    def _tell_of(self, event: QHelpEvent) -> None:
        wanted = event.pos().x() // (_WIDE + 1)
        values = dict(self.columns()).get(wanted)
        first = wanted * self._series.length // self._count()
        words = f"{self._name} at #{first + 1:,}: {self._tell(sum(values))}" if values else ""
        QToolTip.showText(event.globalPos(), plain_tooltip(words), self)


def joined(
    one: tuple[float, ...] | None, other: tuple[float, ...], is_sum: bool
) -> tuple[float, ...]:
    """The values of two points in one place; None: there is only the other."""
    if one is None:
        return other
    return tuple(map(sum, zip(one, other, strict=True))) if is_sum else max(one, other, key=sum)


def _faded(colour: QColor) -> QColor:
    faded = QColor(colour)
    faded.setAlphaF(0.3)
    return faded
