"""What a branch sums up to, for the head of its column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind, Role, Usage
from scrubber.core.track import Flag

if TYPE_CHECKING:
    from scrubber.core.events import Totals
    from scrubber.core.track import Track

_REPLY = Flag.OPENS_MESSAGE | int(Role.ASSISTANT)
_REPLIES = bytes(flags & (Flag.OPENS_MESSAGE | Flag.ROLE) == _REPLY for flags in range(256))


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a stretch of a session."""

    events: int
    turns: int
    """Replies of the model, each with its tool calls."""
    tool_calls: int
    errors: int
    tokens: int
    cost_micros: int | None
    """Millionths of a US dollar, as recorded; else what the tokens cost by the prices of the
    session's model, None where nobody knows them."""
    cost_estimated: bool
    """Whether the cost is by prices, not recorded."""
    seconds: float | None
    """From the first to the last time that is known; None where none is."""

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Headline:
    """How a branch ended, and what it took: all of it, and what lies behind the shared start."""

    outcome: str
    """The score, or how the session ended by its own word; else its last words."""
    whole: Figures
    own: Figures


Price = Callable[[Usage], "int | None"]
"""What tokens cost, in millionths of a US dollar."""


def figures(track: Track, totals: Totals, start: int, stop: int, price: Price) -> Figures:
    """The figures of the events start…stop-1, whose totals are given."""
    recorded = totals.cost_micros or None
    cost = recorded if recorded or not totals.tokens else price(_usage(totals))
    replies = track.flags[start:stop].translate(_REPLIES)
    return Figures(
        events=stop - start,
        turns=replies.count(1),
        tool_calls=track.kinds.count(int(Kind.TOOL_CALL), start, stop),
        errors=totals.errors,
        tokens=totals.tokens,
        cost_micros=cost,
        cost_estimated=cost is not None and recorded is None,
        seconds=_span(track, start, stop),
    )


def _usage(totals: Totals) -> Usage:
    return Usage(totals.input, totals.cache_read, totals.cache_write, totals.output)


def _span(track: Track, start: int, stop: int) -> float | None:
    times = [time for time in track.times[start:stop] if time]
    return (max(times) - min(times)) / 1000 if times else None
