"""Servers on streamable HTTP, on the loopback."""

from __future__ import annotations

import time
from pathlib import Path

from scrubber.core.content import Image
from scrubber.live.servers import parse_server
from tests.live.mcp.conftest import seconds_to_cancel, started_http

SCRIPT = Path(__file__).with_name("http_server.py")


def at(address, key="${LOOPBACK_KEY}"):
    return parse_server("web", {"url": address, "headers": {"X-Key": key}, "enabled": True})


def values(name):
    return {"LOOPBACK_KEY": "open"}.get(name)


def test_calls(using, loopback):
    async def work(toolbox):
        names = [tool.name for tool in await toolbox.tools(["add"])]
        return names, [
            await toolbox.call("add", {"a": 2, "b": 3}),
            await toolbox.call("mcp__web__picture", {}),
            await toolbox.call("mcp__web__fail", {}),
        ]

    names, (five, picture, failed) = using(work, at(loopback), lookup=values)
    assert names[0] == "add"
    assert "mcp__web__fail" in names
    assert five.content.text == "5"
    assert isinstance(picture.content.blocks[0], Image)
    assert failed.is_error
    assert failed.content.text == "Error executing tool fail"


def test_a_refused_key_is_told_and_not_shown(using, loopback, tmp_path):
    answer = using(
        lambda toolbox: toolbox.call("mcp__web__add", {}), at(loopback, key="secret words")
    )
    assert answer.is_error
    assert answer.content.text.startswith(
        "The server web cannot be used: it answered 401 Unauthorized"
    )
    logged = b"".join(path.read_bytes() for path in (tmp_path / "logs").iterdir())
    assert b"secret words" not in logged


def test_a_missing_key_is_named(using, loopback):
    answer = using(
        lambda toolbox: toolbox.call("mcp__web__add", {}), at(loopback), lookup=lambda name: None
    )
    assert "LOOPBACK_KEY is not set" in answer.content.text


def test_a_wrong_address_is_told(using, loopback):
    server = at(loopback.replace("/mcp", "/nothing"))
    answer = using(lambda toolbox: toolbox.call("mcp__web__add", {}), server, lookup=values)
    assert "it answered 404 Not Found" in answer.content.text


def test_a_server_that_goes_away_in_a_call_costs_the_call(using):
    async def work(toolbox):
        await toolbox.tools()
        start = time.monotonic()
        answer = await toolbox.call("leave", {})
        return answer, time.monotonic() - start, await toolbox.call("add", {"a": 1, "b": 1})

    with started_http(SCRIPT) as (address, _):
        answer, seconds, next_answer = using(work, at(address), lookup=values)
    assert answer.is_error
    assert answer.content.text.startswith("Server web: ")
    assert seconds < 5
    assert next_answer.is_error
    assert "cannot be reached" in next_answer.content.text


def test_a_call_is_cancelled_at_once(using, loopback):
    async def work(toolbox):
        await toolbox.tools()
        return [await seconds_to_cancel(toolbox.call("slow", {}), after=0.1) for _ in range(3)]

    assert min(using(work, at(loopback), lookup=values)) < 0.1
