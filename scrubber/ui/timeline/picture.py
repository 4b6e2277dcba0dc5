"""The cached images of the timeline: all of a scene that no movement of the playhead changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.core.timeline.prepare import PreparedTrack

FADED = 0.84
"""How much of the background lies over what a filter leaves out."""
MINIMAP_COLUMN = 2
"""Pixels."""


def picture(scene: Scene, gutter: QPixmap) -> QPixmap:
    """The scene without playhead and pointer, on the image of its gutter."""
    drawn = _blank(scene.width, scene.height, scene.ratio, scene.theme.background)
    painter = QPainter(drawn)
    paint_ground(painter, scene)
    paint_curve(painter, scene)
    paint_ticks(painter, scene)
    if scene.fitting is not None:
        _paint_fitting(painter, scene, scene.fitting)
    paint_spans(painter, scene)
    paint_breaks(painter, scene)
    paint_added(painter, scene if scene.fitting is None else replace(scene, prepared=scene.fitting))
    paint_forks(painter, scene)
    paint_strips(painter, scene)
    painter.drawPixmap(0, 0, gutter)
    painter.end()
    return drawn


def gutter_image(scene: Scene) -> QPixmap:
    """The gutter of the lanes and the curve, which no zoom changes."""
    drawn = _blank(scene.left, scene.height, scene.ratio)
    painter = QPainter(drawn)
    paint_gutter(painter, scene)
    painter.end()
    return drawn


def _paint_fitting(painter: QPainter, scene: Scene, fitting: PreparedTrack) -> None:
    """Let what a filter leaves out fade, and paint what fits over it."""
    lanes = [row for _, row in scene.rows.lanes]
    if lanes:
        top, bottom = lanes[0].top, lanes[-1].bottom
        rect = QRect(scene.left, top, scene.plot_width + 1, bottom - top)
        painter.fillRect(rect, faded(scene.theme.background, FADED))
    paint_ticks(painter, replace(scene, prepared=fitting))


def minimap(scene: Scene) -> QPixmap:
    """The whole session on one row: how much happened, and where it went wrong."""
    row = scene.rows.minimap
    drawn = _blank(scene.width, row.height, scene.ratio)
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


def _blank(width: int, height: int, ratio: float, ground: QColor | None = None) -> QPixmap:
    """An image of some logical pixels, transparent if it has no ground."""
    drawn = QPixmap(QSize(max(width, 1), max(height, 1)) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(ground if ground is not None else Qt.GlobalColor.transparent)
    return drawn
