"""Plays a session: moves the playhead by itself."""

from __future__ import annotations

from array import array
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from scrubber.core.track import Track
    from scrubber.models.cursor import Cursor

RECORDED = 0.0
"""The speed that keeps the gaps of the recording."""
SPEEDS = (1.0, 2.0, 4.0, 8.0, 16.0, RECORDED)
EVENTS_PER_SECOND = 4
"""At speed 1."""
LONGEST_GAP = 2_000
"""Milliseconds that a recorded gap lasts at most."""
SHORTEST_GAP = 16
"""Milliseconds; events closer to each other come in one step: no screen shows more."""
MOST_AT_ONCE = 64
"""Events of one step, however close they are."""


class Player(QObject):
    """Moves the cursor at a speed until the end, or until somebody else moves it.

    Signals:
        playing_changed(bool): it began to play, or stopped.
    """

    playing_changed = Signal(bool)

    def __init__(self, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cursor = cursor
        self._times: array[int] = array("q")
        self._speed = 1.0
        self._moving = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        cursor.index_changed.connect(self._on_index_changed)
        cursor.session_changed.connect(self.pause)

    @property
    def playing(self) -> bool:
        """Whether it is moving the playhead."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """How many times EVENTS_PER_SECOND, or RECORDED."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Play at another speed, also while playing."""
        self._speed = max(speed, RECORDED)
        if self.playing:
            self._timer.start(self._delay())

    def set_track(self, track: Track) -> None:
        """Take the times of the events from a track."""
        self._times = track.times

    def play(self) -> None:
        """Begin at the playhead; at the end, begin from the start."""
        if self.playing or not self._cursor.length:
            return
        if self._cursor.index >= self._cursor.length:
            self._cursor.set_index(0)
        self._timer.start(self._delay())
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop where the playhead is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def _on_index_changed(self) -> None:
        if not self._moving:
            self.pause()

    def _on_timeout(self) -> None:
        self._moving = True
        self._cursor.step(self._events())
        self._moving = False
        if self._cursor.index < self._cursor.length:
            self._timer.start(self._delay())
        else:
            self.playing_changed.emit(False)

    def _delay(self) -> int:
        """Milliseconds until the next step."""
        if self._speed > 0:
            return max(round(1000 / (EVENTS_PER_SECOND * self._speed)), 1)
        index = self._cursor.index
        before, after = self._time(index - 1), self._time(index)
        if not before or not after:
            return 1000 // EVENTS_PER_SECOND
        gap = after - before
        return min(max(gap, SHORTEST_GAP), LONGEST_GAP)

    def _events(self) -> int:
        """How many events the next step shows: at the recorded speed, all that came at once."""
        if self._speed > 0:
            return 1
        index = self._cursor.index
        start = self._time(index)
        following = self._times[index + 1 : index + MOST_AT_ONCE].tolist()
        near = takewhile(lambda time: 0 < time < start + SHORTEST_GAP, following)
        return 1 + sum(1 for _ in near)

    def _time(self, event: int) -> int:
        """When an event happened, 0 where that is unknown."""
        return self._times[event] if 0 <= event < len(self._times) else 0
