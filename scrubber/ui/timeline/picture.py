"""The cached images of the timeline: all of a scene that no movement of the playhead changes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from scrubber.core.timeline.marks import marked
from scrubber.core.timeline.prepare import LANES
from scrubber.ui.timeline.curve import paint_curve
from scrubber.ui.timeline.marks import paint_added, paint_forks, paint_spans
from scrubber.ui.timeline.scales import paint_breaks, paint_ground, paint_gutter
from scrubber.ui.timeline.scene import Scene, faded
from scrubber.ui.timeline.strips import paint_strips
from scrubber.ui.timeline.ticks import levels, paint_row, paint_ticks

MINIMAP_COLUMN = 2
"""Pixels."""


def picture(scene: Scene) -> QPixmap:
    """The scene without playhead and pointer."""
    drawn = _blank(scene, scene.height)
    painter = QPainter(drawn)
    paint_ground(painter, scene)
    paint_curve(painter, scene)
    paint_ticks(painter, scene)
    paint_spans(painter, scene)
    paint_breaks(painter, scene)
    paint_added(painter, scene)
    paint_forks(painter, scene)
    paint_strips(painter, scene)
    paint_gutter(painter, scene)
    painter.end()
    return drawn


def minimap(scene: Scene) -> QPixmap:
    """The whole session on one row: how much happened, and where it went wrong."""
    row = scene.rows.minimap
    drawn = _blank(scene, row.height)
    count = max(scene.plot_width // MINIMAP_COLUMN, 1)
    edges = scene.axis.column_edges(scene.view.whole(), count)
    painter = QPainter(drawn)
    rect = QRect(scene.left, row.top + 4, scene.plot_width, row.height - 8)
    each = [(tick, scene.prepared.counts(tick, edges)) for tick in scene.prepared.sums]
    most = max((max(counts) for _, counts in each), default=1)
    for tick, counts in each:
        colour = faded(scene.theme.lane(LANES[tick]), 0.55)
        paint_row(painter, rect, levels(counts, most), colour)
    if scene.prepared.errors:
        for lane, _ in scene.rows.lanes:
            for column in marked(scene.prepared.errors, lane + 1, edges):
                x = scene.left + column * scene.plot_width // count
                painter.fillRect(x, rect.top() - 2, 2, 4, scene.theme.error)
    painter.end()
    return drawn


def _blank(scene: Scene, height: int) -> QPixmap:
    size = QSize(max(scene.width, 1), max(height, 1)) * scene.ratio
    drawn = QPixmap(size)
    drawn.setDevicePixelRatio(scene.ratio)
    drawn.fill(scene.theme.background if height == scene.height else Qt.GlobalColor.transparent)
    return drawn
