"""The tokens that Copilot CLI records: output with each message, all others when a run ends."""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Usage

_KEYS = ("inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens")
_MOST = 2**40
"""More tokens than there are; a number beyond it must not break the sums."""


class UsageCounter:
    """What each record adds. The totals of a shutdown go on from those of the one before."""

    def __init__(self) -> None:
        self._totals: dict[str, tuple[int, ...]] = {}
        self._said = 0

    def increment(self, kind: str, data: dict[str, Any]) -> Usage | None:
        """The tokens that a record tells of for the first time, None if there are none."""
        if kind == "assistant.message" and (output := _count(data, "outputTokens")):
            self._said += output
            return Usage(output=output)
        if kind == "session.shutdown" and isinstance(metrics := data.get("modelMetrics"), dict):
            return self._run(metrics, _count(data, "currentTokens"))
        return None

    def _run(self, metrics: dict[str, Any], context: int) -> Usage | None:
        sums = [0] * len(_KEYS)
        for model, metric in metrics.items():
            usage = metric.get("usage") if isinstance(metric, dict) else None
            if isinstance(usage, dict):
                sums = [a + b for a, b in zip(sums, self._grown(model, usage), strict=True)]
        prompt, read, written, output, thought = sums
        counted, self._said = min(self._said, output), max(self._said - output, 0)
        found = Usage(
            input=max(prompt - read - written, 0),
            cache_read=read,
            cache_write=written,
            output=output - counted,
            reasoning=thought,
            context=context,
        )
        return found if found.total or context else None

    def _grown(self, model: str, usage: dict[str, Any]) -> tuple[int, ...]:
        """What a model's totals have grown by; smaller ones are those of a run of its own."""
        now = tuple(_count(usage, key) for key in _KEYS)
        before = self._totals.get(model, (0,) * len(_KEYS))
        self._totals[model] = now
        grown = tuple(a - b for a, b in zip(now, before, strict=True))
        return (*grown[:4], max(grown[4], 0)) if min(grown[:4]) >= 0 else now


def _count(usage: dict[str, Any], key: str) -> int:
    value = usage.get(key)
    return min(value, _MOST) if isinstance(value, int) and value > 0 else 0
