"""The bill of a step and of a whole ATIF trajectory, read and written."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Usage
from scrubber.core.survey import survey_of
from scrubber.formats.amounts import count_of, micros_of

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript


def usage_of(metrics: JSON) -> Usage | None:
    """What a step adds to the bill; its prompt tokens hold the cached ones."""
    if not isinstance(metrics, dict):
        return None
    given = metrics.get("extra")
    extra: dict[str, Any] = given if isinstance(given, dict) else {}
    written = count_of(extra, "cache_creation_input_tokens", "cache_write_tokens")
    return _usage(
        count_of(metrics, "prompt_tokens"),
        count_of(metrics, "cached_tokens"),
        written,
        count_of(metrics, "completion_tokens"),
        count_of(extra, "reasoning_tokens", "reasoning_output_tokens", "thoughts_tokens"),
        metrics.get("cost_usd"),
    )


def totals_of(metrics: JSON) -> Usage | None:
    """The bill of a whole trajectory whose steps have none of their own."""
    if not isinstance(metrics, dict):
        return None
    found = _usage(
        count_of(metrics, "total_prompt_tokens"),
        count_of(metrics, "total_cached_tokens"),
        0,
        count_of(metrics, "total_completion_tokens"),
        0,
        metrics.get("total_cost_usd"),
    )
    return replace(found, context=0) if found is not None else None


def _usage(
    prompt: int, cached: int, written: int, output: int, reasoning: int, cost: JSON
) -> Usage | None:
    micros = micros_of(cost)
    if not (prompt or output or micros):
        return None
    return Usage(
        input=max(prompt - cached - written, 0),
        cache_read=cached,
        cache_write=written,
        output=output,
        reasoning=min(reasoning, output),
        context=prompt,
        cost_micros=micros,
    )


def to_metrics(usage: Usage) -> dict[str, Any]:
    """The bill of a step as the format has it."""
    metrics: dict[str, Any] = {
        "prompt_tokens": usage.input + usage.cache_read + usage.cache_write,
        "completion_tokens": usage.output,
        "cached_tokens": usage.cache_read,
    }
    if usage.cost_micros is not None:
        metrics["cost_usd"] = usage.cost_micros / 1_000_000
    extra = {
        "cache_creation_input_tokens": usage.cache_write,
        "reasoning_tokens": usage.reasoning,
    }
    if any(extra.values()):
        metrics["extra"] = {key: value for key, value in extra.items() if value}
    return metrics


class Bill:
    """What was billed in a transcript, handed out step by step.

    Some agents record tokens on events that are no messages; what is recorded behind a message
    of the model and before its next one is the bill of that message.
    """

    def __init__(self, transcript: Transcript) -> None:
        survey = survey_of(transcript)
        events = survey.kept(transcript.events())
        self._left = ((e.index, e.usage) for e in events if e.usage is not None)
        self._next = next(self._left, None)
        self.total: Usage | None = None
        self.steps = 0

    def before(self, index: int) -> Usage | None:
        """The bill of the events in front of an index that was not handed out yet."""
        found: Usage | None = None
        while self._next is not None and self._next[0] < index:
            found = _sum(found, self._next[1])
            self._next = next(self._left, None)
        self.total = _sum(self.total, found)
        return found

    def final(self) -> dict[str, Any]:
        """The bill of the whole trajectory."""
        self.before(sys.maxsize)
        metrics = to_metrics(self.total) if self.total is not None else {}
        totals = {f"total_{key}": metrics[key] for key in metrics if key != "extra"}
        return totals | {"total_steps": self.steps}


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return one or other
    costs = (one.cost_micros, other.cost_micros)
    return Usage(
        one.input + other.input,
        one.cache_read + other.cache_read,
        one.cache_write + other.cache_write,
        one.output + other.output,
        one.reasoning + other.reasoning,
        max(one.context, other.context),
        None if None in costs else sum(cost or 0 for cost in costs),
    )
