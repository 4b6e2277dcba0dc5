"""Which ticks an axis carries, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from scrubber.core.timeline.time import TimeAxis
from scrubber.core.timeline.view import Mode, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.timeline.axis import Axis

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
_CLOCK_STEPS = (
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 7, 14, 28, 91, 364, 3640)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis; one without a label is a minor one."""

    x: float
    label: str = ""


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50, … that is not below ``least``; never under 1."""
    if least <= 1:
        return 1.0
    power = 10.0 ** floor(log10(least))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= least * 0.999999)


def short_number(number: float) -> str:
    """A count in few characters: 980, 1.2k, 150k, 1.5M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            digits = 1 if number < 100 * limit else 0
            return f"{number / limit:.{digits}f}".removesuffix(".0") + unit
    return f"{number:.0f}"


def short_duration(milliseconds: float) -> str:
    """A span of time in its largest fitting unit: 45 s, 12 min, 14 h, 3 d."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if milliseconds >= (2 * size if size == _DAY else size):
            return f"{milliseconds / size:.0f} {unit}"
    return f"{milliseconds / _SECOND:.0f} s"


def ticks(axis: Axis, view: View, spacing: float) -> list[Tick]:
    """Labelled ticks at least ``spacing`` pixels apart, minor ones between them."""
    if isinstance(axis, TimeAxis):
        return list(_clock_ticks(axis, view, spacing))
    per_unit = 4.0 if axis.mode is Mode.TOKENS else 1.0
    step = nice_step(spacing * view.span / view.width / per_unit)
    return list(_number_ticks(view, step * per_unit, per_unit))


def _number_ticks(view: View, step: float, unit: float) -> Iterator[Tick]:
    parts = _minor_parts(step / unit, step * view.scale)
    fine = step / parts
    for n in range(ceil(view.first / fine - 1e-9), floor(view.stop / fine + 1e-9) + 1):
        value = n * fine / unit
        label = (f"{value:,.0f}" if unit == 1 else short_number(value)) if n % parts == 0 else ""
        yield Tick(view.x(n * fine), label)


def _minor_parts(step: float, pixels: float) -> int:
    """Into how many parts minor ticks cut a step, so that they stay 7 pixels apart."""
    leading = round(step / 10.0 ** floor(log10(step) + 1e-9))
    for parts in (10, 5, 4, 2):
        fits = leading % parts == 0 or (leading * 10) % parts == 0
        if fits and step % parts == 0 and pixels / parts >= 7:
            return parts
    return 1


def _clock_ticks(axis: TimeAxis, view: View, spacing: float) -> Iterator[Tick]:
    least = spacing * view.span / view.width
    step = next((s for s in _CLOCK_STEPS if s >= least), _CLOCK_STEPS[-1])
    free = float("-inf")
    for first, stop in axis.segments(view.first, view.stop):
        clock = axis.clock(first)
        zone = _zone_offset(clock)
        mark = ceil((clock + zone) / step) * step - zone
        while mark <= clock + (stop - first):
            x = view.x(first + mark - clock)
            yield Tick(x, clock_label(mark, step) if x >= free else "")
            free = max(free, x + spacing) if x >= free else free
            mark += step


def _zone_offset(milliseconds: float) -> float:
    """Milliseconds that this machine's clock is ahead of UTC at that time."""
    try:
        offset = datetime.fromtimestamp(milliseconds / 1000).astimezone().utcoffset()
    except (OverflowError, ValueError, OSError):
        return 0.0
    return offset.total_seconds() * 1000 if offset else 0.0


def clock_label(milliseconds: float, step: float = _SECOND) -> str:
    """Local time, or the day at midnight: as fine as the step between the ticks asks for."""
    try:
        when = datetime.fromtimestamp(milliseconds / 1000)
    except (OverflowError, ValueError, OSError):
        return "?"
    if step >= 364 * _DAY:
        return f"{when:%Y}"
    if step >= _DAY or (when.hour, when.minute, when.second) == (0, 0, 0):
        return f"{when.day} {when:%b}"
    return f"{when:%H:%M:%S}" if step < _MINUTE else f"{when:%H:%M}"
