"""What chat completions stream, as parts."""

from __future__ import annotations

import pytest

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind, Usage
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Began, Ended, Grew, Replied, Stop
from tests.live.asking import ended, replied, replies
from tests.live.providers.conftest import provider
from tests.live.scripted_server import (
    DROP,
    Answer,
    Piece,
    ScriptedServer,
    call,
    chat,
    delta,
    finish,
    spent,
)


def reply(*pieces: Piece, is_chunked: bool = True):
    with ScriptedServer(Answer(pieces, is_chunked=is_chunked)) as server:
        return replies(provider(server.url))


def test_text_grows_and_ends():
    told = chat(delta(role="assistant", content="Hel"), delta(content="lo"), finish("stop"))
    assert reply(*told) == [
        Began(0, Kind.MESSAGE),
        Grew(0, "Hel"),
        Grew(0, "lo"),
        Ended(0, Kind.MESSAGE, text_content("Hello")),
        Replied(Stop.END, None, "served-1", "chat-1"),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("is_chunked", [True, False])
def test_pieces_may_be_cut_anywhere_even_within_a_character(size, is_chunked):
    whole = b"".join(
        p
        for p in chat(delta(content="grün 🦜"), delta(content=" ja"))
        + chat(finish("stop"), spent(3, 2))
        if isinstance(p, bytes)
    )
    whole = whole.replace(rb"\u00fc", "ü".encode()).replace(rb"\ud83e\udd9c", "🦜".encode())
    whole = whole.replace(b"data: [DONE]\n\n", b"", 1)
    parts = reply(
        *(whole[at : at + size] for at in range(0, len(whole), size)), is_chunked=is_chunked
    )
    assert [part.content.text for part in ended(parts)] == ["grün 🦜 ja"]
    assert replied(parts).usage == Usage(3, output=2, context=3)


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_comes_before_the_text(key):
    told = chat(delta(**{key: "hm"}), delta(**{key: "…"}), delta(content="yes"), finish("stop"))
    reasoning, text = ended(reply(*told))
    assert (reasoning.kind, reasoning.content) == (Kind.REASONING, text_content("hm…"))
    assert (text.kind, text.content.text) == (Kind.MESSAGE, "yes")


def test_reasoning_in_tags_is_no_text():
    told = chat(*(delta(content=t) for t in ("<think>", "hm", "</think>", "yes")), finish("stop"))
    assert [(p.kind, p.content.text) for p in ended(reply(*told))] == [
        (Kind.REASONING, "hm"),
        (Kind.MESSAGE, "yes"),
    ]


def test_what_is_said_stays_as_it_was_said():
    said = "\n  <|im_start|>\u200d [INST] "
    told = chat(delta(content=said), finish("stop"))
    assert [part.content.text for part in ended(reply(*told))] == [said]


def test_calls_side_by_side_end_when_all_is_there():
    told = chat(
        call(0, "", "ls", "c1"), call(0, '{"a"'), call(1, '{"b": 2}', "rm", "c2"), call(0, ": 1}"),
        finish("tool_calls"),
    )  # fmt: skip
    parts = reply(*told)
    assert [p.text for p in parts if isinstance(p, Grew) and p.part == 0] == ['{"a"', ": 1}"]
    assert ended(parts) == [
        Ended(0, Kind.TOOL_CALL, Content(arguments={"a": 1}), "ls", "c1"),
        Ended(1, Kind.TOOL_CALL, Content(arguments={"b": 2}), "rm", "c2"),
    ]
    assert replied(parts).stop is Stop.TOOL_USE


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ("", {}),
        ("  ", {}),
        ("{}", {}),
        ("{bad", "{bad"),
        ("[1]", "[1]"),
        ('{"a":1e400}', '{"a":1e400}'),
    ],
)
def test_arguments_that_are_no_object_stay_text(given, arguments):
    told = chat(call(0, given, "ls", "c1"), finish("tool_calls"))
    (one,) = ended(reply(*told))
    assert one.content.arguments == arguments


def test_a_call_without_an_id_gets_one():
    (one,) = ended(reply(*chat(call(0, "{}", "ls"), finish("tool_calls"))))
    assert one.call_id


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop", Stop.END),
        ("length", Stop.LENGTH),
        ("tool_calls", Stop.TOOL_USE),
        ("content_filter", Stop.REFUSED),
        ("something else", Stop.UNKNOWN),
        (None, Stop.UNKNOWN),
    ],
)
def test_why_it_stopped(reason, stop):
    assert replied(reply(*chat(delta(content="x"), finish(reason)))).stop is stop


def test_a_refusal_is_what_the_model_said():
    parts = reply(*chat(delta(refusal="I can"), delta(refusal="not"), finish("stop")))
    assert [part.content.text for part in ended(parts)] == ["I cannot"]
    assert replied(parts).stop is Stop.REFUSED


def test_an_empty_reply_is_none():
    assert reply(*chat(delta(role="assistant", content=""), finish("stop"))) == [
        Replied(Stop.END, None, "served-1", "chat-1")
    ]


def test_tokens_are_told_apart():
    parts = reply(*chat(delta(content="x"), finish("stop"), spent(100, 20, cached=60, reasoning=5)))
    usage = Usage(40, cache_read=60, output=20, reasoning=5, context=100)
    assert replied(parts).usage == usage


def test_half_a_call_at_the_end_of_a_stream_is_no_call():
    told = chat(delta(content="x"), call(0, '{"a": ', "ls", "c1"))
    with pytest.raises(ProviderError, match="broke off"):
        reply(*told)


def test_a_cut_connection_is_told_and_what_came_was_given():
    with (
        ScriptedServer(Answer([*chat(delta(content="x"))[:1], DROP])) as server,
        pytest.raises(ProviderError, match=r"The connection to tested broke off") as failed,
    ):
        replies(provider(server.url))
    assert not failed.value.retryable
    assert "What has come is kept" in str(failed.value)


def test_a_connection_cut_before_anything_came_may_be_tried_again():
    with (
        ScriptedServer(Answer([DROP])) as server,
        pytest.raises(ProviderError, match="broke off") as failed,
    ):
        replies(provider(server.url))
    assert failed.value.retryable


@pytest.mark.parametrize("junk", [b"data: {nonsense\n\n", b"data: \xff\xfe\n\n", b"data: 7\n\n"])
def test_what_is_no_stream_of_this_api_is_told(junk):
    with (
        ScriptedServer(Answer([junk, b"data: [DONE]\n\n"])) as server,
        pytest.raises(ProviderError),
    ):
        replies(provider(server.url))


def test_an_error_within_the_stream():
    error = {"error": {"message": "the GPU is on fire", "type": "server_error", "code": 500}}
    with (
        ScriptedServer(Answer([*chat(delta(content="x"))[:1], *chat(error)])) as server,
        pytest.raises(ProviderError, match="the GPU is on fire"),
    ):
        replies(provider(server.url))
