"""What the timeline shows: the session, the axis and the stretch of it that is on the screen."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.timeline.prepare import PreparedTrack, prepare
from scrubber.core.timeline.strips import Strip, reach
from scrubber.core.timeline.view import Mode, View
from scrubber.core.track import Track

if TYPE_CHECKING:
    from collections.abc import Generator

    from scrubber.core.timeline.axis import Axis

SLICE = 0.008
"""Seconds of a frame that building an axis may take; a million times need some ten frames."""


class Viewport(QObject):
    """Track, axis and view; the widget paints it and the gestures change it.

    An axis that takes long is built in slices while the former one stays on the screen.

    Signals:
        changed(): something is to be painted anew.
        mode_changed(str): the axis measures something else now (a Mode).
    """

    changed = Signal()
    mode_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.prepared = prepare(Track())
        self.axis: Axis = self.prepared.axis(Mode.INDEX)
        self.view: View = self.axis.view(1)
        self.mode = Mode.INDEX
        """What was asked for; the axis follows when it is built."""
        self._next: PreparedTrack = self.prepared
        self._strips: tuple[Strip, ...] = ()
        self._builder: Generator[None, None, Axis] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def loading(self) -> bool:
        """Whether an axis is being built."""
        return self._builder is not None

    def set_prepared(self, prepared: PreparedTrack, keep_view: bool) -> None:
        """Show another track, or the same one grown (then the stretch shown may stay)."""
        self._next = prepared
        if not keep_view:
            self.view = self.view.whole()
        self._build()

    def set_strips(self, strips: tuple[Strip, ...]) -> None:
        """Make room for branches that go on where the session ends."""
        self._strips = strips
        self.view = self.view.on(reach(self.axis, strips), self.axis.minimum)
        self.changed.emit()

    def set_mode(self, mode: Mode) -> None:
        """Measure something else; what was in the middle stays there."""
        if mode is not self.mode:
            self.mode = mode
            self._build()
            self.mode_changed.emit(mode.value)

    def set_view(self, view: View) -> None:
        """Show another stretch."""
        if view != self.view:
            self.view = view
            self.changed.emit()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Closer by a factor around a pixel of the plot, or around its middle."""
        self.set_view(self.view.zoomed(factor, self.view.width / 2 if x is None else x))

    def reveal(self, cut: int) -> None:
        """Scroll just enough that a cut is in sight."""
        self.set_view(self.view.showing(self.axis.position(cut)))

    def _build(self) -> None:
        self._builder = self._next.axis_builder(self.mode)
        self._on_timeout()

    def _on_timeout(self) -> None:
        """Go on for a slice; in most sessions the first one is enough."""
        until = perf_counter() + SLICE
        while self._builder is not None and perf_counter() < until:
            try:
                next(self._builder)
            except StopIteration as done:
                self._builder = None
                self._show(self._next, done.value)
        if self._builder is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _show(self, prepared: PreparedTrack, axis: Axis) -> None:
        if axis.mode is self.axis.mode:
            self.view = self.view.on(reach(axis, self._strips), axis.minimum)
        else:
            self.view = self._same_events(axis)
        self.prepared, self.axis = prepared, axis
        self.changed.emit()

    def _same_events(self, axis: Axis) -> View:
        """The stretch of another axis that holds the events shown now."""
        length = reach(axis, self._strips)
        view = View(length, self.view.width, minimum=axis.minimum)
        if not self.view.zoomed_in:
            return view
        first = axis.position(self.axis.nearest_cut(self.view.first))
        stop = axis.position(self.axis.nearest_cut(self.view.stop))
        return View(length, view.width, first, stop - first, axis.minimum)
