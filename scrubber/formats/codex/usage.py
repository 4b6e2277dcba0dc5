"""Codex tells the sum of all tokens so far, often more than once: to what each line adds."""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Usage
from scrubber.formats.codex.records import Record, inner

_KEYS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
)
_Sum = tuple[int, int, int, int, int]


class UsageMeter:
    """The sum so far of one session."""

    def __init__(self) -> None:
        self._total: _Sum | None = None

    def increment(self, payload: Record) -> Usage | None:
        """What a ``token_count`` or ``token_usage_record`` adds; None if it only repeats."""
        last = _sum(inner(payload, "info", "last_token_usage") or inner(payload, "usage"))
        total = _sum(
            inner(payload, "info", "total_token_usage")
            or inner(payload, "thread_token_usage")
            or payload  # before 0.32 the sums stood in the line itself
        )
        before, self._total = self._total, total or self._total
        if total is None or total == before:
            return None
        # The sum goes on from before this file in a fork, and begins anew after a reset.
        step = last or total if before is None else _difference(total, before) or last or total
        return _usage(step, last or step)


def _sum(told: Record) -> _Sum | None:
    found: list[int] = []
    for key in _KEYS:
        value: Any = told.get(key, 0)
        found.append(value if isinstance(value, int) and 0 <= value < 1 << 53 else 0)
    return (found[0], found[1], found[2], found[3], found[4]) if any(found) else None


def _difference(total: _Sum, before: _Sum) -> _Sum | None:
    step = [now - then for now, then in zip(total, before, strict=True)]
    return None if min(step) < 0 else (step[0], step[1], step[2], step[3], step[4])


def _usage(step: _Sum, last: _Sum) -> Usage:
    """Codex counts cached tokens among the input; here they are apart."""
    given, cached, written, output, reasoning = step
    return Usage(max(given - cached - written, 0), cached, written, output, reasoning, last[0])
