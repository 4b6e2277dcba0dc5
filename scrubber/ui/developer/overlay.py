"""Shows in a corner of the window how long its last frames took."""

from __future__ import annotations

import time
from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

FRAMES = 120
"""So many frames are remembered."""

BUDGET_MS = 16.0
"""Milliseconds of the GUI thread that a frame may take."""

_SIZE = QSize(FRAMES + 12, 46)
_EVERY_MS = 250
_FULL_MS = 2 * BUDGET_MS
_BACK, _TEXT = QColor(20, 22, 26, 215), QColor(235, 235, 235)
_GOOD, _LATE = QColor(110, 200, 130), QColor(240, 150, 70)


class FrameOverlay(QWidget):
    """A bar for each frame, those over the budget higher and in another colour, and two figures.

    What is timed is the painting of the whole window: everything between Qt's request for a frame
    and the end of its last paint event.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("frameOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_SIZE)
        self._window = window
        self._is_fresh = self._is_own = False
        self.frames: deque[float] = deque(maxlen=FRAMES)
        self._refresh = QTimer(self, interval=_EVERY_MS)
        self._refresh.timeout.connect(self._show_latest)
        self._refresh.start()
        window.installEventFilter(self)
        self._to_corner()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Time the frames of the window, and stay in its corner."""
        if event.type() == QEvent.Type.Resize:
            self._to_corner()
        elif event.type() == QEvent.Type.UpdateRequest:
            before = time.perf_counter()
            watched.event(event)
            self.frames.append(1000 * (time.perf_counter() - before))
            self._is_fresh, self._is_own = not self._is_own, False
            return True
        return False

    def _to_corner(self) -> None:
        self.move(self._window.width() - self.width() - 12, 8)
        self.raise_()

    def _show_latest(self) -> None:
        """Paint what is new; the frame that does so is no news."""
        if self._is_fresh:
            self._is_fresh, self._is_own = False, True
            self.raise_()  # above what was made since
            self.update()

    def summary(self) -> str:
        """The median and the slowest of the frames, in milliseconds."""
        if not self.frames:
            return "no frame yet"
        return f"{median(self.frames):.1f} ms · worst {max(self.frames):.1f} ms"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars over the figures."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _BACK)
        foot = self.height() - 18
        for place, spent in enumerate(self.frames):
            height = max(1.0, min(spent / _FULL_MS, 1.0) * (foot - 4))
            colour = _LATE if spent > BUDGET_MS else _GOOD
            painter.fillRect(QRectF(6 + place, foot - height, 1, height), colour)
        painter.setPen(_TEXT)
        text = self.rect().adjusted(6, foot, -6, 0)
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.summary())
