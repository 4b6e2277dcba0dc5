"""Times and amounts in few words."""

from __future__ import annotations

from datetime import datetime

_UNITS = (("y", 365 * 86400), ("mo", 30 * 86400), ("d", 86400), ("h", 3600), ("min", 60))


def age(then_ms: int, now_ms: int) -> str:
    """How long ago a moment was: ``3 d``, ``now``."""
    seconds = (now_ms - then_ms) / 1000
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "now"


def clock(ms: int | None) -> str:
    """The local time of day, to the second; empty where there is no time."""
    return _local(ms, "%H:%M:%S") or ""


def moment(ms: int | None) -> str:
    """The local date and time; a dash where there is none."""
    return _local(ms, "%Y-%m-%d %H:%M:%S") or "—"


def _local(ms: int | None, form: str) -> str | None:
    try:
        return datetime.fromtimestamp(ms / 1000).strftime(form) if ms else None
    except (ValueError, OverflowError, OSError):
        return None  # beyond the calendar


def span(ms: int) -> str:
    """A length of time: ``0.42 s``, ``12 s``, ``2 min 5 s``, ``3 h 12 min``, ``5 d 2 h``."""
    seconds = ms / 1000
    if seconds < 10:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def amount(number: int) -> str:
    """A count in three digits or so: ``812``, ``14.5 k``, ``1.5 M``."""
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            value = number / size
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"
    return str(number)


def bytes_text(size: float) -> str:
    """A number of bytes: ``812 B``, ``48 kB``, ``1.2 MB``."""
    for unit, scale, digits in (("GB", 1e9, 1), ("MB", 1e6, 1), ("kB", 1e3, 0)):
        if size >= scale * 0.9995:
            return f"{size / scale:.{digits}f} {unit}"
    return f"{size:.0f} B"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 event``, ``1,032 events``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
