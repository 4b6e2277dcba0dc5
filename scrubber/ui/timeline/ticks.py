"""Paints the events: single ticks where there is room, else their density by column."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF, qRgba

from scrubber.core.timeline.layout import Row
from scrubber.core.timeline.marks import marked
from scrubber.core.timeline.prepare import LANES, Tick
from scrubber.core.timeline.view import Mode
from scrubber.core.track import Lane
from scrubber.ui.timeline.scene import Scene, faded

SLOT = 3
"""Pixels that an event needs to be drawn singly."""
WIDEST = 24
"""Pixels; wider ticks would look like spans."""
GAP = 2
"""Pixels free above and below the ticks of a lane."""


def paint_ticks(painter: QPainter, scene: Scene) -> None:
    """All events of the view, errors on top."""
    view, axis = scene.view, scene.axis
    first, stop = axis.edges([view.first, view.stop])
    first = max(first - 1, 0)
    stop = min(stop + 1, len(scene.prepared))
    painter.save()
    painter.setClipRect(QRect(scene.left - 1, 0, scene.plot_width + 2, scene.height))
    if (stop - first) * SLOT <= scene.plot_width:
        _paint_single(painter, scene, first, stop)
    else:
        _paint_density(painter, scene)
    painter.restore()


def look(scene: Scene, tick: Tick) -> tuple[QColor, Row] | None:
    """Colour and place of a tick; results are lighter and shorter than calls."""
    row = scene.rows.lane(LANES[tick])
    if row is None:
        return None
    inner = Row(row.top + GAP, max(row.height - 2 * GAP, 1))
    colour = scene.theme.lane(LANES[tick])
    if tick is not Tick.RESULT:
        return colour, inner
    short = max(inner.height * 11 // 20, 2)
    return faded(colour, 0.5), Row(inner.bottom - short, short)


def _paint_single(painter: QPainter, scene: Scene, first: int, stop: int) -> None:
    cells = _cells(scene, first, stop)
    looks = {tick: look(scene, Tick(tick)) for tick in scene.prepared.sums}
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (x, width), tick in zip(cells, scene.prepared.ticks[first:stop], strict=True):
        drawn = looks.get(tick)  # what a filter leaves out is no tick
        if drawn is not None:
            painter.setBrush(drawn[0])
            radius = min(width / 4, 2.5)
            rect = QRectF(x, drawn[1].top, width, drawn[1].height)
            painter.drawRoundedRect(rect, radius, radius)
    for (x, width), lane in zip(cells, scene.prepared.errors[first:stop], strict=False):
        if lane:
            _paint_error(painter, scene, Lane(lane - 1), x, width, True)


def _cells(scene: Scene, first: int, stop: int) -> list[tuple[float, float]]:
    """Left edge and width in pixels of the events' ticks, on whole device pixels."""
    view, ratio = scene.view, scene.ratio
    cuts = [scene.left + view.x(p) for p in scene.axis.positions(first, stop)]
    cells = []
    for a, b in pairwise(cuts):
        room = b - a
        if scene.axis.mode is Mode.INDEX:
            width = min(max(room - max(room * 0.3, 1), 2), WIDEST)
            left = a + (room - width) / 2
        elif scene.axis.mode is Mode.TIME:
            width, left = 3.0, a + 1
        else:
            width, left = max(room - 1, 2), a + 0.5
        cells.append((round(left * ratio) / ratio, max(round(width * ratio), 1) / ratio))
    return cells


def _paint_density(painter: QPainter, scene: Scene) -> None:
    prepared, columns = scene.prepared, scene.columns
    counts = {tick: prepared.densities(tick, columns) for tick in prepared.sums}
    most = max((max(of) for of in counts.values()), default=1)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for tick in sorted(counts, key=lambda t: t == Tick.CALL):
        drawn = look(scene, Tick(tick))
        if drawn is not None:
            colour, row = drawn
            paint_row(painter, scene.band(row), levels(counts[tick], most), colour)
    if prepared.errors:
        for lane, _ in scene.rows.lanes:
            _paint_errors(painter, scene, lane)


def levels(counts: list[int], most: int) -> bytes:
    """Counts as 0…255; the few stay visible beside the many."""
    if most <= 255:
        least = 0.5 if most <= 16 else 0.22
        shares = ((n / most) ** 0.6 for n in range(1, most + 1))
        table = [0, *(round(255 * (least + (1 - least) * share)) for share in shares)]
        return bytes([table[n] for n in counts])
    return bytes([_MANY[n * _FINE // most] if n else 0 for n in counts])


_FINE = 1023
_MANY = bytes(56 + int(199 * (n / _FINE) ** 0.6) for n in range(_FINE + 1))
"""The levels of such shares of the most."""


def paint_row(painter: QPainter, rect: QRect, levels: bytes, colour: QColor) -> None:
    """A row of columns, each as opaque as its level."""
    width = len(levels)
    image = QImage(levels, width, 1, width, QImage.Format.Format_Indexed8)
    image.setColorTable(_shades(colour.rgba()))
    # Else it would be converted anew for each row of pixels that it is stretched to.
    painter.drawImage(rect, image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))


@lru_cache(maxsize=64)
def _shades(rgba: int) -> list[int]:
    colour = QColor.fromRgba(rgba)
    red, green, blue, alpha = colour.red(), colour.green(), colour.blue(), colour.alpha()
    return [qRgba(red, green, blue, level * alpha // 255) for level in range(256)]


def _paint_errors(painter: QPainter, scene: Scene, lane: Lane) -> None:
    """Each column with an error is marked: a shape of its own, or, where they crowd, a rail."""
    edges = scene.edges
    hits = marked(scene.prepared.errors, lane + 1, edges)
    row = scene.rows.lane(lane)
    if not hits or row is None:
        return
    step, free = scene.plot_width / (len(edges) - 1), float("-inf")
    crowded = len(hits) * 5 > len(edges) - 1
    if crowded:
        counts = scene.prepared.error_densities(lane, scene.columns)
        rail = scene.band(Row(row.top + 1, max(row.height // 4, 3)))
        painter.fillRect(rail, scene.theme.background)
        paint_row(painter, rail, levels(counts, max(counts)), scene.theme.error)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for column in hits:
        x = scene.left + column * step
        if x >= free or not crowded:
            _paint_error(painter, scene, lane, x, max(step, 2), x >= free)
        free = max(free, x + (64 if crowded else 9)) if x >= free else free


def _paint_error(
    painter: QPainter, scene: Scene, lane: Lane, x: float, width: float, shape: bool
) -> None:
    """A line as tall as the lane, and a diamond that no other tick has."""
    row = scene.rows.lane(lane)
    if row is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(scene.theme.error)
    middle, size = x + width / 2, min(row.height / 2 - 1, 5.5)
    painter.drawRect(QRectF(middle - 1, row.top + 1, 2, row.height - 2))
    if shape:
        y = row.top + row.height / 2
        painter.setPen(scene.theme.background)
        painter.drawPolygon(diamond(middle, y, size))


def diamond(x: float, y: float, size: float) -> QPolygonF:
    """The shape of an error, around a point."""
    points = ((0, -size), (size, 0), (0, size), (-size, 0))
    return QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points])
