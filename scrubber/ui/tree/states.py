"""How a branch stands, as a sign and a word: never by colour alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from scrubber.models.tree_rows import RunState
from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor

    from scrubber.core.session import Session

RING = "ring"
_TURN_S = 1.2


@dataclass(frozen=True, slots=True)
class State:
    """A sign (an icon of resources/icons, or a ring that turns) and the word for it."""

    sign: str
    word: str
    tone: str = "muted"

    def colour(self, look: theme.Theme) -> QColor:
        """Its colour in a theme."""
        found: QColor = getattr(look, self.tone)
        return found


_RUNNING = {
    RunState.RUNNING: State(RING, RunState.RUNNING, "accent"),
    RunState.STOPPING: State(RING, RunState.STOPPING),
    RunState.QUEUED: State("pause", RunState.QUEUED),
    RunState.WAITS: State("user", RunState.WAITS, "warning"),
}
_ENDED = {
    "paused": State("pause", "paused"),
    "stopped": State("stop", "stopped"),
    "error": State("error", "failed", "error"),
    "active": State("warning", "broken off", "warning"),
}


def state_of(session: Session, run: RunState | None) -> State | None:
    """How a branch stands; None for a recording, and for a branch that has come to an end."""
    if run is not None:
        return _RUNNING[run]
    if session.relation != "fork" or session.source is not None:
        return None
    return _ENDED.get(session.status)


def paint_state(painter: QPainter, state: State, place: QRectF, colour: QColor) -> None:
    """Draw the sign of a state."""
    if state.sign == RING:
        paint_ring(painter, place, colour)
        return
    size = round(place.width())
    ratio = painter.device().devicePixelRatioF()
    drawn = theme.pixmap(state.sign, colour.name(), size, ratio)
    painter.drawPixmap(place.topLeft(), drawn)


def paint_ring(painter: QPainter, place: QRectF, colour: QColor) -> None:
    """A ring that turns: where it stands is the time of day."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = place.adjusted(1, 1, -1, -1)
    faint = theme.current().line
    painter.setPen(QPen(faint, 2))
    painter.drawEllipse(inner)
    painter.setPen(QPen(colour, 2, c=Qt.PenCapStyle.RoundCap))
    painter.drawArc(inner, -int(time.monotonic() % _TURN_S / _TURN_S * 360 * 16), 100 * 16)
    painter.restore()
