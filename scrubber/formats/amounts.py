"""Amounts as sources record them, checked: times in seconds, tokens, dollars."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_LARGEST = 2**53
"""Numbers beyond are no counts: JSON's own numbers end there."""


def count_of(counts: JSON, *keys: str) -> int:
    """The first of an object's numbers that is a count, 0 if there is none."""
    for key in keys:
        value = counts.get(key) if isinstance(counts, dict) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return int(value) if 0 <= value < _LARGEST else 0
    return 0


def micros_of(dollars: JSON) -> int | None:
    """Millionths of a dollar, None if it is no amount."""
    if not isinstance(dollars, (int, float)) or isinstance(dollars, bool):
        return None
    return round(dollars * 1_000_000) if 0 <= dollars < 1e9 else None


def ms_of(seconds: JSON) -> int | None:
    """Milliseconds since 1970 of seconds since then, None if that is no time."""
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return None
    return int(seconds * 1000) if 0 < seconds < 1e11 else None
