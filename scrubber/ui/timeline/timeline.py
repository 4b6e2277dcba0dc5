"""The timeline widget: a slider over the cuts of a session that shows the events between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.visible import visible
from scrubber.ui.timeline.branch_menu import BranchMenu
from scrubber.ui.timeline.canvas import TimelineCanvas
from scrubber.ui.timeline.gestures import Gesture, framing, panning, pointer_shape, span_at
from scrubber.ui.timeline.notes import note_at
from scrubber.ui.timeline.strips import strip_words
from scrubber.ui.timeline.tooltips import event_text, tooltip

if TYPE_CHECKING:
    from scrubber.core.timeline.marks import Cluster
    from scrubber.models.cursor import Cursor

ZOOM_STEP = 1.6


class Timeline(TimelineCanvas):
    """Follows the cursor and moves it; its value is the index of the cursor."""

    def __init__(self, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(cursor, parent)
        self._following = False
        self._menu = BranchMenu(self)
        self._menu.chosen.connect(self.fork_activated)
        self.valueChanged.connect(self._on_value_changed)
        cursor.length_changed.connect(self._follow)
        cursor.index_changed.connect(self._follow)
        self._follow()

    # ---------------------------------------------------------------------------- the value

    def _follow(self) -> None:
        """Take length and index of the cursor, without a value in between being seen."""
        self._following = True
        self.setMaximum(max(self.maximum(), self._cursor.length))
        self.setValue(self._cursor.index)
        self.setMaximum(self._cursor.length)
        self.setPageStep(max(self._cursor.length // 10, 1))
        self._following = False
        self.update()

    def _on_value_changed(self, value: int) -> None:
        if not self._following:
            self._cursor.set_index(value)
        if self._gesture is None:
            self.scene()
            self._viewport.reveal(value)
        if QAccessible.isActive() and value > 0:
            self.setAccessibleDescription(visible(self._describe(value - 1)))
        self.update()

    # --------------------------------------------------------------------------------- zoom

    def zoom_in(self) -> None:
        """Closer around the playhead if it is in sight, else around the middle."""
        self._viewport.zoom(ZOOM_STEP, self._zoom_centre())

    def zoom_out(self) -> None:
        """Farther."""
        self._viewport.zoom(1 / ZOOM_STEP, self._zoom_centre())

    def reset_zoom(self) -> None:
        """Show the whole session."""
        self._viewport.set_view(self._viewport.view.whole())

    def _zoom_centre(self) -> float | None:
        scene = self.scene()
        x = scene.x(self.value()) - scene.left
        return x if 0 <= x <= scene.view.width else None

    # -------------------------------------------------------------------------- the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if event.button() is Qt.MouseButton.MiddleButton:
            self._gesture = Gesture(point, panning(self._viewport, point))
        elif event.button() is Qt.MouseButton.LeftButton:
            self._gesture = self._left_press(point)
        if self._gesture is not None and self._gesture.at_once:
            self._gesture.follow(point)

    def _left_press(self, point: QPointF) -> Gesture:
        scene, port = self.scene(), self._viewport
        cluster, span = scene.cluster_at(point.x(), point.y()), span_at(scene, point)
        if scene.rows.minimap.holds(point.y()):
            return Gesture(point, framing(port, scene, point))
        if scene.rows.axis.holds(point.y()):
            return Gesture(point, panning(port, point), click=lambda: self._scrub(point))
        if cluster is not None:
            return Gesture(point, self._scrub, click=lambda: self._open_forks(cluster, point))
        note = note_at(scene, self._notes, point.x(), point.y())
        if note is not None:
            return Gesture(point, self._scrub, click=lambda: self.setValue(note.index + 1))
        if scene.rows.lanes_stop <= point.y() < scene.rows.axis.top:
            return Gesture(point, self._scrub, click=lambda: self._open_strip(point))
        session = span.span.session if span is not None else None
        if session is not None:
            return Gesture(point, self._scrub, click=lambda: self.span_activated.emit(session))
        return Gesture(point, self._scrub, at_once=True)

    def _scrub(self, point: QPointF) -> None:
        scene = self.scene()
        self.setValue(scene.cut(min(max(point.x(), scene.left), scene.left + scene.view.width)))

    def _open_strip(self, point: QPointF) -> None:
        """Follow a strip; below the last one, ask which of the others."""
        scene = self.scene()
        strip = scene.strip_at(point.y())
        if strip is not None:
            self.fork_activated.emit(strip.session.id)
        elif scene.rows.more.holds(point.y()):
            unseen = [strip.session for strip in self._strips if strip not in scene.shown]
            branches = ((one.id, one.title or "untitled") for one in (*unseen, *self._others))
            self._menu.ask(branches, self.mapToGlobal(point.toPoint()))

    def _open_forks(self, cluster: Cluster, point: QPointF) -> None:
        """Follow a fork mark; where several share it, ask which."""
        if len(cluster.forks) == 1:
            self.fork_activated.emit(cluster.forks[0].session)
            return
        branches = ((fork.session, f"{fork.index:,}  {fork.title}") for fork in cluster.forks)
        self._menu.ask(branches, self.mapToGlobal(point.toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if self._gesture is not None:
            self._gesture.follow(point)
            return
        scene = self.scene()
        inside = scene.left <= point.x() <= scene.left + scene.view.width
        self._hover = point if inside and point.y() >= scene.rows.minimap.bottom else None
        self.setCursor(pointer_shape(scene, point))
        if QToolTip.isVisible():
            self._show_tooltip(point, event.globalPosition().toPoint())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        scene, point = self.scene(), event.position()
        marked = scene.cluster_at(point.x(), point.y()) or span_at(scene, point)
        on_strips = scene.rows.lanes_stop <= point.y() < scene.rows.axis.top
        if event.button() is Qt.MouseButton.LeftButton and not marked and not on_strips:
            self.reset_zoom()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta, self_scene = event.angleDelta(), self.scene()
        sideways = delta.x() if abs(delta.x()) > abs(delta.y()) else 0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sideways = sideways or delta.y()
        if sideways:
            self._viewport.set_view(self._viewport.view.panned(-sideways * 0.6))
        else:
            x = event.position().x() - self_scene.left
            self._viewport.zoom(1.0018 ** delta.y(), min(max(x, 0), self_scene.view.width))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tooltip(QPointF(event.pos()), event.globalPos())
            return True
        return super().event(event)

    def _show_tooltip(self, point: QPointF, at: QPoint) -> None:
        strip = self.scene().strip_at(point.y())
        note = note_at(self.scene(), self._notes, point.x(), point.y())
        if strip is not None:
            text = plain_tooltip(strip_words(strip, self.runs))
        elif note is not None:
            text = plain_tooltip(event_text(self.scene(), note.index, self._describe))
        else:
            text = tooltip(self.scene(), point, self._describe)
        if text:
            QToolTip.showText(at, text, self)
        else:
            QToolTip.hideText()

    # ------------------------------------------------------------------------- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self._page()
        match event.key():
            case Qt.Key.Key_Left:
                self._cursor.step(-1)
            case Qt.Key.Key_Right:
                self._cursor.step(1)
            case Qt.Key.Key_PageUp:
                self._cursor.step(-page)
            case Qt.Key.Key_PageDown:
                self._cursor.step(page)
            case Qt.Key.Key_Home:
                self._cursor.set_index(0)
            case Qt.Key.Key_End:
                self._cursor.set_index(self._cursor.length)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case Qt.Key.Key_0:
                self.reset_zoom()
            case _:
                event.ignore()

    def _page(self) -> int:
        """Events of a screenful when zoomed, else a tenth of the session."""
        scene = self.scene()
        if not scene.view.zoomed_in:
            return self.pageStep()
        shown = scene.cut(scene.left + scene.view.width) - scene.cut(scene.left)
        return max(shown * 9 // 10, 1)
