"""A provider whose replies are written in the test; what it is asked is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind, Origin, Usage
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Began, Ended, Grew, Replied, Stop
from scrubber.live.provider import Forecast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scrubber.live.parts import Part
    from scrubber.live.provider import Request

Step = Any
"""A part, an exception to raise, a number of seconds to wait, or an Event to wait for."""


def says(text: str, part: int = 0) -> list[Step]:
    pieces = [Grew(part, piece) for piece in text.split(" ")]
    return [Began(part, Kind.MESSAGE), *pieces, Ended(part, Kind.MESSAGE, text_content(text))]


def thinks(text: str, seal: str = "sig", part: int = 0) -> list[Step]:
    content = Content(text_content(text).blocks, signature=seal)
    return [Began(part, Kind.REASONING), Grew(part, text), Ended(part, Kind.REASONING, content)]


def calls(name: str, call_id: str, part: int = 0, **arguments: Any) -> list[Step]:
    ended = Ended(part, Kind.TOOL_CALL, Content(arguments=arguments), name, call_id)
    return [Began(part, Kind.TOOL_CALL, name, call_id), Grew(part, str(arguments)), ended]


def done(stop: Stop = Stop.END, **usage: Any) -> list[Step]:
    facts = {"input": 10, "output": 5, "context": 10, **usage}
    return [Replied(stop, Usage(**facts), "scripted-1", "resp")]


class Scripted:
    name = "scripted"
    origin = Origin.RESAMPLED
    plays_user = False

    def __init__(self, *replies: list[Step], window: int | None = None, tokens: int = 10) -> None:
        self._replies = list(replies)
        self._window = window
        self._tokens = tokens
        self.requests: list[Request] = []
        self.closed = 0
        self.sees: bool | None = None

    def body(self, request: Request) -> bytes:
        said = [[m.role.label, *(c.text for _, c in m.items)] for m in request.messages]
        return repr(said).encode()

    def objections(self, request: Request) -> list[str]:
        return ["scripted goes on with its own words"] if request.continues_reply else []

    def takes_pictures(self, request: Request) -> bool | None:
        return self.sees

    def forecast(self, request: Request, body: bytes) -> Forecast:
        return Forecast(self._tokens * len(request.messages), window=self._window)

    def is_mid_reply(self, session: str) -> bool:
        return False

    async def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        self.requests.append(request)
        try:
            for step in self._replies.pop(0) if self._replies else [*says("more"), *done()]:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, (int, float)):
                    await asyncio.sleep(step)
                elif isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed += 1


def busy(after: float | None = 0.0) -> ProviderError:
    return ProviderError("429: too many requests.", retryable=True, after_seconds=after)
