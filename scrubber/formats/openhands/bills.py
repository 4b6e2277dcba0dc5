"""What OpenHands' events add to the bill: its metrics are sums, its responses are repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Usage
from scrubber.formats.amounts import count_of
from scrubber.formats.openhands.dialect import bill_of
from scrubber.formats.openhands.shapes import Event, inner

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTHING = (0, 0, 0, 0, 0, 0)


class Bills:
    """The bill of one conversation so far."""

    def __init__(self) -> None:
        self._so_far: tuple[int, ...] = _NOTHING
        self._responses: set[str] = set()

    def see(self, event: Event) -> Usage | None:
        """What an event adds: by the sums it tells, or by a response that was not seen before."""
        metrics = inner(event, "llm_metrics")
        if metrics:
            return self.rest(bill_of(metrics))
        response = inner(event, "tool_call_metadata", "model_response")
        name, usage = str(response.get("id")), inner(response, "usage")
        if not usage or name in self._responses:
            return None
        self._responses.add(name)
        told = inner(usage, "prompt_tokens_details")
        added = (
            count_of(usage, "prompt_tokens"),
            count_of(told, "cached_tokens") or count_of(usage, "cache_read_input_tokens"),
            count_of(usage, "cache_creation_input_tokens"),
            count_of(usage, "completion_tokens"),
            count_of(inner(usage, "completion_tokens_details"), "reasoning_tokens"),
            0,
        )
        return self.add(added)

    def rest(self, total: Sequence[int]) -> Usage | None:
        """What a sum adds to what is known."""
        return self.add([max(a - b, 0) for a, b in zip(total, self._so_far, strict=True)])

    def add(self, added: Sequence[int]) -> Usage | None:
        """Count it; None if it is nothing."""
        self._so_far = tuple(a + b for a, b in zip(self._so_far, added, strict=True))
        return _usage(added)

    @property
    def total(self) -> Usage | None:
        """All of it."""
        return _usage(self._so_far)


def _usage(amounts: Sequence[int]) -> Usage | None:
    prompt, read, write, output, reasoning, micros = amounts
    if not any(amounts):
        return None
    fresh = max(prompt - read - write, 0)
    return Usage(fresh, read, write, output, min(reasoning, output), prompt, micros or None)
