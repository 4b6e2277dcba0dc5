"""Moments as they are typed: a date, a time, or how long ago."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y-%m", "%Y")
_AGO = re.compile(r"(\d{1,5})(min|h|d|w)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MILLISECONDS = re.compile(r"\d{13}")
_UTC = re.compile(r" ?(UTC|GMT)$")


def moment_of(text: str) -> int:
    """Milliseconds since 1970 of ``2026``, ``2026-03``, ``2026-03-01``, ``2026-03-01T09:30`` (its
    beginning), ``today``, ``yesterday``, or so long ago: ``30min 6h 7d 2w``.

    Also what transcripts and exports print is taken: ISO 8601 with fractions of a second, ``Z`` or
    an offset, a time that ends in ``UTC``, milliseconds. What has no zone is local time.
    """
    now = datetime.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text.lower() in ("today", "yesterday"):
        return _ms(midnight - timedelta(days=text.lower() == "yesterday"))
    if ago := _AGO.fullmatch(text.lower()):
        return _ms(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
    if _MILLISECONDS.fullmatch(text):
        return int(text)
    try:
        return _ms(_read(text.upper()))
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"{text} is no time; use 2026-03-01, 2026-03-01T09:30, today, 7d"
        ) from None


def _read(text: str) -> datetime:
    with suppress(ValueError):
        return datetime.fromisoformat(_UTC.sub("+00:00", text))
    for form in _FORMS:  # those that ISO 8601 does not have: a year alone, one digit for a month
        with suppress(ValueError):
            return datetime.strptime(text, form)
    raise ValueError(text)


def _ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
