"""The mouse on the transcript: pointing, clicking, selecting by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, SignalInstance

from scrubber.ui.transcript.frame import TranscriptFrame
from scrubber.ui.transcript.gestures import Target, badge_at, link_at, place_at, target_at, word_at
from scrubber.ui.transcript.labels import explained
from scrubber.ui.transcript.pieces import Action, TextPiece
from scrubber.ui.transcript.selection import Place, Selection

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from scrubber.models.cursor import Cursor
    from scrubber.models.event_feed import EventFeed

_DRAG_TICK = 30
"""Milliseconds between two scroll steps while a selection is dragged over the edge."""

_DRAG_SPEED = 0.35
_START_DISTANCE = 4


class MouseFrame(TranscriptFrame):
    """A click in the gutter moves the playhead, a double click on a word selects it.

    A double click anywhere else on a row moves the playhead as well. On words it does not: who
    reads selects words that way in every other program, and the playhead moves all panes.
    """

    fork_requested: SignalInstance
    subagent_activated: SignalInstance

    def __init__(self, feed: EventFeed, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(feed, parent)
        self._cursor = cursor
        self._pressed: QPointF | None = None
        self._press_place: Place | None = None
        self._dragging = False
        self._mouse = QPointF()
        self._drag_timer = QTimer(self)
        self._drag_timer.setInterval(_DRAG_TICK)
        self._drag_timer.timeout.connect(self._on_drag_tick)

    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return self._selection is not None and self._selection.start != self._selection.stop

    def selected_text(self) -> str:
        """The selected text as it is shown."""
        return self._selection.text(self.pager.row) if self._selection is not None else ""

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.ensure_laid_out()
        place = place_at(self.pager, event.position())
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if extend and self._selection is not None and place is not None:
            self._selection = self._selection.moved(place)
        else:
            self._selection = None
        self._pressed, self._press_place = event.position(), place
        self._dragging = False
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self._mouse = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton and self._pressed is not None:
            self._drag()
        else:
            self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._drag_timer.stop()
        if event.button() is Qt.MouseButton.LeftButton and self._pressed is not None:
            target = target_at(self.pager, event.position())
            if target is not None and not self._dragging:
                self._click(target)
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        target = target_at(self.pager, event.position())
        if target is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        place = place_at(self.pager, event.position())
        if target.on_text and isinstance(target.piece, TextPiece) and place is not None:
            first, last = word_at(target.piece, place.position)
            start = Place(place.index, place.piece, first)
            self._selection = Selection(start, Place(place.index, place.piece, last))
            self.viewport().update()
        elif target.action is Action.NONE:
            self._cursor.set_index(target.index + 1)

    def leaveEvent(self, event: QEvent, /) -> None:
        self._hovered = self._pointed = None
        self._fork_hot = False
        self.viewport().update()

    def _click(self, target: Target) -> None:
        if target.on_fork:
            self.fork_requested.emit(target.index)
        elif target.in_gutter:
            self._cursor.set_index(target.index + 1)
        elif target.action is Action.AGENT:
            self.subagent_activated.emit(target.index)
        else:
            self._change_row(target)

    def _change_row(self, target: Target) -> None:
        pager, index = self.pager, target.index
        row = target.placed.row
        if target.action is Action.NONE or row is None:
            return
        pager.hold(index)
        if target.action is Action.FOLD:
            pager.folds.toggle(row.event)
        elif target.action is Action.MORE:
            pager.folds.show_more(index)
        else:
            pager.folds.enlarge(index)
        pager.cache.drop(index)
        self._selection = None
        self.refresh()

    def _point(self, at: QPointF) -> None:
        self.ensure_laid_out()
        target = target_at(self.pager, at)
        self._hovered = target.index if target else None
        acts = target is not None and target.action is not Action.NONE
        self._pointed = (target.index, target.number) if target and acts else None
        self._fork_hot = target is not None and target.on_fork
        self.viewport().setCursor(_shape(target))
        self.viewport().setToolTip(self._tip(target, at))
        self.viewport().update()

    def _tip(self, target: Target | None, at: QPointF) -> str:
        if target is None:
            return ""
        if target.on_fork:
            return f"Fork after event {target.index + 1:,}"
        if target.in_gutter:
            return f"Move the playhead behind event {target.index + 1:,}"
        if badge := badge_at(self.pager, target, at):
            return explained(badge)
        # A rich-text tool tip would interpret what a transcript says.
        link = link_at(self.pager, target, at)
        return f"<qt>{_escaped(link)}</qt>" if link else ""

    def _drag(self) -> None:
        assert self._pressed is not None
        moved = (self._mouse - self._pressed).manhattanLength()
        if not self._dragging and moved < _START_DISTANCE:
            return
        self._dragging = True
        inside = 0 <= self._mouse.y() <= self.pager.height
        if inside:
            self._drag_timer.stop()
        elif not self._drag_timer.isActive():
            self._drag_timer.start()
        self._extend()

    def _extend(self) -> None:
        y = min(max(self._mouse.y(), 0.0), self.pager.height - 1)
        head = place_at(self.pager, QPointF(self._mouse.x(), y))
        if self._press_place is not None and head is not None:
            start = self._selection or Selection(self._press_place, self._press_place)
            self._selection = start.moved(head)
            self.viewport().update()

    def _on_drag_tick(self) -> None:
        over = min(self._mouse.y(), 0.0) + max(self._mouse.y() - self.pager.height, 0.0)
        self.scroll_by(over * _DRAG_SPEED)
        self.ensure_laid_out()
        self._extend()


def _shape(target: Target | None) -> Qt.CursorShape:
    if target is None:
        return Qt.CursorShape.ArrowCursor
    if target.on_fork or target.in_gutter or target.action is not Action.NONE:
        return Qt.CursorShape.PointingHandCursor
    return Qt.CursorShape.IBeamCursor if target.on_text else Qt.CursorShape.ArrowCursor


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
