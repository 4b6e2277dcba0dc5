"""The tokens and the cost that an entry adds, as pi recorded them."""

from __future__ import annotations

from scrubber.core.events import Usage
from scrubber.formats.pi.records import Record, message_of

_MOST = 2**40
"""More tokens than there are; a number beyond it must not break the sums."""
_MOST_DOLLARS = 10**6
_KEYS = ("input", "cacheRead", "cacheWrite", "output", "reasoning")


def usage_of(record: Record) -> Usage | None:
    """The usage of an answer, of a tool that asked a model itself, of a summary, or by itself."""
    message = message_of(record)
    is_answer = message.get("role") == "assistant"
    usage = message.get("usage") if message else record.get("usage")
    if not isinstance(usage, dict):
        return None
    input, read, write, output, reasoning = [_count(usage.get(key)) for key in _KEYS]
    cost = _cost(usage.get("cost"))
    if not (input or read or write or output or cost):
        return None
    context = input + read + write if is_answer else 0
    return Usage(input, read, write, output, min(reasoning, output), context, cost)


def _count(value: object) -> int:
    return min(value, _MOST) if isinstance(value, int) and value > 0 else 0


def _cost(cost: object) -> int | None:
    total = cost.get("total") if isinstance(cost, dict) else None
    if not isinstance(total, (int, float)) or not 0 <= total < _MOST_DOLLARS:
        return None
    return round(total * 1e6)
