"""Paints what is written on events above the lanes."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from scrubber.ui.note_marks import WIDTH, paint_sign

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scrubber.ui.note_marks import NoteMark
    from scrubber.ui.timeline.scene import Scene

_MOST = 3
"""Signs for one event; the tooltip tells all."""


def paint_notes(painter: QPainter, scene: Scene, marks: tuple[NoteMark, ...]) -> None:
    """Signs over their events; where they would lie over each other, the first stands for all."""
    row, free = scene.rows.marks, scene.left - WIDTH
    first = scene.cut(scene.left - WIDTH)
    start = bisect_left(marks, first - 1, key=lambda mark: mark.index)
    for mark in marks[start:]:
        x = (scene.x(mark.index) + scene.x(mark.index + 1)) / 2 - WIDTH / 2
        if x > scene.left + scene.plot_width:
            return
        if x < free:
            continue
        for kind, colour in mark.signs()[:_MOST]:
            paint_sign(painter, kind, colour, round(x), row.top + 2)
            x += WIDTH
        free = x


def note_at(scene: Scene, marks: tuple[NoteMark, ...], x: float, y: float) -> NoteMark | None:
    """The mark under the pointer: the nearest, if it is near."""
    if not scene.rows.marks.holds(y):
        return None
    cut = scene.cut(x)
    start = max(bisect_left(marks, cut, key=lambda mark: mark.index) - 1, 0)
    near = min(marks[start : start + 2], key=lambda mark: _away(scene, mark, x), default=None)
    return near if near is not None and _away(scene, near, x) <= WIDTH else None


def _away(scene: Scene, mark: NoteMark, x: float) -> float:
    return abs((scene.x(mark.index) + scene.x(mark.index + 1)) / 2 - x)
