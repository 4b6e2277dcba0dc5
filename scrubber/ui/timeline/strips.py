"""Branches beside the session: thin strips below its lanes, from where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from scrubber.core.ages import count
from scrubber.core.timeline.prepare import LANES, Tick
from scrubber.core.timeline.strips import Placed, Strip, flagged, placed, sampled
from scrubber.core.visible import visible
from scrubber.ui.timeline.scene import NARROW, Scene, faded, small
from scrubber.ui.timeline.ticks import diamond
from scrubber.ui.tree.states import paint_state, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.core.timeline.layout import Row
    from scrubber.models.tree_rows import RunState

_NAME_LEFT = 10
_COLUMN = 4
"""Pixels of a column of a strip."""
_SIGN = 9
"""Pixels of the sign of a state."""


def paint_strips(painter: QPainter, scene: Scene) -> None:
    """Every strip that has a row: its stem, its events, what was added to it, its errors."""
    rows, line = scene.rows, scene.theme.line
    if rows.lanes_stop < rows.axis.top:
        painter.fillRect(0, rows.lanes_stop, scene.left + scene.plot_width, 1, faded(line, 0.55))
    _paint_end(painter, scene)
    painter.setFont(_tiny(scene))
    for strip, row in zip(scene.shown, rows.strips, strict=True):
        _paint_name(painter, scene, strip, row)
        where = placed(strip, scene.axis, scene.view)
        if where is not None:
            _paint_strip(painter, scene, strip, where, row)
    if rows.more.height:
        painter.setPen(scene.theme.muted)
        _draw_name(painter, scene, f"+{scene.hidden_strips:,} more", rows.more)


def _paint_end(painter: QPainter, scene: Scene) -> None:
    """Where the session ends while a branch beside it goes on."""
    end, right = scene.x(scene.axis.count), scene.left + scene.plot_width
    if scene.view.length > scene.axis.length and end < right:
        rows = scene.rows
        area = QRectF(end, rows.lanes_top, right - end, rows.lanes_stop - rows.lanes_top)
        painter.fillRect(area, scene.theme.surface)
        painter.fillRect(QRectF(end, rows.lanes_top, 1, area.height()), scene.theme.line)


def _tiny(scene: Scene) -> QFont:
    font = small(scene.font)
    if font.pointSizeF() > 0:
        font.setPointSizeF(max(font.pointSizeF() * 0.85, 6.5))
    return font


def _paint_strip(painter: QPainter, scene: Scene, strip: Strip, where: Placed, row: Row) -> None:
    left, right = scene.left + round(where.left), scene.left + round(where.right)
    area = QRect(left, row.top + 3, max(right - left, 2), row.height - 4)
    _paint_stem(painter, scene, where, row)
    painter.fillRect(area, faded(scene.theme.muted, 0.14))
    if not len(strip.prepared):
        return
    number = max(int(where.view.width // _COLUMN), 1)
    edges = where.axis.column_edges(where.view, number)
    _paint_row(painter, area, sampled(strip.prepared.ticks, edges), _colours(scene.theme.lanes))
    _paint_marks(painter, scene, strip, area, edges)
    if not where.ends:
        painter.setPen(scene.theme.muted)
        after = QRect(right + 3, row.top, 12, row.height)
        painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, "›")


def _paint_row(painter: QPainter, area: QRect, columns: bytes, colours: list[int]) -> None:
    """A row of columns, each in the colour with its number."""
    image = QImage(columns, len(columns), 1, len(columns), QImage.Format.Format_Indexed8)
    image.setColorTable(colours)
    painter.drawImage(area, image)


def _colours(lanes: tuple[QColor, ...]) -> list[int]:
    """Of each Tick + 1; results are lighter than calls, as in the lanes."""
    shades = ((lanes[LANES[tick]], 0.45 if tick is Tick.RESULT else 0.85) for tick in Tick)
    return [0, *(faded(colour, alpha).rgba() for colour, alpha in shades)]


def _paint_stem(painter: QPainter, scene: Scene, where: Placed, row: Row) -> None:
    """From the fork, down to where the strip begins."""
    if not where.begins:
        return
    x = scene.left + round(where.left) + 0.5
    painter.setPen(QPen(faded(scene.theme.accent, 0.6), 1))
    painter.drawLine(QPointF(x, scene.rows.lanes_stop), QPointF(x, row.top + row.height / 2))


def _paint_marks(
    painter: QPainter, scene: Scene, strip: Strip, area: QRect, edges: list[int]
) -> None:
    """The same as in the lanes: a rail over what was not recorded, a diamond for an error."""
    if strip.prepared.added:
        rail = QRect(area.left(), area.top() - 2, area.width(), 2)
        columns = flagged(strip.prepared.added, edges)
        _paint_row(painter, rail, columns, [0, scene.theme.accent.rgba()])
    if strip.prepared.errors:
        _paint_errors(painter, scene, area, flagged(strip.failed, edges))


def _paint_errors(painter: QPainter, scene: Scene, area: QRect, columns: bytes) -> None:
    """Where they crowd, a rail, and a diamond now and then."""
    step, apart = area.width() / len(columns), 7
    if columns.count(1) * 5 > len(columns):
        rail = QRect(area.left(), area.top(), area.width(), 2)
        _paint_row(painter, rail, columns, [0, scene.theme.error.rgba()])
        apart = 64
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(scene.theme.background)
    painter.setBrush(scene.theme.error)
    column, free = columns.find(1), float("-inf")
    while column >= 0:
        x = area.left() + (column + 0.5) * step
        if x >= free:
            painter.drawPolygon(diamond(x, area.center().y() + 0.5, 4))
            free = x + apart
        column = columns.find(1, column + 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_name(painter: QPainter, scene: Scene, strip: Strip, row: Row) -> None:
    painter.setPen(scene.theme.muted)
    title = " ".join(visible(strip.session.title).split()) or "untitled"
    _draw_name(painter, scene, title, row)


def _draw_name(painter: QPainter, scene: Scene, words: str, row: Row) -> None:
    """In the gutter, with room for the sign of a state behind it."""
    if scene.width < NARROW:
        return
    box = QRect(_NAME_LEFT, row.top, scene.left - _NAME_LEFT - _SIGN - 10, row.height)
    shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def paint_states(painter: QPainter, scene: Scene, runs: Mapping[str, RunState]) -> None:
    """How the branches stand; painted over the picture, as it moves."""
    for strip, row in zip(scene.shown, scene.rows.strips, strict=True):
        state = state_of(strip.session, runs.get(strip.session.id))
        if state is not None:
            place = QRectF(scene.left - _SIGN - 5, row.top + 1, _SIGN, _SIGN)
            paint_state(painter, state, place, state.colour(scene.theme))


def strip_words(strip: Strip, runs: Mapping[str, RunState]) -> str:
    """A strip in words."""
    state = state_of(strip.session, runs.get(strip.session.id))
    parts = [f"parts at {strip.start:,}", count(len(strip.prepared), "event") + " of its own"]
    if errors := strip.failed.count(1):
        parts.append(f"✗ {count(errors, 'error')}")
    if state is not None:
        parts.append(state.word)
    return f"{strip.session.title or 'untitled'}\n{' · '.join(parts)}"
