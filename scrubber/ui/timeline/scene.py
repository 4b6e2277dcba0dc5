"""All that painting the timeline depends on, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetrics

from scrubber.core.timeline.columns import Columns
from scrubber.core.timeline.layout import Row, Rows, share_out
from scrubber.core.timeline.marks import Bar, Cluster, bars, clusters
from scrubber.core.timeline.ticks import Tick, ticks
from scrubber.core.track import Lane

if TYPE_CHECKING:
    from scrubber.core.timeline.axis import Axis
    from scrubber.core.timeline.prepare import PreparedTrack
    from scrubber.core.timeline.strips import Strip
    from scrubber.core.timeline.view import View
    from scrubber.ui.theme import Theme

LANE_NAMES = {
    Lane.YOU: "you",
    Lane.MODEL: "model",
    Lane.THINKING: "thinking",
    Lane.TOOLS: "tools",
    Lane.SUBAGENTS: "sub-agents",
    Lane.OTHER: "other",
}
LANE_ICONS = {
    Lane.YOU: "user",
    Lane.MODEL: "model",
    Lane.THINKING: "reasoning",
    Lane.TOOLS: "tool",
    Lane.SUBAGENTS: "subagent",
    Lane.OTHER: "info",
}
NARROW = 640
"""Below this width in pixels the lanes' names make room for the events."""
MOST_COLUMNS = 600
"""On wider screens columns are wider than two device pixels; the cost of a frame stays."""
TICK_SPACING = 84
"""Pixels between labels of the axis."""
RIGHT = 16
"""Pixels between the last event and the edge, so that marks at the end are whole."""
FORK_REACH = 15.0
"""Forks less than so many pixels apart share one mark."""
BAR_ROWS = 2
"""Rows for overlapping spans in the sub-agent lane."""


def gutter(width: int, font: QFont) -> int:
    """Pixels left of the plot."""
    if width < NARROW:
        return 44
    metrics = QFontMetrics(font)
    return max(metrics.horizontalAdvance(name) for name in LANE_NAMES.values()) + 58


def small(font: QFont) -> QFont:
    """The font of labels and numbers: a little smaller than the window's."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(max(font.pointSizeF() * 0.9, 7.0))
    return result


def faded(colour: QColor, alpha: float) -> QColor:
    """A colour of some opacity, 0…1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def blended(colour: QColor, ground: QColor, alpha: float) -> QColor:
    """The opaque colour that a faded one has on a ground."""

    def mixed(a: int, b: int) -> int:
        return round(a * alpha + b * (1 - alpha))

    return QColor(
        mixed(colour.red(), ground.red()),
        mixed(colour.green(), ground.green()),
        mixed(colour.blue(), ground.blue()),
    )


@dataclass(frozen=True)
class Scene:
    """A view of a track in a widget of some size and look. Coordinates are the widget's."""

    prepared: PreparedTrack
    axis: Axis
    view: View
    theme: Theme
    font: QFont
    width: int
    height: int
    left: int
    """Where the plot begins."""
    ratio: float = 1.0
    """Device pixels per pixel."""
    strips: tuple[Strip, ...] = ()
    """Branches beside the session."""
    others: int = 0
    """How many more there are."""
    fitting: PreparedTrack | None = None
    """The same track with the ticks that a filter leaves; None: there is no filter."""
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        rows = share_out(
            self.height,
            self.prepared.lanes,
            self.view.zoomed_in,
            bool(self.prepared.peaks),
            len(self.strips),
            self.others,
        )
        object.__setattr__(self, "rows", rows)

    @property
    def plot_width(self) -> int:
        """Whole pixels of the plot."""
        return int(self.view.width)

    def x(self, cut: int) -> float:
        """The pixel of a cut."""
        return self.left + self.view.x(self.axis.position(cut))

    def cut(self, x: float) -> int:
        """The cut nearest to a pixel."""
        return self.axis.nearest_cut(self.view.position(x - self.left))

    def band(self, row: Row) -> QRect:
        """A row of the plot."""
        return QRect(self.left, row.top, self.plot_width, row.height)

    @cached_property
    def edges(self) -> list[int]:
        """The events of the columns in which density, curve and rails are drawn."""
        pixels = self.plot_width * self.ratio
        column = max(2, -(-pixels // MOST_COLUMNS))
        return self.axis.column_edges(self.view, max(int(pixels / column), 1))

    @cached_property
    def columns(self) -> Columns:
        """These columns, to count in."""
        return Columns.of(self.edges, len(self.prepared))

    @cached_property
    def ticks(self) -> list[Tick]:
        """The ticks of the axis; their x is relative to the plot."""
        return ticks(self.axis, self.view, TICK_SPACING)

    @cached_property
    def _small_metrics(self) -> QFontMetrics:
        return QFontMetrics(small(self.font))

    def label_box(self, label: str, x: float) -> QRectF:
        """Where a tick's label stands, in the small font; x is relative to the plot."""
        width = self._small_metrics.horizontalAdvance(label) + 2
        left = min(max(self.left + round(x) - width / 2, self.left - 4), self.width - width - 2)
        row = self.rows.axis
        return QRectF(left, row.top + 4, width, row.height - 4)

    @cached_property
    def clusters(self) -> list[Cluster]:
        """The fork marks; their x is relative to the plot."""
        return clusters(self.prepared.forks, self.axis, self.view, FORK_REACH)

    @cached_property
    def bars(self) -> list[Bar]:
        """The sub-agents' spans; their x is relative to the plot."""
        return bars(self.prepared, self.axis, self.view, BAR_ROWS)

    def strip_at(self, y: float) -> Strip | None:
        """The strip in whose row a pixel is."""
        rows = zip(self.shown, self.rows.strips, strict=True)
        return next((strip for strip, row in rows if row.holds(y)), None)

    @cached_property
    def shown(self) -> tuple[Strip, ...]:
        """The strips that have a row: where room is short, those that changed last."""
        newest = sorted(self.strips, key=lambda strip: -strip.session.updated)
        seen = {strip.session.id for strip in newest[: len(self.rows.strips)]}
        return tuple(strip for strip in self.strips if strip.session.id in seen)

    @property
    def hidden_strips(self) -> int:
        """Branches that there is no row for."""
        return self.others + len(self.strips) - len(self.rows.strips)

    def cluster_at(self, x: float, y: float) -> Cluster | None:
        """The fork mark under a pixel."""
        if not self.rows.marks.holds(y):
            return None
        near = [c for c in self.clusters if abs(c.x + self.left - x) <= FORK_REACH / 2 + 1]
        return min(near, key=lambda c: abs(c.x + self.left - x), default=None)
