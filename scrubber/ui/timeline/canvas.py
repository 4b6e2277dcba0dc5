"""What the timeline paints: its scene, from a picture that is kept, and what lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from scrubber.core.timeline.prepare import PreparedTrack, filtered, prepare
from scrubber.core.timeline.view import Mode
from scrubber.ui import theme
from scrubber.ui.timeline.notes import paint_notes
from scrubber.ui.timeline.overlay import paint_dimming, paint_frame, paint_hover, paint_playhead
from scrubber.ui.timeline.picture import gutter_image, minimap, picture
from scrubber.ui.timeline.scene import RIGHT, Scene, gutter
from scrubber.ui.timeline.strips import paint_states
from scrubber.ui.timeline.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.session import Session
    from scrubber.core.timeline.strips import Strip
    from scrubber.core.track import Track
    from scrubber.models.cursor import Cursor
    from scrubber.models.tree_rows import RunState
    from scrubber.ui.note_marks import NoteMark
    from scrubber.ui.timeline.gestures import Gesture
    from scrubber.ui.timeline.tooltips import Describe

_REPAINTED_FOR = {
    QEvent.Type.PaletteChange,
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.FontChange,
    QEvent.Type.StyleChange,
    QEvent.Type.DevicePixelRatioChange,
}


class TimelineCanvas(QAbstractSlider):
    """Shows a track, the branches beside it, and where the cursor stands in it.

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
        self._images: dict[Callable[[Scene], QPixmap], tuple[object, QPixmap]] = {}
        self._gesture: Gesture | None = None
        self._hover: QPointF | None = None
        self._strips: tuple[Strip, ...] = ()
        self._others: tuple[Session, ...] = ()
        self.runs: dict[str, RunState] = {}
        """Which of the branches run, and how they stand."""
        self._set_up()
        self._viewport.changed.connect(self._on_viewport_changed)
        self._viewport.mode_changed.connect(self.mode_changed)

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

    def set_fitting(self, fitting: bytes | None, made: PreparedTrack | None = None) -> None:
        """Let all events fade that have no 1 in this mask; None: none.

        ``made``: the track as it is filtered, where that was worked out in the background.
        """
        self._fitting, prepared = fitting, self._viewport.prepared
        if made is not None and made.track is prepared.track:
            self._filtered = ((id(prepared), fitting), made)
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

    def _on_viewport_changed(self) -> None:
        self._scene = self._picture = None
        self.update()

    # ----------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(900, 176)

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self.scene()
        if self._picture is None:
            self._picture = picture(scene, self._gutter(scene))
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
        return self._kept(minimap, scene, (id(scene.prepared), id(scene.axis)))

    def _gutter(self, scene: Scene) -> QPixmap:
        what = (scene.rows.lanes, scene.rows.curve, scene.prepared.peak, scene.height)
        return self._kept(gutter_image, scene, what)

    def _kept(self, make: Callable[[Scene], QPixmap], scene: Scene, what: object) -> QPixmap:
        """An image that is made anew only where it shows something else, or looks otherwise."""
        key = (what, scene.width, scene.theme.dark, scene.ratio, scene.font)
        kept = self._images.get(make)
        if kept is None or kept[0] != key:
            kept = self._images[make] = (key, make(scene))
        return kept[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_viewport_changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _REPAINTED_FOR:
            self._on_viewport_changed()
