"""A track made ready to be painted: what each tick is, and how many there are up to anywhere.

``prepare`` is a pure function of some milliseconds per million events, so it may run on a worker.
The tricks are those of plain Python on bytes: translate, count and find run at memory speed, and
two columns are joined by an OR of two very long numbers.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import accumulate
from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Role
from scrubber.core.timeline import columns as by_column
from scrubber.core.timeline.axis import Axis, SumAxis
from scrubber.core.timeline.time import build_time_axis
from scrubber.core.timeline.view import Mode
from scrubber.core.track import AgentSpan, Flag, ForkMark, Lane, Track, lane_of

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from scrubber.core.timeline.columns import Columns

PEAK_BLOCK = 64
"""Events of which the largest context is kept."""


class Tick(IntEnum):
    """How an event's tick is drawn: its lane, calls and results told apart."""

    YOU = 0
    MODEL = 1
    THINKING = 2
    CALL = 3
    RESULT = 4
    SUBAGENT = 5
    OTHER = 6


LANES = (
    Lane.YOU,
    Lane.MODEL,
    Lane.THINKING,
    Lane.TOOLS,
    Lane.TOOLS,
    Lane.SUBAGENTS,
    Lane.OTHER,
)
"""The lane of each Tick."""


def tick_of(kind: Kind, role: Role) -> Tick:
    """How an event of this kind is drawn."""
    lane = lane_of(kind, role)
    if lane is Lane.TOOLS:
        return Tick.CALL if kind is Kind.TOOL_CALL else Tick.RESULT
    return Tick(LANES.index(lane))


_DISTINCT = (
    Kind.UNKNOWN,
    Kind.MESSAGE,
    Kind.COMMAND,
    Kind.REASONING,
    Kind.TOOL_CALL,
    Kind.TOOL_RESULT,
    Kind.SUBAGENT_START,
)
"""One kind of each sort that tick_of tells apart: three bits in place of six."""


def _sort_of(kind: Kind) -> int:
    """The place in _DISTINCT of the kind that is drawn like this one, whoever's turn it is."""
    drawn = [tick_of(kind, role) for role in Role]
    return next(
        n for n, other in enumerate(_DISTINCT) if [tick_of(other, r) for r in Role] == drawn
    )


_SORTS: dict[int, int] = {kind: _sort_of(kind) for kind in Kind}
_KINDS = bytes(_SORTS.get(number, 0) for number in range(256))
_FLAGS = bytes((flags & Flag.ROLE) << 3 | bool(flags & Flag.ERROR) << 6 for flags in range(256))
_ADDED = bytes(int(bool(flags & Flag.ADDED)) for flags in range(256))


def _joined(code: int) -> tuple[int, int]:
    """The Tick, and lane + 1 of an error or 0, of a joined code: 3 bits sort, 3 role, 1 error."""
    sort, role = min(code & 7, len(_DISTINCT) - 1), min(code >> 3 & 7, len(Role) - 1)
    tick = tick_of(_DISTINCT[sort], Role(role))
    return tick, LANES[tick] + 1 if code & 64 else 0


_TICKS = bytes(_joined(code)[0] for code in range(256))
_ERRORS = bytes(_joined(code)[1] for code in range(256))
_ERROR_VALUES = tuple(lane + 1 for lane in Lane)


@dataclass(slots=True)
class PreparedTrack:
    """A track with what its painting needs; immutable but for the axes it builds on demand."""

    track: Track
    ticks: bytes
    """A Tick per event."""
    errors: bytes
    """Per event: lane + 1 where it reports an error, else 0. Empty where there is none."""
    added: bytes
    """Per event: 1 where it was not recorded. Empty where there is none."""
    sums: dict[int, array[int]]
    """Running totals of the ticks; only of those that occur."""
    error_sums: dict[int, array[int]]
    """Running totals of the errors, by their value."""
    peaks: array[int]
    """The largest context of each PEAK_BLOCK events. Empty where none is recorded."""
    peak: int
    """The largest of all, 0 where none is recorded."""
    lanes: tuple[Lane, ...]
    """The lanes that have something to show."""
    forks: tuple[ForkMark, ...]
    """By index."""
    spans: tuple[AgentSpan, ...]
    """By start."""
    span_starts: array[int]
    span_reach: array[int]
    """Per span: the largest stop up to it."""
    axes: dict[Mode, Axis] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ticks)

    def counts(self, tick: int, edges: Sequence[int]) -> list[int]:
        """How many of a tick lie between neighbouring edges."""
        return by_column.counts(self.ticks, self.sums[tick], tick, edges)

    def densities(self, tick: int, columns: Columns) -> list[int]:
        """How many of a tick are drawn in each column; the unit is that of the errors, too."""
        return by_column.densities(self.ticks, self.sums[tick], tick, columns)

    def error_densities(self, lane: Lane, columns: Columns) -> list[int]:
        """How many errors of a lane are drawn in each column; it must have one."""
        value = lane + 1
        return by_column.densities(self.errors, self.error_sums[value], value, columns)

    def axis_builder(self, mode: Mode) -> Generator[None, None, Axis]:
        """Build an axis in small steps; an axis of all zeros falls back to the index."""
        if mode not in self.axes:
            axis: Axis | None = None
            if mode is Mode.TIME:
                axis = yield from build_time_axis(self.track.times)
            elif mode is Mode.TOKENS and len(self):
                axis = SumAxis(self.track.sizes, mode)
            usable = axis is not None and axis.length > 1
            self.axes[mode] = axis if axis and usable else Axis(len(self))
        return self.axes[mode]

    def axis(self, mode: Mode) -> Axis:
        """Build an axis at once."""
        for _ in self.axis_builder(mode):
            pass
        return self.axes[mode]


def prepare(track: Track) -> PreparedTrack:
    """Make a track ready to be painted; depends on nothing but the track."""
    count = len(track)
    code = int.from_bytes(track.kinds.translate(_KINDS), "little")
    code |= int.from_bytes(track.flags.translate(_FLAGS), "little")
    codes = code.to_bytes(count, "little")
    ticks, errors = codes.translate(_TICKS), codes.translate(_ERRORS)
    added = track.flags.translate(_ADDED)
    spans = tuple(sorted(track.spans, key=lambda span: span.start))
    sums, peaks = by_column.totals(ticks, Tick), _peaks(track.contexts)
    lanes = {LANES[tick] for tick in sums} | ({Lane.SUBAGENTS} if track.spans else set())
    return PreparedTrack(
        track=track,
        ticks=ticks,
        errors=errors if errors.count(0) < count else b"",
        added=added if 1 in added else b"",
        sums=sums,
        error_sums=by_column.totals(errors, _ERROR_VALUES),
        peaks=peaks,
        peak=max(peaks, default=0),
        lanes=tuple(sorted(lanes)),
        forks=tuple(sorted(track.forks, key=lambda fork: fork.index)),
        spans=spans,
        span_starts=array("q", (span.start for span in spans)),
        span_reach=array("q", accumulate((span.stop for span in spans), max)),
    )


def filtered(prepared: PreparedTrack, fitting: bytes) -> PreparedTrack:
    """The same track with only the ticks of events that fit, 1 in the mask; its axes stay.

    Events behind the end of the mask fit.
    """
    count = len(prepared)
    mask = fitting[:count].ljust(count, b"\1")
    out = mask.translate(_OUT)
    ticks = _either(prepared.ticks, out)
    kept = mask.translate(_KEPT)
    errors = _both(prepared.errors, kept)
    return replace(
        prepared,
        ticks=ticks,
        errors=errors,
        added=_both(prepared.added, kept),
        sums=by_column.totals(ticks, Tick),
        error_sums=by_column.totals(errors, _ERROR_VALUES),
    )


_OUT = bytes([255]) + bytes(255)
_KEPT = bytes([0]) + bytes([255]) * 255


def _either(one: bytes, other: bytes) -> bytes:
    number = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return number.to_bytes(len(one), "little")


def _both(one: bytes, other: bytes) -> bytes:
    number = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return number.to_bytes(len(one), "little")


def _peaks(contexts: array[int]) -> array[int]:
    size = PEAK_BLOCK
    peaks = array("I", (max(contexts[i : i + size]) for i in range(0, len(contexts), size)))
    return peaks if any(peaks) else array("I")
