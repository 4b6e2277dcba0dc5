"""Paints the rulers: the axis with its ticks and breaks, the context curve, the lanes' names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap, QPolygonF

from scrubber.core.timeline.ticks import Tick, short_duration, short_number
from scrubber.core.timeline.time import Break, TimeAxis
from scrubber.ui import theme as themes
from scrubber.ui.timeline.scene import LANE_ICONS, LANE_NAMES, NARROW, Scene, faded, small

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.core.timeline.layout import Row
    from scrubber.core.track import Lane

NAME_LEFT = 32
"""Pixels left of the names: an icon and its margins."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


def paint_ground(painter: QPainter, scene: Scene) -> None:
    """Lines between the lanes, faint ones at the ticks, and the ruler at the bottom."""
    line, rows = scene.theme.line, scene.rows
    labelled = [tick for tick in scene.ticks if tick.label]
    tall, right = rows.axis.top - rows.lanes_top, scene.left + scene.plot_width
    lines = [QRect(_x(scene, tick), rows.lanes_top, 1, tall) for tick in labelled]
    lines += [QRect(0, row.top, right, 1) for _, row in rows.lanes]
    _fill(painter, lines, faded(line, 0.55))
    painter.fillRect(0, rows.axis.top, scene.width, 1, line)
    _fill(painter, [_stroke(scene, tick) for tick in scene.ticks], faded(scene.theme.muted, 0.7))
    painter.setFont(small(scene.font))
    painter.setPen(scene.theme.muted)
    for tick in labelled:
        painter.drawText(scene.label_box(tick.label, tick.x), _CENTRE, tick.label)


def _fill(painter: QPainter, rects: list[QRect], colour: QColor) -> None:
    """All of them in one call: one for each is most of what a ruler costs."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(rects)


def _stroke(scene: Scene, tick: Tick) -> QRect:
    return QRect(_x(scene, tick), scene.rows.axis.top + 1, 1, 4 if tick.label else 2)


def _x(scene: Scene, tick: Tick) -> int:
    return scene.left + round(tick.x)


def paint_breaks(painter: QPainter, scene: Scene) -> None:
    """Where idle time is folded: a hatched column with a zigzag edge and how long it was."""
    if isinstance(scene.axis, TimeAxis):
        painter.setFont(small(scene.font))
        free = float("-inf")
        for fold in scene.axis.breaks_between(scene.view.first, scene.view.stop):
            free = _paint_break(painter, scene, fold, free)


def _paint_break(painter: QPainter, scene: Scene, fold: Break, free: float) -> float:
    """Draws one; returns the pixel up to which its label reaches."""
    rows, view = scene.rows, scene.view
    left, right = scene.left + view.x(fold.start), scene.left + view.x(fold.stop)
    left, right = max(left + 5, scene.left), min(right - 1, scene.left + view.width)
    if right - left < 3:
        left, right = left - 3, left
    rect = QRectF(left, rows.lanes_top, right - left, rows.lanes_stop - rows.lanes_top)
    painter.fillRect(rect, scene.theme.surface)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(scene.theme.muted, 0.65), 1))
    painter.drawPolyline(_zigzag(left, rect))
    painter.drawPolyline(_zigzag(right, rect))
    label = short_duration(fold.gap)
    width = QFontMetrics(painter.font()).horizontalAdvance(label) + 6
    middle = (left + right) / 2
    if middle - width / 2 < free:
        return free
    box = QRectF(middle - width / 2, rows.marks.top, width, rows.marks.height)
    painter.fillRect(box.adjusted(0, 1, 0, -1), scene.theme.background)
    painter.setPen(scene.theme.muted)
    painter.drawText(box, _CENTRE, label)
    return middle + width / 2 + 4


def _zigzag(x: float, rect: QRectF) -> QPolygonF:
    steps = range(int(rect.height() // 4) + 1)
    return QPolygonF([QPointF(x + (2 if n % 2 else -1), rect.top() + 4 * n) for n in steps])


def paint_gutter(painter: QPainter, scene: Scene) -> None:
    """What each row shows, as an icon and, where there is room, a word."""
    painter.setFont(small(scene.font))
    for lane, row in scene.rows.lanes:
        _paint_name(painter, scene, lane, row)
    row, left = scene.rows.curve, NAME_LEFT if scene.width >= NARROW else 2
    box = QRect(left, row.top, scene.left - 8 - left, 14)
    if not row.height:
        return
    painter.setPen(scene.theme.muted)
    most = short_number(scene.prepared.peak)
    painter.drawText(box, _RIGHT, most)
    if scene.width >= NARROW:
        metrics = QFontMetrics(painter.font())
        room = box.width() - metrics.horizontalAdvance(most) - 6
        word = metrics.elidedText("context", Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, _LEFT, word)


def _paint_name(painter: QPainter, scene: Scene, lane: Lane, row: Row) -> None:
    size = min(14, row.height - 2)
    x = 10 if scene.width >= NARROW else (scene.left - size) // 2
    y = row.top + (row.height - size) // 2
    icon = _lane_icon(LANE_ICONS[lane], scene.theme.lane(lane).name(), size, scene.ratio)
    if icon is not None:
        painter.drawPixmap(x, y, icon)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scene.theme.lane(lane))
        painter.drawRoundedRect(QRectF(x + size / 4, y + size / 4, size / 2, size / 2), 2, 2)
    if scene.width >= NARROW:
        metrics = QFontMetrics(painter.font())
        box = QRect(NAME_LEFT, row.top, scene.left - NAME_LEFT - 8, row.height)
        text = metrics.elidedText(LANE_NAMES[lane], Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(scene.theme.text)
        painter.drawText(box, _LEFT, text)


@lru_cache(maxsize=32)
def _lane_icon(name: str, colour: str, size: int, ratio: float) -> QPixmap | None:
    """The lane's icon; a checkout without icons gets a patch of the lane's colour instead."""
    try:
        return themes.pixmap(name, colour, size, ratio)
    except FileNotFoundError:
        return None
