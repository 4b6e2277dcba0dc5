"""The timeline widget: a slider over the cuts of a session that shows the events between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from scrubber.core.timeline.prepare import PreparedTrack, filtered, prepare
from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.timeline.view import Mode
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.timeline.branch_menu import BranchMenu
from scrubber.ui.timeline.gestures import Gesture, framing, panning, pointer_shape, span_at
from scrubber.ui.timeline.notes import note_at, paint_notes
from scrubber.ui.timeline.overlay import paint_dimming, paint_frame, paint_hover, paint_playhead
from scrubber.ui.timeline.picture import minimap, picture
from scrubber.ui.timeline.scene import RIGHT, Scene, gutter
from scrubber.ui.timeline.strips import paint_states, strip_words
from scrubber.ui.timeline.tooltips import Describe, event_text, tooltip
from scrubber.ui.timeline.viewport import Viewport

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.core.timeline.marks import Cluster
    from scrubber.core.timeline.strips import Strip
    from scrubber.core.track import Track
    from scrubber.models.cursor import Cursor
    from scrubber.models.session_tree import RunState
    from scrubber.ui.note_marks import NoteMark

ZOOM_STEP = 1.6
_REPAINTED_FOR = {
    QEvent.Type.PaletteChange,
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.FontChange,
    QEvent.Type.StyleChange,
    QEvent.Type.DevicePixelRatioChange,
}


class Timeline(QAbstractSlider):
    """Shows a track, follows the cursor and moves it; its value is the index of the cursor.

    Signals:
        valueChanged(int): the index has changed, whatever the cause (QAbstractSlider's).
        fork_activated(str): a fork mark was clicked: id of the child session.
        span_activated(str): a sub-agent's bar was clicked: id of its session.
        mode_changed(str): the axis measures something else (a Mode).
    """

    fork_activated = Signal(str)
    span_activated = Signal(str)
    mode_changed = Signal(str)

    def __init__(self, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cursor = cursor
        self._viewport = Viewport(self)
        self._describe: Describe = lambda _: ""
        self._session = cursor.session
        self._fitting: bytes | None = None
        self._notes: tuple[NoteMark, ...] = ()
        self._filtered: tuple[object, PreparedTrack] | None = None
        self._scene: Scene | None = None
        self._picture: QPixmap | None = None
        self._minimap: tuple[object, QPixmap] | None = None
        self._gesture: Gesture | None = None
        self._hover: QPointF | None = None
        self._following = False
        self._strips: tuple[Strip, ...] = ()
        self._others: tuple[Session, ...] = ()
        self.runs: dict[str, RunState] = {}
        """Which of the branches run, and how they stand."""
        self._menu = BranchMenu(self)
        self._menu.chosen.connect(self.fork_activated)
        self._set_up()
        self._viewport.changed.connect(self._on_viewport_changed)
        self._viewport.mode_changed.connect(self.mode_changed)
        self.valueChanged.connect(self._on_value_changed)
        cursor.length_changed.connect(self._follow)
        cursor.index_changed.connect(self._follow)
        self._follow()

    def _set_up(self) -> None:
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription("Place in the session: how many events are in front of it")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 110)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # ------------------------------------------------------------------------ what it shows

    @property
    def mode(self) -> Mode:
        """What the axis measures."""
        return self._viewport.mode

    @property
    def viewport(self) -> Viewport:
        """The stretch of the session on the screen."""
        return self._viewport

    def set_track(self, track: Track) -> None:
        """Prepare and show a track; for very long ones rather prepare() on a worker."""
        self.set_prepared(prepare(track))

    def set_prepared(self, prepared: PreparedTrack) -> None:
        """Show a track; while the session stays the same, so does the stretch shown."""
        same, self._session = self._session == self._cursor.session, self._cursor.session
        self._viewport.set_prepared(prepared, keep_view=same)

    def set_strips(self, strips: tuple[Strip, ...], others: tuple[Session, ...] = ()) -> None:
        """Show the branches beside the session, and how many more there are."""
        self._strips, self._others = strips, others
        self._viewport.set_strips(strips)

    def set_runs(self, runs: dict[str, RunState]) -> None:
        """Show which of them run."""
        if runs or self.runs:
            self.runs = runs
            self.update()

    def set_fitting(self, fitting: bytes | None) -> None:
        """Let all events fade that have no 1 in this mask; None: none."""
        self._fitting = fitting
        self._on_viewport_changed()

    def set_notes(self, notes: tuple[NoteMark, ...]) -> None:
        """Show what is written on events, in their order."""
        if notes != self._notes:
            self._notes = notes
            self.update()

    def set_describe(self, describe: Describe) -> None:
        """Give the function that knows an event's text; it must answer at once."""
        self._describe = describe

    def set_mode(self, mode: str) -> None:
        """Measure events, time or tokens: "index", "time" or "tokens"."""
        self._viewport.set_mode(Mode(mode))

    def zoom_in(self) -> None:
        """Closer around the playhead if it is in sight, else around the middle."""
        self._viewport.zoom(ZOOM_STEP, self._zoom_centre())

    def zoom_out(self) -> None:
        """Farther."""
        self._viewport.zoom(1 / ZOOM_STEP, self._zoom_centre())

    def reset_zoom(self) -> None:
        """Show the whole session."""
        self._viewport.set_view(self._viewport.view.whole())

    def scene(self) -> Scene:
        """The view as it is painted now."""
        if self._scene is None:
            port, left = self._viewport, gutter(self.width(), self.font())
            port.view = port.view.resized(max(self.width() - left - RIGHT, 1))
            self._scene = Scene(
                prepared=port.prepared,
                axis=port.axis,
                view=port.view,
                theme=theme.current(),
                font=self.font(),
                width=self.width(),
                height=self.height(),
                left=left,
                ratio=self.devicePixelRatioF(),
                strips=self._strips,
                others=len(self._others),
                fitting=self._what_fits(),
            )
        return self._scene

    def _what_fits(self) -> PreparedTrack | None:
        """The track as the filter leaves it, made once for all zooming."""
        prepared, fitting = self._viewport.prepared, self._fitting
        if fitting is None:
            return None
        key = (id(prepared), fitting)
        if self._filtered is None or self._filtered[0] != key:
            self._filtered = (key, filtered(prepared, fitting))
        return self._filtered[1]

    def _zoom_centre(self) -> float | None:
        scene = self.scene()
        x = scene.x(self.value()) - scene.left
        return x if 0 <= x <= scene.view.width else None

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

    def _on_viewport_changed(self) -> None:
        self._scene = self._picture = None
        self.update()

    # ----------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(900, 176)

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self.scene()
        if self._picture is None:
            self._picture = picture(scene)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        paint_dimming(painter, scene, self.value())
        if scene.rows.minimap.height:
            painter.drawPixmap(0, 0, self._whole(scene))
            paint_frame(painter, scene, self.value())
        paint_states(painter, scene, self.runs)
        paint_notes(painter, scene, self._notes)
        if self._hover is not None and self._gesture is None:
            paint_hover(painter, scene, self._hover.x())
        paint_playhead(painter, scene, self.value(), self.hasFocus())
        painter.end()

    def _whole(self, scene: Scene) -> QPixmap:
        """The minimap, which no zoom changes."""
        key = (id(scene.prepared), id(scene.axis), scene.width, scene.theme.dark, scene.ratio)
        if self._minimap is None or self._minimap[0] != key:
            self._minimap = (key, minimap(scene))
        return self._minimap[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_viewport_changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _REPAINTED_FOR:
            self._on_viewport_changed()

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
