"""A real llama.cpp with a real (tiny) model, over both of its APIs."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from scrubber.core.content import Content
from scrubber.core.events import Kind
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Grew, Stop
from scrubber.live.provider import Tool
from scrubber.live.providers import servers
from tests.helpers.parrot import ARGUMENTS, SAYS, SAYS_AFTER, TOOL, WINDOW
from tests.live.asking import HI, ended, replied, replies, request
from tests.live.providers.conftest import provider

APIS = ("openai", "anthropic")
SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
}
TOOLS = [Tool(TOOL, "Looks a word up.", SCHEMA)]
CALLED = [
    *HI,
    {"role": "assistant", "content": None, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": TOOL, "arguments": '{"word": "x"}'}},
    ]},
    {"role": "tool", "tool_call_id": "c1", "content": "a bird"},
]  # fmt: skip


@pytest.mark.parametrize("api", APIS)
def test_text(parrot_provider, api):
    parts = replies(parrot_provider(api), request(temperature=0, seed=1))
    assert [(part.kind, part.content.text) for part in ended(parts)] == [(Kind.MESSAGE, SAYS)]
    assert "".join(part.text for part in parts if isinstance(part, Grew)) == SAYS
    end = replied(parts)
    assert end.stop is Stop.END
    assert end.usage is not None
    assert end.usage.context > 0
    assert end.usage.output == 6
    assert end.usage.cost_micros is None, "nobody knows what it costs"
    assert end.model == "parrot"


@pytest.mark.parametrize("api", APIS)
def test_a_tool_call_and_what_follows_its_result(parrot_provider, api):
    parts = replies(parrot_provider(api), request(tools=TOOLS))
    (call,) = ended(parts)
    assert (call.kind, call.name) == (Kind.TOOL_CALL, TOOL)
    assert call.content == Content(arguments=ARGUMENTS)
    assert call.call_id
    assert replied(parts).stop is Stop.TOOL_USE
    after = replies(parrot_provider(api), request(CALLED, TOOLS))
    assert [part.content.text for part in ended(after)] == [SAYS_AFTER]


@pytest.mark.parametrize("api", APIS)
def test_a_limit_of_tokens(parrot_provider, api):
    said = request([{"role": "user", "content": "long"}], max_tokens=8)
    parts = replies(parrot_provider(api), said)
    assert replied(parts).stop is Stop.LENGTH
    assert ended(parts)[0].content.text.split() == ["on", "and"] * 4


@pytest.mark.parametrize("api", APIS)
def test_an_endless_reply_is_cut_short(parrot_provider, api):
    said, asked = request([{"role": "user", "content": "long"}]), parrot_provider(api)

    async def a_few_words() -> float:
        words = 0
        async with aclosing(asked.stream(said, asked.body(said))) as parts:
            async for part in parts:
                words += isinstance(part, Grew)
                if words == 20:
                    break
            began = time.monotonic()
        return time.monotonic() - began

    assert asyncio.run(a_few_words()) < 0.1
    assert ended(replies(asked))[0].content.text == SAYS, "and the server goes on"


@pytest.mark.parametrize("api", APIS)
def test_more_than_the_window_holds(parrot_provider, api):
    said = request([{"role": "user", "content": "x" * (WINDOW + 1_000)}])
    with pytest.raises(ProviderError, match=r"too long for m: 13\d,\d\d\d tokens.*131,072"):
        replies(parrot_provider(api), said)


@pytest.mark.parametrize("api", APIS)
def test_without_the_key_nothing_is_told(parrot, api, monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "guessed")
    with pytest.raises(ProviderError, match="refused the key"):
        replies(provider(parrot.url, api))


def test_the_window_by_the_servers_word(parrot_provider):
    asked = parrot_provider("openai")
    said = request()
    assert asked.forecast(said, asked.body(said)).window == WINDOW
    assert [one.name for one in servers.models_of(asked.endpoint)] == ["parrot"]
