"""Branches beside the open session, as strips on its timeline from where they part.

A strip has an axis of its own, in the same units: one event, millisecond or character of it is as
wide as one of the open session's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from scrubber.core.timeline.marks import marked
from scrubber.core.timeline.prepare import Tick
from scrubber.core.timeline.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.session import Session
    from scrubber.core.timeline.axis import Axis
    from scrubber.core.timeline.prepare import PreparedTrack

_FEW = 8
_BEYOND = 0.25
"""How far behind the end of the session strips are seen, as a part of its length."""
_ONES = bytes([0, *[1] * 255])
STUB = 6.0
"""Pixels of a strip that has no events yet."""


@dataclass(frozen=True)
class Strip:
    """A branch, and what of it is not shared with the open session."""

    session: Session
    start: int
    """The cut of the open session at which it parts."""
    prepared: PreparedTrack
    """Its own events."""

    @cached_property
    def failed(self) -> bytes:
        """Per event: 1 where it reports an error. Empty where there is none."""
        return self.prepared.errors.translate(_ONES)


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


def reach(axis: Axis, strips: Sequence[Strip]) -> float:
    """Units that a view has to hold: the session, and where strips are longer, some of these."""
    ends = (
        axis.position(strip.start) + strip.prepared.axis(axis.mode).length
        for strip in strips
        if len(strip.prepared)
    )
    return min(max(axis.length, *ends, 0.0), axis.length * (1 + _BEYOND))


def sampled(ticks: bytes, edges: Sequence[int]) -> bytes:
    """For each column one event's Tick + 1, 0 where none begins.

    Of few events one of the user's own counts, else the one in the middle: a strip is a hint, and
    must not cost what a lane does.
    """
    return bytes(_sample(ticks, a, b) for a, b in pairwise(edges))


def _sample(ticks: bytes, first: int, stop: int) -> int:
    if first == stop:
        return 0
    if stop - first <= _FEW and ticks.find(Tick.YOU, first, stop) >= 0:
        return Tick.YOU + 1
    return ticks[(first + stop) // 2] + 1


def flagged(ones: bytes, edges: Sequence[int]) -> bytes:
    """For each column 1 if any of its events has a 1, else 0."""
    found = bytearray(max(len(edges) - 1, 0))
    for column in marked(ones, 1, edges):
        found[column] = 1
    return bytes(found)


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
