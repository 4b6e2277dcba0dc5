"""A run that is stopped stops at once, and the server sees it."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from scrubber.live.parts import Grew
from tests.live.asking import request
from tests.live.providers.conftest import provider
from tests.live.scripted_server import Answer, ScriptedServer, chat, claude, delta, texts

AT_ONCE_S = 0.1
ENDLESS = {
    "openai": [*chat(delta(content="x"))[:1], 60.0],
    "anthropic": [*claude(texts(0, "x"))[:3], 60.0],
}
SILENT = {"openai": [60.0], "anthropic": [60.0]}


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_closing_the_iterator(api):
    with ScriptedServer(Answer(ENDLESS[api])) as server:
        asked = provider(server.url, api)

        async def stop_at_the_first_word() -> float:
            async with aclosing(asked.stream(request(), asked.body(request()))) as parts:
                async for part in parts:
                    if isinstance(part, Grew):
                        break
                began = time.monotonic()
            return time.monotonic() - began

        assert asyncio.run(stop_at_the_first_word()) < AT_ONCE_S
        assert server.requests[0].is_gone.wait(1)


@pytest.mark.parametrize("pieces", [ENDLESS, SILENT])
@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_cancelling_the_task(api, pieces):
    with ScriptedServer(Answer(pieces[api])) as server:
        asked = provider(server.url, api)

        async def all_of_it() -> None:
            async with aclosing(asked.stream(request(), asked.body(request()))) as parts:
                async for _ in parts:
                    pass

        async def stop_it() -> float:
            task = asyncio.create_task(all_of_it())
            while not server.requests:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            began = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return time.monotonic() - began

        assert asyncio.run(stop_it()) < AT_ONCE_S
        assert server.requests[0].is_gone.wait(1)


def test_many_at_once_in_one_loop():
    told = Answer([*chat(delta(content="x"), delta(content="y"))[:2], 0.05, *chat()])
    with ScriptedServer(told) as server:
        asked = provider(server.url)

        async def one() -> int:
            async with aclosing(asked.stream(request(), asked.body(request()))) as parts:
                return len([part async for part in parts])

        async def many() -> list[int]:
            return await asyncio.gather(*(one() for _ in range(16)))

        assert len(set(asyncio.run(many()))) == 1
        assert len(server.requests) == 16
