"""What a pressed mouse button does until it is released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from scrubber.core.timeline.marks import Bar, Cluster, bar_at
from scrubber.core.track import Lane
from scrubber.ui.timeline.marks import bar_row
from scrubber.ui.timeline.overlay import frame

if TYPE_CHECKING:
    from scrubber.ui.timeline.scene import Scene
    from scrubber.ui.timeline.viewport import Viewport

CLICK = 4
"""Pixels that a click may slip before it is a drag."""

Move = Callable[[QPointF], None]


@dataclass(slots=True)
class Gesture:
    """From press to release: ``move`` follows the pointer, ``click`` is for one that stood still.

    ``at_once``: the gesture does not wait until the pointer has left the place of the press.
    """

    origin: QPointF
    move: Move
    click: Callable[[], None] | None = None
    at_once: bool = False
    moved: bool = False

    def follow(self, point: QPointF) -> None:
        """The pointer is here now."""
        self.moved = self.moved or (point - self.origin).manhattanLength() > CLICK
        if self.moved or self.at_once:
            self.move(point)

    def release(self) -> None:
        """The button is up."""
        if not self.moved and self.click is not None:
            self.click()


def panning(viewport: Viewport, origin: QPointF, scale: float = -1.0) -> Move:
    """Shift the view with the pointer."""
    view, start = viewport.view, origin.x()
    return lambda point: viewport.set_view(view.panned((point.x() - start) * scale))


def framing(viewport: Viewport, scene: Scene, origin: QPointF) -> Move:
    """Drag the minimap's frame; a press outside of it first brings it there."""
    if not frame(scene).left() <= origin.x() <= frame(scene).right():
        share = (origin.x() - scene.left) / scene.view.width
        viewport.set_view(viewport.view.centred(share * scene.view.length))
    return panning(viewport, origin, scene.view.length / scene.view.span)


def span_at(scene: Scene, point: QPointF) -> Bar | None:
    """The sub-agent's bar under the pointer."""
    lane = scene.rows.lane(Lane.SUBAGENTS)
    if lane is None or not lane.holds(point.y()):
        return None
    used = max((bar.row for bar in scene.bars), default=0) + 1
    rows = (n for n in range(used) if bar_row(lane, n, used).holds(point.y()))
    return bar_at(scene.bars, next(rows, 0), point.x() - scene.left)


def pointer_shape(scene: Scene, point: QPointF) -> Qt.CursorShape:
    """The pointer that says what a press would do."""
    cluster: Cluster | None = scene.cluster_at(point.x(), point.y())
    span = span_at(scene, point)
    leads = cluster is not None or (span is not None and span.span.session is not None)
    if leads or scene.strip_at(point.y()) or scene.rows.more.holds(point.y()):
        return Qt.CursorShape.PointingHandCursor
    if scene.rows.minimap.holds(point.y()):
        return Qt.CursorShape.OpenHandCursor
    if scene.rows.axis.holds(point.y()) and scene.view.zoomed_in:
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.ArrowCursor
