"""What a request would use, before it is sent: tokens, what of them is cached, and the cost."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.context.estimates import CHARS_PER_TOKEN
from scrubber.core.events import Event, Kind, Role, Usage
from scrubber.live import prices
from scrubber.live.provider import Forecast
from scrubber.store.own_log import OWN_FORMAT

if TYPE_CHECKING:
    from scrubber.live.endpoints import Endpoint
    from scrubber.live.provider import Request

CACHE_S = 300.0
"""How long providers keep a prefix, at the least."""

LEAST_CACHED = 1_024
"""Tokens below which providers keep none."""

_KEPT_BODIES, _KEPT_BYTES = 32, 64 * 1024 * 1024


class SentBodies:
    """The bodies that were sent last, for what of a new one a provider has seen before.

    Used by any number of threads. Bodies of one branch begin alike: see ``scrubber.live.wire``.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str, bytes], float] = OrderedDict()

    def note(self, endpoint: str, model: str, body: bytes) -> None:
        """Remember a body that goes out now."""
        key = endpoint, model, body
        with self._lock:
            self._kept[key] = time.monotonic()
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)

    def share(self, endpoint: str, model: str, body: bytes) -> float:
        """How much of a body (0…1) begins one that was sent within the last minutes."""
        since = time.monotonic() - CACHE_S
        with self._lock:
            bodies = [
                sent
                for (where, whom, sent), when in self._kept.items()
                if (where, whom) == (endpoint, model) and when >= since
            ]
        return max((_common(sent, body) / len(body) for sent in bodies), default=0.0)

    def _is_full(self) -> bool:
        size = sum(len(body) for _, _, body in self._kept)
        return len(self._kept) > _KEPT_BODIES or size > _KEPT_BYTES


def _common(one: bytes, other: bytes) -> int:
    """Bytes that both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Forecasts for one endpoint."""

    endpoint: Endpoint
    sent: SentBodies

    def forecast(self, request: Request, body: bytes, window: int | None) -> Forecast:
        """What sending it would use."""
        model = request.params.model
        counted = _last_call(request)
        tokens = self._tokens(request, counted)
        cached = round(tokens * self.sent.share(self.endpoint.name, model, body))
        if counted is not None and counted.is_ours and counted.is_fresh:
            cached = max(cached, min(counted.tokens, tokens))
        cached = cached if cached >= LEAST_CACHED else 0
        usage = Usage(tokens - cached, cached, context=tokens)
        cost = prices.cost_micros(usage, self.endpoint, model)
        return Forecast(tokens, cached, cost, window)

    def _tokens(self, request: Request, counted: _Counted | None) -> int:
        """Counted by a provider as far as that goes, the rest by its characters."""
        if counted is None:
            return self._estimate(request, 0) + self._estimate_tools(request)
        known = counted.tokens
        if not counted.is_ours and not _has_prompt(request):
            known -= max(counted.first - self._estimate(request, 0, counted.first_at), 0)
        return max(known, 0) + self._estimate(request, counted.upto)

    def _estimate(self, request: Request, start: int, stop: int | None = None) -> int:
        """Tokens of the messages' events start…stop-1."""
        size = sum(
            event.size
            for message in request.messages
            for event, _ in message.items
            if start <= event.index and (stop is None or event.index < stop)
        )
        return self._of_characters(size)

    def _estimate_tools(self, request: Request) -> int:
        return self._of_characters(
            sum(len(str(t.schema)) + len(t.name) + len(t.description) for t in request.tools)
        )

    def _of_characters(self, number: int) -> int:
        return round(number / CHARS_PER_TOKEN[self.endpoint.api])


class _Counted(NamedTuple):
    """What a provider said of the last call within a prefix."""

    tokens: int
    upto: int
    """Events in front of this index are among the tokens."""
    is_ours: bool
    """Whether the call was made here, of a prefix that we know whole."""
    is_fresh: bool
    first: int
    """Tokens of the first prompt of the recording, and the event that followed it."""
    first_at: int


def _last_call(request: Request) -> _Counted | None:
    """The last call that the same kind of model answered, None if nothing is known of any."""
    calls = [event for event in request.transcript.events() if event.usage and event.usage.context]
    start = next((m.start for m in request.messages if m.role is not Role.SYSTEM), 0)
    if not calls or calls[-1].index < start or calls[-1].usage is None:
        return None
    last, usage = calls[-1], calls[-1].usage
    ours = request.transcript.format_of(last) == OWN_FORMAT
    answered = last.name if ours else request.transcript.session.model
    if not _is_alike(answered, request.params.model):
        return None
    is_behind = last.kind is Kind.USAGE
    return _Counted(
        usage.context + (usage.output if is_behind else 0),
        last.index + 1 if is_behind else last.index,
        ours,
        ours and _is_fresh(last),
        calls[0].usage.context if calls[0].usage else 0,
        calls[0].index,
    )


def _is_alike(one: str | None, other: str) -> bool:
    """Whether two models count alike: ``claude-…`` and ``claude-…``, ``gpt-…`` and ``gpt-…``."""
    return bool(one) and str(one).split("-")[0] == other.split("-")[0]


def _is_fresh(event: Event) -> bool:
    return event.ts is not None and time.time() * 1000 - event.ts < CACHE_S * 1000


def _has_prompt(request: Request) -> bool:
    """Whether the request has what recordings of agents usually lack: a system prompt, or tools."""
    return bool(request.tools) or any(m.role is Role.SYSTEM for m in request.messages)
