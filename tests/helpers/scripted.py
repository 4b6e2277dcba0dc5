"""A provider that says what it is told to: for tests of what shows a branch that runs on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind, Origin, Usage
from scrubber.live.parts import Began, Ended, Grew, Replied, Stop
from scrubber.live.provider import Forecast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from scrubber.live.parts import Part
    from scrubber.live.provider import Request

USAGE = Usage(input=100, cache_read=900, output=20, context=1_000, cost_micros=1_500)


class Scripted:
    """Replies with one list of parts after the other; an exception among them is raised.

    An ``asyncio.Event`` among the parts is waited for, so that a test can look at what there is.
    """

    name = "scripted"
    origin = Origin.RESAMPLED
    plays_user = False

    def __init__(self, *replies: Sequence[Part | Exception | asyncio.Event]) -> None:
        self._replies = list(replies)
        self.requests: list[Request] = []

    def body(self, request: Request) -> bytes:
        return f'{{"messages":{len(request.messages)}}}'.encode()

    def objections(self, request: Request) -> list[str]:
        return []

    def forecast(self, request: Request, body: bytes) -> Forecast:
        return Forecast(1_200, 900, 2_000, 200_000)

    def takes_pictures(self, request: Request) -> bool | None:
        return None

    def is_mid_reply(self, session: str) -> bool:
        return False

    async def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        self.requests.append(request)
        for part in self._replies.pop(0) if self._replies else says("done"):
            if isinstance(part, Exception):
                raise part
            if isinstance(part, asyncio.Event):
                await part.wait()
            else:
                await asyncio.sleep(0)
                yield part


def says(text: str, part: int = 0, kind: Kind = Kind.MESSAGE) -> list[Part]:
    """A reply of one part, a few characters at a time."""
    return [*grows(text, part, kind), Ended(part, kind, text_content(text)), over()]


def grows(text: str, part: int = 0, kind: Kind = Kind.MESSAGE) -> list[Part]:
    """A part that has not ended."""
    pieces = [text[i : i + 4] for i in range(0, len(text), 4)]
    return [Began(part, kind), *(Grew(part, piece) for piece in pieces)]


def calls(name: str, arguments: dict[str, object], call_id: str = "call_1") -> list[Part]:
    """A reply that calls a tool."""
    return [
        Began(0, Kind.TOOL_CALL, name, call_id),
        Grew(0, str(arguments)),
        Ended(0, Kind.TOOL_CALL, Content(arguments=arguments), name, call_id),
        over(Stop.TOOL_USE),
    ]


def over(stop: Stop = Stop.END) -> Replied:
    """The end of a reply."""
    return Replied(stop, USAGE, "scripted-1")
