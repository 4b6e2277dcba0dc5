"""Paints what moves, over the cached picture: playhead, dimming, pointer, the minimap's frame."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from scrubber.core.timeline.ticks import clock_label, short_number
from scrubber.core.timeline.time import TimeAxis
from scrubber.core.timeline.view import Mode
from scrubber.ui.timeline.scene import RIGHT, Scene, faded, small

DIMMED = 0.55
"""How much of the background lies over what comes after the playhead."""


def paint_dimming(painter: QPainter, scene: Scene, cut: int) -> None:
    """Fade the events that the cut leaves out."""
    x = min(max(scene.x(cut), scene.left - 1), scene.left + scene.plot_width + RIGHT)
    top, bottom = scene.rows.lanes_top, scene.rows.lanes_stop
    rect = QRectF(x, top, scene.left + scene.plot_width + 1 - x, bottom - top)
    if rect.width() > 0:
        painter.fillRect(rect, faded(scene.theme.background, DIMMED))


def paint_playhead(painter: QPainter, scene: Scene, cut: int, focus: bool) -> None:
    """The line between the events, and a handle on the axis that says where it is."""
    x = round(scene.x(cut) * scene.ratio) / scene.ratio
    if not scene.left - 2 <= x <= scene.left + scene.plot_width + 2:
        return
    rows, accent = scene.rows, scene.theme.accent
    top = rows.marks.top + 2
    halo = faded(scene.theme.background, 0.8)
    painter.fillRect(QRectF(x - 2, top, 4, rows.axis.top - top), halo)
    painter.fillRect(QRectF(x - 1, top, 2, rows.axis.top + 3 - top), accent)
    painter.setFont(small(scene.font))
    label = cut_label(scene, cut)
    width = QFontMetrics(painter.font()).horizontalAdvance(label) + 14
    left = min(max(x - width / 2, 2.0), scene.width - width - 2.0)
    pill = QRectF(left, rows.axis.top + 2.5, width, rows.axis.height - 4)
    _clear_labels(painter, scene, pill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(accent, 0.45), 3) if focus else Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setPen(scene.theme.background)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, label)


def _clear_labels(painter: QPainter, scene: Scene, pill: QRectF) -> None:
    """Half a number beside the handle would be read as a number."""
    for tick in scene.ticks:
        box = scene.label_box(tick.label, tick.x) if tick.label else QRectF()
        if box.intersects(pill.adjusted(-3, 0, 3, 0)):
            painter.fillRect(box, scene.theme.background)


def cut_label(scene: Scene, cut: int) -> str:
    """Where the playhead is, in what the axis measures."""
    axis = scene.axis
    if isinstance(axis, TimeAxis):
        return clock_label(axis.clock(axis.position(cut)))
    if axis.mode is Mode.TOKENS:
        return short_number(axis.position(cut) / 4)
    return f"{cut:,}"


def paint_hover(painter: QPainter, scene: Scene, x: float) -> None:
    """A light line under the pointer."""
    rows = scene.rows
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(faded(scene.theme.muted, 0.55), 1))
    painter.drawLine(QPointF(round(x), rows.lanes_top), QPointF(round(x), rows.axis.top))


def frame(scene: Scene) -> QRectF:
    """The visible window on the minimap; always wide enough to be caught."""
    view, row = scene.view, scene.rows.minimap
    left = view.first / view.length * view.width
    width = view.span / view.length * view.width
    if width < 10:
        left, width = min(max(left - (10 - width) / 2, 0), view.width - 10), 10
    return QRectF(scene.left + left + 0.5, row.top + 1.5, width - 1, row.height - 4)


def paint_frame(painter: QPainter, scene: Scene, cut: int) -> None:
    """The visible window and the playhead on the minimap; what is outside is shaded."""
    row, inner = scene.rows.minimap, frame(scene)
    shade = faded(scene.theme.background, 0.5)
    end = scene.left + scene.plot_width
    painter.fillRect(QRectF(scene.left, row.top, inner.left() - scene.left, row.height), shade)
    painter.fillRect(QRectF(inner.right(), row.top, end - inner.right(), row.height), shade)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(scene.theme.muted, 1))
    painter.setBrush(faded(scene.theme.muted, 0.12))
    painter.drawRoundedRect(inner, 3, 3)
    x = scene.left + scene.axis.position(cut) / scene.view.length * scene.view.width
    painter.fillRect(QRectF(round(x) - 1, row.top + 1, 2, row.height - 3), scene.theme.accent)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(0, row.bottom - 1, scene.width, 1), faded(scene.theme.line, 0.55))
