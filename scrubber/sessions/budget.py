"""How full a session's context is, what it has cost, and when to compact: after a3s-code.

Everything is read from the session's events, so it cannot drift from them, as it does in a3s-code
(where a reply, or a compaction, leaves the number of turns and the percentage behind).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrubber.live.prices import recorded_cost, recorded_window
from scrubber.sessions.frames import COMPACTION, frames
from scrubber.sessions.ledger import recorded_model, stretches_of
from scrubber.store import ledger as rows
from scrubber.store import sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Usage
    from scrubber.store import Store

THRESHOLD = 0.8
"""From this share of the window on a conversation is compacted, the share itself included."""
MAX_TOKENS = 200_000
"""The window where the model's is unknown."""


@dataclass(frozen=True, slots=True)
class ContextUsage:
    """How full the context is."""

    used_tokens: int
    """Size of the last prompt; the one before does not count. 0 before the first."""
    max_tokens: int
    turns: int
    """Messages in the session, as a model sees them."""
    is_stale: bool = False
    """Whether it was compacted since that prompt, so that the next one will be smaller."""

    @property
    def percent(self) -> float:
        """The share that is used: 0.0 to 1.0, more if it is over the window."""
        return self.used_tokens / self.max_tokens

    def should_compact(self, threshold: float = THRESHOLD, enabled: bool = True) -> bool:
        """Whether it is time to compact. Not again until a prompt was sent since the last time."""
        return enabled and not self.is_stale and self.percent >= threshold


def context_usage(store: Store, session: str, max_tokens: int | None = None) -> ContextUsage:
    """How full a session's context is; ``max_tokens`` None: the window of its model."""
    found = store.session(session)
    last = rows.last_prompt(store.connections.get(), list(store.slices(found.id).slices))
    used, prompt = last or (0, None)
    limit = max_tokens or recorded_window(found.model) or MAX_TOKENS
    stale = prompt is not None and _is_summed_up(store, found.id, prompt)
    return ContextUsage(used, limit, found.messages, stale)


def _is_summed_up(store: Store, session: str, prompt: int) -> bool:
    """Whether the last compaction came after that prompt: its frame says which was the last."""
    summed_up = [one for one in frames(store, session) if one.reason == COMPACTION]
    return bool(summed_up) and summed_up[-1].measured == prompt


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of a model, and what it has cost."""

    model: str
    """``""`` where nothing names one."""
    source: str
    """``recorded``, ``turn``, ``compaction``, or what was entered by hand."""
    usage: Usage
    timestamp: int | None
    """Milliseconds since 1970, UTC."""
    session: str

    @property
    def cost_usd(self) -> float | None:
        """US dollars; None where the price is unknown, never 0 for that."""
        micros = self.usage.cost_micros
        return None if micros is None else micros / 1_000_000

    def as_json(self) -> dict[str, Any]:
        """The record of a3s-code: prompt tokens are all that went in, cached or not."""
        prompt = self.usage.input + self.usage.cache_read + self.usage.cache_write
        return {
            "model": self.model,
            "provider": "",
            "prompt_tokens": prompt,
            "completion_tokens": self.usage.output,
            "total_tokens": self.usage.total,
            "cost_usd": self.cost_usd,
            "timestamp": _rfc3339(self.timestamp),
            "session_id": self.session,
        }


def _rfc3339(ms: int | None) -> str | None:
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Costs:
    """What a session has cost: its calls, and their sum as far as it is known."""

    records: tuple[CallRecord, ...]

    @property
    def total_usd(self) -> float:
        """The calls whose cost is known, together."""
        return sum(one.usage.cost_micros or 0 for one in self.records) / 1_000_000

    @property
    def unknown(self) -> int:
        """How many calls have a cost that nobody knows: the total is too small by these."""
        return sum(one.cost_usd is None for one in self.records)


def costs(store: Store, session: str) -> Costs:
    """The calls that a session's events tell of, on its path and on those that it has left."""
    return Costs(tuple(_records(store, session)))


def _records(store: Store, session: str) -> Iterator[CallRecord]:
    found, connection = store.session(session), store.connections.get()
    pk = sessions.find(connection, found.id)
    for place, (when, source, model, usage) in rows.calls(
        connection, stretches_of(store, found.id)
    ):
        name = model or recorded_model(store, *place) or found.model or ""
        yield CallRecord(name, source, _priced(usage, name), when, found.id)
    for when, source, model, usage in rows.entered(connection, pk):
        yield CallRecord(model or "", source, _priced(usage, model or ""), when, found.id)


def _priced(usage: Usage, model: str) -> Usage:
    """The usage with its cost: the recorded one, else by the price list, else unknown."""
    return replace(usage, cost_micros=recorded_cost(usage, model))
