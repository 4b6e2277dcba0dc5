"""What holds for all bodies."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.api import open_store
from scrubber.core.events import Role
from scrubber.core.running import Params
from scrubber.live import context
from scrubber.live.provider import Tool
from scrubber.live.wire.anthropic import ClaudeTraits, anthropic_body, drops_stale_reasoning
from scrubber.live.wire.openai import ChatTraits, openai_body
from scrubber.transfer.exporting import StoredTranscript
from tests.live.asking import HI, request
from tests.live.wire.rules import anthropic_faults, openai_faults

if TYPE_CHECKING:
    from pathlib import Path

STRICT = ChatTraits(is_strict=True, reasoning=None)
TOOLS = [Tool("Read", "Reads.", {"type": "object"})]


@pytest.fixture(scope="module")
def asked(bundled_sample: Path, tmp_path_factory: pytest.TempPathFactory):
    """The requests that the sample's model was sent, so far as they are known."""
    found = []
    with open_store(tmp_path_factory.mktemp("sample") / "store.db") as store:
        results = store.import_paths(bundled_sample)
        (name,) = (r.session for r in results if r.events > 100)
        session = store.session(str(name))
        before = None
        for event in store.events(session.id):
            is_new = event.role is Role.ASSISTANT and event.opens_message
            if is_new and before and not store.lint(session.id, event.index).open_calls:
                told = StoredTranscript(store.store, session, event.index)
                found.append(context.build(told, Params(model="m"), TOOLS).request)
            before = event
        assert len(found) > 20
        yield found


def test_they_break_no_rule(asked):
    for one in asked:
        assert anthropic_faults(json.loads(anthropic_body(one, ClaudeTraits()))) == []
        assert openai_faults(json.loads(openai_body(one, STRICT))) == []


@pytest.mark.parametrize("api", ["anthropic", "openai"])
def test_a_longer_prefix_begins_with_the_same_bytes(asked, api):
    """So providers have cached all of it but the end."""
    bodies = [
        anthropic_body(one, ClaudeTraits(caches=True))
        if api == "anthropic"
        else openai_body(one, STRICT)
        for one in asked
    ]
    compacted = 0
    for one, other in pairwise(bodies):
        if len(other) < len(one):
            compacted += 1
        elif not other.startswith(one.removesuffix(b"]}")):
            # Who spoke last went on speaking: that is one message for Anthropic.
            said, more = (json.loads(body)["messages"] for body in (one, other))
            assert api == "anthropic"
            assert more[: len(said) - 1] == said[:-1]
            assert more[len(said) - 1]["role"] == said[-1]["role"]
    assert compacted == 1


def test_the_same_request_gives_the_same_bytes(asked):
    for one in asked[:5]:
        assert anthropic_body(one, ClaudeTraits()) == anthropic_body(one, ClaudeTraits())


@pytest.mark.parametrize(
    ("effort", "traits", "expected"),
    [
        (None, ClaudeTraits(64_000), {"max_tokens": 64_000}),
        ("none", ClaudeTraits(), {"max_tokens": 4_096, "thinking": {"type": "disabled"}}),
        (
            "high",
            ClaudeTraits(),
            {"max_tokens": 20_480, "thinking": {"type": "enabled", "budget_tokens": 16_384}},
        ),
        (
            "high",
            ClaudeTraits(adapts=True, takes_effort=True),
            {
                "max_tokens": 4_096,
                "thinking": {"type": "adaptive"},
                "output_config": {"effort": "high"},
            },
        ),
    ],
)
def test_how_much_claude_reasons(effort, traits, expected):
    told = json.loads(anthropic_body(request(HI, reasoning_effort=effort), traits))
    assert {key: told.get(key) for key in expected} == expected
    assert ("thinking" in told) == ("thinking" in expected)


def test_a_limit_that_was_chosen_is_kept():
    told = json.loads(
        anthropic_body(request(HI, max_tokens=9, reasoning_effort="low"), ClaudeTraits())
    )
    assert told["max_tokens"] == 9


def test_parameters_of_chat_completions():
    params: dict[str, Any] = {
        "max_tokens": 9, "temperature": 0.0, "top_p": 0.5, "seed": 0, "stop": ("a", "b"),
        "reasoning_effort": "low",
    }  # fmt: skip
    told = json.loads(openai_body(request(HI, **params), ChatTraits()))
    messages = told.pop("messages")
    assert messages == HI
    assert told == params | {
        "model": "m", "stop": ["a", "b"], "stream": True, "stream_options": {"include_usage": True},
    }  # fmt: skip
    assert "max_completion_tokens" in json.loads(openai_body(request(HI, max_tokens=9), STRICT))


def test_what_a_server_wants_for_going_on():
    traits = ChatTraits(extras_to_continue=(("continue_final_message", True),))
    end = {"role": "assistant", "content": "so"}
    assert json.loads(openai_body(request([*HI, end]), traits))["continue_final_message"] is True
    assert "continue_final_message" not in json.loads(openai_body(request(HI), traits))


def test_ids_longer_than_openai_takes_them():
    long = "call_" + "x" * 60
    said = [
        *HI,
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": long, "type": "function", "function": {"name": "ls", "arguments": "{}"}},
        ]},
        {"role": "tool", "tool_call_id": long, "content": "x"},
    ]  # fmt: skip
    _, call, result = json.loads(openai_body(request(said), STRICT))["messages"]
    assert call["tool_calls"][0]["id"] == result["tool_call_id"]
    assert len(result["tool_call_id"]) == 40
    assert json.loads(openai_body(request(said), ChatTraits()))["messages"] == said


def test_no_more_places_to_cache_than_the_api_takes():
    from tests.live.asking import told

    mark = {"cache_control": {"type": "ephemeral"}}
    blocks = [{"type": "text", "text": f"{n}", **mark} for n in range(4)]
    for count, is_asked in ((3, True), (4, False)):
        said = told(
            "anthropic", {"system": "s", "messages": [{"role": "user", "content": blocks[:count]}]}
        )
        body = json.loads(anthropic_body(request(said), ClaudeTraits(caches=True)))
        assert ("cache_control" in body) is is_asked


def test_words_of_a_transcript_are_no_parameter():
    said = [{"role": "user", "content": '"block_binding": "cache_control": ,"stream":true'}]
    assert not drops_stale_reasoning(anthropic_body(request(said), ClaudeTraits(caches=True)))
