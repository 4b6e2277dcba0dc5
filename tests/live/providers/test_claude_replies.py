"""What Anthropic's messages stream, as parts."""

from __future__ import annotations

import json

import pytest

from scrubber.core.content import Content, Text, text_content
from scrubber.core.events import Kind, Usage
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Began, Ended, Grew, Replied, Stop
from tests.live.asking import ended, replied, replies
from tests.live.providers.conftest import provider
from tests.live.scripted_server import Answer, Piece, ScriptedServer, block, claude, texts, uses

THINKING = block(
    0,
    {"type": "thinking", "thinking": "", "signature": ""},
    {"type": "thinking_delta", "thinking": "hm"},
    {"type": "thinking_delta", "thinking": "…"},
    {"type": "signature_delta", "signature": "SEAL"},
)
REDACTED = block(1, {"type": "redacted_thinking", "data": "XX"})


def reply(*pieces: Piece):
    with ScriptedServer(Answer(pieces)) as server:
        return replies(provider(server.url, "anthropic"))


def test_sealed_reasoning_text_and_calls():
    parts = reply(
        *claude(
            THINKING, REDACTED, texts(2, "Hel", "lo"), uses(3, "t1", "ls", '{"a"', ": 1}"),
            uses(4, "t2", "rm"), stop="tool_use",
        )
    )  # fmt: skip
    assert ended(parts) == [
        Ended(0, Kind.REASONING, Content((Text("hm…"),), signature="SEAL")),
        Ended(1, Kind.REASONING, Content((), signature="XX")),
        Ended(2, Kind.MESSAGE, text_content("Hello")),
        Ended(3, Kind.TOOL_CALL, Content(arguments={"a": 1}), "ls", "t1"),
        Ended(4, Kind.TOOL_CALL, Content(arguments={}), "rm", "t2"),
    ]
    assert replied(parts).stop is Stop.TOOL_USE


def test_parts_grow_one_after_the_other():
    parts = reply(*claude(texts(0, "Hel", "lo"), uses(1, "t1", "ls", "{}"), stop="tool_use"))
    assert parts[:-1] == [
        Began(0, Kind.MESSAGE),
        Grew(0, "Hel"),
        Grew(0, "lo"),
        Ended(0, Kind.MESSAGE, text_content("Hello")),
        Began(1, Kind.TOOL_CALL, "ls", "t1"),
        Grew(1, "{}"),
        Ended(1, Kind.TOOL_CALL, Content(arguments={}), "ls", "t1"),
    ]


def test_tokens_are_told_apart():
    told = claude(texts(0, "x"), cache_read_input_tokens=50, cache_creation_input_tokens=5)
    usage = Usage(10, cache_read=50, cache_write=5, output=7, context=65)
    assert replied(reply(*told)).usage == usage


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", Stop.END),
        ("stop_sequence", Stop.END),
        ("max_tokens", Stop.LENGTH),
        ("model_context_window_exceeded", Stop.LENGTH),
        ("refusal", Stop.REFUSED),
        ("pause_turn", Stop.UNKNOWN),
        ("something else", Stop.UNKNOWN),
    ],
)
def test_why_it_stopped(reason, stop):
    assert replied(reply(*claude(texts(0, "x"), stop=reason))).stop is stop


def test_a_stream_that_ends_without_a_reason_broke_off():
    with (
        ScriptedServer(Answer(claude(texts(0, "x"), stop=None))) as server,
        pytest.raises(ProviderError, match="broke off") as failed,
    ):
        replies(provider(server.url, "anthropic"))
    assert not failed.value.retryable


def test_an_empty_reply_is_none():
    assert reply(*claude()) == [
        Replied(Stop.END, Usage(10, output=7, context=10), "served-1", "msg_1")
    ]


def test_arguments_that_are_no_json_stay_text():
    (one,) = ended(reply(*claude(uses(0, "t1", "ls", '{"a": '), stop="max_tokens")))
    assert one.content.arguments == '{"a": '


@pytest.mark.parametrize("size", [1, 5, 64])
def test_pieces_may_be_cut_anywhere(size):
    whole = b"".join(p for p in claude(texts(0, "grün ", "🦜")) if isinstance(p, bytes))
    whole = whole.replace(rb"\u00fc", "ü".encode()).replace(rb"\ud83e\udd9c", "🦜".encode())
    parts = reply(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert [part.content.text for part in ended(parts)] == ["grün 🦜"]


def test_pings_and_events_of_later_are_passed_over():
    ping = [b'event: ping\ndata: {"type": "ping"}\n\n']
    later = [b'event: new_thing\ndata: {"type": "new_thing", "x": 1}\n\n']
    told = claude(texts(0, "x"))
    assert [p.content.text for p in ended(reply(*told[:2], *ping, *later, *told[2:]))] == ["x"]


def test_what_a_provider_runs_itself_is_no_call_of_ours():
    search = block(0, {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}})
    assert [p.kind for p in ended(reply(*claude(search, texts(1, "found"))))] == [Kind.MESSAGE]


def test_an_error_within_the_stream():
    told = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    error = f"event: error\ndata: {json.dumps(told)}\n\n".encode()
    begun = claude(texts(0, "x"))[:3]
    with (
        ScriptedServer(Answer([*begun, error])) as server,
        pytest.raises(ProviderError, match="tested is overloaded: Overloaded") as failed,
    ):
        replies(provider(server.url, "anthropic"))
    assert not failed.value.retryable, "what has come would come twice"
