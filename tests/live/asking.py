"""Requests made of message files, and replies of providers as lists."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from scrubber.core.running import Params
from scrubber.live import context
from scrubber.live.parts import Ended, Replied
from tests.formats.reading import FakeTranscript, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.live.parts import Part
    from scrubber.live.provider import Provider, Request, Tool

HI = [{"role": "user", "content": "hi"}]


def told(format: str, value: Any) -> FakeTranscript:
    """A transcript of one conversation."""
    return FakeTranscript(read(format, json.dumps(value).encode()))


def request(
    source: FakeTranscript | list[Any] | None = None, tools: Sequence[Tool] = (), **params: Any
) -> Request:
    """What a model is asked at the end of a transcript, or of messages in OpenAI's shape."""
    source = (
        told("messages", HI if source is None else source)
        if not isinstance(source, FakeTranscript)
        else source
    )
    params.setdefault("model", "m")
    return context.build(source, Params(**params), tuple(tools)).request


def replies(provider: Provider, asked: Request | None = None) -> list[Part]:
    """All of a reply."""

    async def collect() -> list[Part]:
        wanted = request() if asked is None else asked
        async with aclosing(provider.stream(wanted, provider.body(wanted))) as parts:
            return [part async for part in parts]

    return asyncio.run(collect())


def ended(parts: list[Part]) -> list[Ended]:
    return [part for part in parts if isinstance(part, Ended)]


def replied(parts: list[Part]) -> Replied:
    """The end of a reply, which must be there, and last."""
    assert isinstance(parts[-1], Replied)
    return parts[-1]
