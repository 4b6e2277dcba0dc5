"""Paints the size of the context as a filled step curve."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from scrubber.core.timeline.curve import heights, is_coarse, raster
from scrubber.core.timeline.layout import Row
from scrubber.ui.timeline.scene import Scene, faded

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

SMOOTH = 250
"""Steps that are drawn as lines; more are drawn as an image, which costs a tenth."""


def paint_curve(painter: QPainter, scene: Scene) -> None:
    """The curve in its strip, and a dotted line at its peak; the gutter names the peak."""
    row, peaks = scene.rows.curve, scene.prepared.peaks
    if not row.height or not peaks:
        return
    inner = Row(row.top + 5, row.height - 6)
    values = heights(scene.prepared, _edges(scene))
    fill, line = faded(scene.theme.muted, 0.16), faded(scene.theme.muted, 0.9)
    steps = sum(1 for a, b in itertools.pairwise(values) if a != b)
    if steps < SMOOTH:
        _paint_lines(painter, scene, inner, values, (fill, line))
    else:
        _paint_image(painter, scene, inner, values, (fill, line))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(faded(scene.theme.muted, 0.45), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(scene.left, inner.top, scene.left + scene.plot_width, inner.top))


def _edges(scene: Scene) -> list[int]:
    """Where a column holds many events the curve is all peaks, and takes columns twice as wide."""
    edges = scene.edges
    return [*edges[:-1:2], edges[-1]] if is_coarse(edges) else edges


def _paint_lines(
    painter: QPainter, scene: Scene, row: Row, values: list[int], colours: tuple[QColor, QColor]
) -> None:
    outline = _steps(values, scene.plot_width / len(values), row, scene.prepared.peak)
    outline.translate(scene.left, 0)
    base = QPointF(scene.left + scene.plot_width, row.bottom), QPointF(scene.left, row.bottom)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours[0])
    painter.drawPolygon(QPolygonF([*outline.toList(), *base]))
    painter.setPen(QPen(colours[1], 1.2))
    painter.drawPolyline(outline)


def _paint_image(
    painter: QPainter, scene: Scene, row: Row, values: list[int], colours: tuple[QColor, QColor]
) -> None:
    fill, line = (colour.rgba() for colour in colours)
    height = min(int(row.height * scene.ratio), 250)
    pixels = raster(values, scene.prepared.peak, height)
    width = len(values)
    image = QImage(pixels, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([0, fill, line, line])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRect(scene.left, row.top, scene.plot_width, row.height), image)


def _steps(values: list[int], step: float, row: Row, top: int) -> QPolygonF:
    """The outline as corners; a run of equal values is one line."""
    points: list[QPointF] = []
    last = -1
    for column, value in enumerate(values):
        if value != last:
            x, y = column * step, row.bottom - value * row.height / top
            if points:
                points.append(QPointF(x, points[-1].y()))
            points.append(QPointF(x, y))
            last = value
    points.append(QPointF(len(values) * step, points[-1].y()))
    return QPolygonF(points)
