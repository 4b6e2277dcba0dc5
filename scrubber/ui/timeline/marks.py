"""Paints what lies over the events: fork marks, sub-agents' spans, stretches that were added."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen

from scrubber.core.timeline.layout import Row
from scrubber.core.timeline.marks import Bar, Cluster, marked
from scrubber.core.track import Lane
from scrubber.core.visible import visible
from scrubber.ui.timeline.scene import BAR_ROWS, Scene, blended, faded, small


def paint_forks(painter: QPainter, scene: Scene) -> None:
    """A ⑂ where children leave, with a count where they are several."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small(scene.font))
    for cluster in scene.clusters:
        _paint_fork(painter, scene, cluster)


def _paint_fork(painter: QPainter, scene: Scene, cluster: Cluster) -> None:
    row, x = scene.rows.marks, scene.left + round(cluster.x) + 0.5
    foot = row.bottom
    painter.setPen(QPen(faded(scene.theme.accent, 0.35), 1))
    painter.drawLine(QPointF(x, foot), QPointF(x, scene.rows.axis.top))
    painter.setPen(QPen(scene.theme.accent, 1.6, c=Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(fork_path(x, row.top + 3, foot))
    if len(cluster.forks) > 1:
        painter.setPen(scene.theme.accent)
        box = QRectF(x + 6, row.top, 40, row.height)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(len(cluster.forks)))


def fork_path(x: float, top: float, foot: float) -> QPainterPath:
    """The sign ⑂: two arms with round ends on one stem."""
    path = QPainterPath()
    middle = top + (foot - top) * 0.62
    for side in (-3.5, 3.5):
        path.moveTo(x + side, top + 2)
        path.quadTo(QPointF(x + side, middle), QPointF(x, middle))
        path.addEllipse(QPointF(x + side, top + 0.8), 1.1, 1.1)
    path.moveTo(x, middle)
    path.lineTo(x, foot)
    return path


def paint_spans(painter: QPainter, scene: Scene) -> None:
    """Sub-agents as bars in their lane, titled where there is room."""
    row = scene.rows.lane(Lane.SUBAGENTS)
    if row is None:
        return
    painter.save()
    painter.setClipRect(scene.band(row))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small(scene.font))
    used = max((bar.row for bar in scene.bars), default=0) + 1
    rows = [bar_row(row, n, used) for n in range(used)]
    narrow = faded(scene.theme.lane(Lane.SUBAGENTS), 0.25)
    for bar in scene.bars:
        if bar.right - bar.left < 5:
            box = rows[bar.row]
            rect = QRectF(scene.left + bar.left, box.top, bar.right - bar.left, box.height)
            painter.fillRect(rect, narrow)
        else:
            _paint_bar(painter, scene, bar, rows[bar.row])
    painter.restore()


def bar_row(lane: Row, row: int, used: int = BAR_ROWS) -> Row:
    """Where one of the lane's rows of bars lies."""
    each = max((lane.height - 2) // used, 3)
    return Row(lane.top + 1 + row * each, each - 1)


def _paint_bar(painter: QPainter, scene: Scene, bar: Bar, row: Row) -> None:
    colour = scene.theme.lane(Lane.SUBAGENTS)
    left, right = max(bar.left, -8), min(bar.right, scene.view.width + 8)
    rect = QRectF(scene.left + left + 0.5, row.top + 0.5, right - left - 1, row.height - 1)
    painter.setPen(QPen(blended(colour, scene.theme.background, 0.75), 1))
    painter.setBrush(blended(colour, scene.theme.background, 0.18))
    painter.drawRoundedRect(rect, 3, 3)
    metrics = QFontMetrics(painter.font())
    inner = rect.adjusted(6 - min(bar.left, 0) * (left == bar.left), 0, -4, 0)
    if inner.width() > 40 and row.height >= metrics.ascent():
        painter.setPen(scene.theme.text)
        title = " ".join(visible(bar.span.title).split())
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)


def paint_added(painter: QPainter, scene: Scene) -> None:
    """A rail above the events that were not recorded: one line over each stretch of them."""
    if not scene.prepared.added:
        return
    edges = scene.edges
    step, y = scene.plot_width / (len(edges) - 1), scene.rows.marks.bottom - 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for first, stop in _stretches(marked(scene.prepared.added, 1, edges)):
        width = max((stop - first) * step, 4)
        rect = QRectF(scene.left + first * step, y, width, 2)
        painter.fillRect(rect, scene.theme.accent)


def _stretches(numbers: list[int], apart: int = 2) -> list[tuple[int, int]]:
    """Runs of neighbouring numbers, as first and one past the last."""
    if not numbers:
        return []
    cuts = [(a, b) for a, b in pairwise(numbers) if b - a > apart]
    firsts = [numbers[0], *(b for _, b in cuts)]
    return list(zip(firsts, [*(a + 1 for a, _ in cuts), numbers[-1] + 1], strict=True))
