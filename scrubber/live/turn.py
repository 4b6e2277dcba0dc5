"""One turn of the model: the request, and the reply as it streams in."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Mark, Usage, Visibility
from scrubber.core.hashing import sha256
from scrubber.live import context, drafts
from scrubber.live.compaction import compact
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Ended, Grew, Repeated, Replied, Stop
from scrubber.live.pictures import count_pictures, without_pictures
from scrubber.live.recorder import ReplyRecorder
from scrubber.live.reports import Sending, Streamed

if TYPE_CHECKING:
    from scrubber.live.journal import Journal
    from scrubber.live.parts import Began
    from scrubber.live.provider import Forecast, Provider, Request
    from scrubber.live.run import Plan

_REASONS = {
    Stop.END: "the model ended its turn",
    Stop.LENGTH: "the reply reached its limit of tokens",
    Stop.REFUSED: "the model refused",
    Stop.UNKNOWN: "the reply ended without a reason",
}
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


class Turn:
    """Asks the provider once more."""

    def __init__(self, journal: Journal, provider: Provider, plan: Plan, number: int) -> None:
        """``number``: which turn of the run it is, from 1."""
        self._journal = journal
        self._provider = provider
        self._plan = plan
        self._number = number
        self.was_sent = False

    async def take(self) -> str | None:
        """Get the reply, again where that may help.

        Gives why the model's turn is over, None if it called tools. A ProviderError if there is no
        reply, or it broke off; what came of it is kept.
        """
        request, body = await asyncio.to_thread(self._build)
        if self._is_nearly_full(request, body) and await compact(
            self._journal, self._provider, request
        ):
            request, body = await asyncio.to_thread(self._build)
        for attempt in range(1, self._plan.tries + 1):
            exchange = self._send(request, body)
            try:
                return await exchange.receive()
            except ProviderError as error:
                exchange.failed(error)
                if not error.retryable or exchange.received or attempt == self._plan.tries:
                    raise
                seconds = _wait(error, attempt)
                self._journal.note(f"{error} Trying again in {seconds:.0f} s.")
                await asyncio.sleep(seconds)
        raise AssertionError("the last attempt returns or raises")

    def _build(self) -> tuple[Request, bytes]:
        transcript = self._journal.branch.transcript()
        request = context.build(transcript, self._plan.params, self._plan.tools).request
        if self._plan.agrees("pictures") and count_pictures(request.messages):
            blind = self._provider.takes_pictures(request) is False
            request = without_pictures(request) if blind else request
        return request, self._provider.body(request)

    def _is_nearly_full(self, request: Request, body: bytes) -> bool:
        if not body or self._plan.compact_at is None:
            return False
        forecast = self._provider.forecast(request, body)
        window = forecast.window
        return window is not None and forecast.tokens >= self._plan.compact_at * window

    def _send(self, request: Request, body: bytes) -> _Exchange:
        forecast = self._provider.forecast(request, body)
        digest = sha256(body).hexdigest() if body else ""
        self._journal.report(Sending(self._journal.session, self._number, forecast, digest))
        if body:
            self.was_sent = True
            self._journal.add([self._sent(request, body, forecast, digest)])
        return _Exchange(self._journal, self._provider, request, body)

    def _sent(self, request: Request, body: bytes, forecast: Forecast, digest: str) -> drafts.Item:
        """The event that holds what was sent: its hash, and the body where that was wanted."""
        facts = {
            "provider": self._provider.name,
            "params": request.params.as_json(),
            "sha256": digest,
            "bytes": len(body),
            "messages": len(request.messages),
            "tools": [tool.name for tool in request.tools] or None,
            "forecast": {
                "tokens": forecast.tokens,
                "cached": forecast.cached,
                "cost_micros": forecast.cost_micros,
            },
            "body": body.decode() if self._plan.keep_bodies else None,
        }
        text = f"{request.params.model or self._provider.name}: {forecast.tokens:,} tokens"
        return drafts.told(Kind.MODEL_CALL, text, facts, name=request.params.model or None)


class _Exchange:
    """One request on its way, and what has come back."""

    def __init__(self, journal: Journal, provider: Provider, request: Request, body: bytes) -> None:
        self._journal = journal
        self._provider = provider
        self._request = request
        self._body = body
        group = _open_group(request)
        self._reply = ReplyRecorder(provider.origin, group)
        self._began = time.monotonic()
        self._first: float | None = None
        self._calls = 0
        self.received = False
        """Whether anything of the reply has come."""

    async def receive(self) -> str | None:
        """Take the reply; each part is in the store as soon as it has ended."""
        try:
            async with aclosing(self._provider.stream(self._request, self._body)) as stream:
                async for part in stream:
                    if isinstance(part, Replied):
                        return self._replied(part)
                    self._take(part)
        finally:
            self._journal.add(self._reply.broken_off())
        raise ProviderError("The reply broke off before its end.", retryable=True)

    def _take(self, part: Began | Grew | Ended | Repeated) -> None:
        if self._first is None:
            self._first = time.monotonic() - self._began
        if isinstance(part, Repeated):
            self.received = True
            self._journal.repeat(part)
            return
        self.received |= isinstance(part, (Grew, Ended))
        item = self._reply.take(part)
        if item is not None:
            self._calls += item[0].kind is Kind.TOOL_CALL
            self._journal.add([item])
        self._journal.report(Streamed(self._journal.session, part))

    def _replied(self, replied: Replied) -> str | None:
        self._journal.report(Streamed(self._journal.session, replied))
        if self._body:
            self._journal.add([self._usage(replied)])
            model = replied.model or self._request.params.model
            self._journal.changed(self._journal.branch.set_model(model))
        if self._calls:
            return None
        return _REASONS.get(replied.stop, _REASONS[Stop.END])

    def _usage(self, replied: Replied) -> drafts.Item:
        usage = replied.usage or Usage()
        facts = {
            "stop": str(replied.stop),
            "model": replied.model or None,
            "response_id": replied.response_id,
            "seconds": round(time.monotonic() - self._began, 3),
            "first_seconds": round(self._first, 3) if self._first is not None else None,
            "usage": drafts.usage_facts(usage) if replied.usage else None,
        }
        text = f"{usage.total:,} tokens" if replied.usage else "usage not told"
        return drafts.told(Kind.USAGE, text, facts, name=replied.model or None, usage=replied.usage)

    def failed(self, error: ProviderError) -> None:
        """Keep what the provider said, for people: no model is told of it."""
        self._journal.add(
            [
                drafts.told(
                    Kind.ERROR,
                    str(error),
                    {"error": str(error), "provider": self._provider.name},
                    visibility=Visibility.UI_ONLY,
                    marks=Mark.ERROR,
                )
            ]
        )


def _open_group(request: Request) -> str | None:
    """The message that the reply goes on with: where the model's own words are the last."""
    if not request.continues_reply:
        return None
    return request.messages[-1].items[-1][0].group_id


def _wait(error: ProviderError, attempt: int) -> float:
    """Seconds to wait before trying again: what the provider asks for, or twice as long each."""
    if error.after_seconds is not None:
        return min(error.after_seconds, _LONGEST_WAIT_S)
    return float(min(_FIRST_WAIT_S * 2 ** (attempt - 1), _LONGEST_WAIT_S))
