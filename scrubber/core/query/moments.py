"""Moments as they are typed: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y-%m", "%Y")
_AGO = re.compile(r"(\d{1,5})(min|h|d|w)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment_of(text: str) -> int:
    """Milliseconds since 1970 of ``2026``, ``2026-03``, ``2026-03-01``, ``2026-03-01T09:30``
    (local time, its beginning), ``today``, ``yesterday``, or so long ago: ``30min 6h 7d 2w``."""
    now = datetime.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text.lower() in ("today", "yesterday"):
        return _ms(midnight - timedelta(days=text.lower() == "yesterday"))
    if ago := _AGO.fullmatch(text.lower()):
        return _ms(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
    for form in _FORMS:
        try:
            return _ms(datetime.strptime(text.upper(), form))
        except (ValueError, OverflowError, OSError):
            continue
    raise ValueError(f"{text} is no time; use 2026-03-01, 2026-03-01T09:30, today, 7d")


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
