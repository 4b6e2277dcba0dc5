"""Which stretch of a session the timeline shows: position ↔ pixel, zoom and pan.

A *position* is a place on the axis in the axis' own unit (events, milliseconds, characters);
``timeline_axis`` knows which event lies where. Everything here is a plain value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Mode(StrEnum):
    """What the axis measures."""

    INDEX = "index"
    TIME = "time"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class View:
    """A window of ``span`` units, from ``first`` on, drawn on ``width`` pixels."""

    length: float
    """Units of the whole axis; at least 1."""
    width: float
    """Logical pixels."""
    first: float = 0.0
    span: float = 0.0
    """Units on the screen; 0 stands for the whole axis."""
    minimum: float = 1.0
    """The smallest span that can be zoomed to."""

    def __post_init__(self) -> None:
        length, width = max(self.length, 1.0), max(self.width, 1.0)
        span = min(max(self.span or length, min(self.minimum, length)), length)
        object.__setattr__(self, "length", length)
        object.__setattr__(self, "width", width)
        object.__setattr__(self, "span", span)
        object.__setattr__(self, "first", min(max(self.first, 0.0), length - span))

    @property
    def stop(self) -> float:
        """The position at the right edge."""
        return self.first + self.span

    @property
    def scale(self) -> float:
        """Pixels per unit."""
        return self.width / self.span

    @property
    def zoomed_in(self) -> bool:
        """Whether less than the whole axis is shown."""
        return self.span < self.length * 0.999999

    def x(self, position: float) -> float:
        """The pixel of a position; outside 0…width for what is not shown."""
        return (position - self.first) * self.width / self.span

    def position(self, x: float) -> float:
        """The position under a pixel."""
        return self.first + x * self.span / self.width

    def resized(self, width: float) -> View:
        """The same stretch on another width."""
        return replace(self, width=width)

    def zoomed(self, factor: float, x: float) -> View:
        """Closer by a factor (below 1: farther), the position under pixel ``x`` staying there."""
        span = min(max(self.span / factor, min(self.minimum, self.length)), self.length)
        anchor = self.position(x)
        return replace(self, span=span, first=anchor - x * span / self.width)

    def panned(self, pixels: float) -> View:
        """Shifted to the right by so many pixels."""
        return replace(self, first=self.first + pixels * self.span / self.width)

    def centred(self, position: float) -> View:
        """The same span with a position in its middle, as far as the ends allow."""
        return replace(self, first=position - self.span / 2)

    def whole(self) -> View:
        """Zoomed out to everything."""
        return replace(self, first=0.0, span=self.length)

    def showing(self, position: float, margin: float = 24.0) -> View:
        """Shifted just enough that a position is ``margin`` pixels within the edges."""
        margin = min(margin, self.width / 4)
        x = self.x(position)
        if x < margin:
            return self.panned(x - margin)
        if x > self.width - margin:
            return self.panned(x - self.width + margin)
        return self

    def on(self, length: float, minimum: float) -> View:
        """For an axis that has grown: all of it if all of it was shown, else the same stretch."""
        if not self.zoomed_in:
            return View(length, self.width, minimum=minimum)
        return replace(self, length=length, minimum=minimum)
