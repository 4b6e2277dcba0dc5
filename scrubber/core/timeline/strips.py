"""Branches beside the open session, as strips on its timeline from where they part.

A strip has an axis of its own, in the same units: one event, millisecond or character of it is as
wide as one of the open session's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.timeline.view import View

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.core.timeline.axis import Axis
    from scrubber.core.timeline.prepare import PreparedTrack

STUB = 6.0
"""Pixels of a strip that has no events yet."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A branch, and what of it is not shared with the open session."""

    session: Session
    start: int
    """The cut of the open session at which it parts."""
    prepared: PreparedTrack
    """Its own events."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip in a view: where it is seen, in pixels of the plot, and which part of it is."""

    left: float
    right: float
    axis: Axis
    view: View
    """Of the strip's own axis; as wide as what is seen of it."""
    begins: bool
    """Whether its beginning is in sight."""
    ends: bool


def placed(strip: Strip, axis: Axis, view: View) -> Placed | None:
    """Where a strip lies on the axis of the open session; None if out of sight."""
    own = strip.prepared.axis(axis.mode)
    length = own.length if len(strip.prepared) else 0.0
    left = view.x(axis.position(strip.start))
    right = left + max(length * view.scale, STUB)
    if right < 0 or left > view.width:
        return None
    seen_left, seen_right = max(left, 0.0), min(right, view.width)
    width = max(seen_right - seen_left, 1.0)
    first = (seen_left - left) / view.scale
    part = View(own.length, width, first, width / view.scale, 1e-9)
    return Placed(seen_left, seen_right, own, part, left >= 0, right <= view.width)
