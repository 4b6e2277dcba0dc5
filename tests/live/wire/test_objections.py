"""What an API cannot take, in sentences."""

from __future__ import annotations

from scrubber.live.provider import Tool
from scrubber.live.wire.anthropic import ClaudeTraits
from scrubber.live.wire.objections import anthropic_objections, openai_objections
from scrubber.live.wire.openai import ChatTraits
from tests.live.asking import HI, request, told

STRICT = ChatTraits(is_strict=True, reasoning=None)
THOUGHT = {"role": "assistant", "content": "so ", "reasoning_content": "hm"}
SEALED = {
    "messages": [
        *HI,
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "redacted_thinking", "data": "XX"},
            {"type": "tool_use", "id": "t1", "name": "ls", "input": {}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "no", "is_error": True},
        ]},
    ]
}  # fmt: skip


def test_nothing_is_said_where_nothing_is_wrong():
    assert anthropic_objections(request(told("anthropic", SEALED)), ClaudeTraits()) == []
    assert openai_objections(request(HI), STRICT) == []


def test_parameters():
    asked = request(HI, seed=1, temperature=1.5, reasoning_effort="low", stop=tuple("abcde"))
    assert anthropic_objections(asked, ClaudeTraits()) == [
        "Anthropic's API takes no seed: it is left out",
        "Anthropic's API takes a temperature of 0 to 1",
        "Anthropic's API takes no temperature while the model reasons",
    ]
    assert openai_objections(asked, STRICT) == ["OpenAI's API takes up to 4 stop sequences"]


def test_going_on_with_the_models_own_words():
    asked = request([*HI, {"role": "assistant", "content": "so "}])
    assert openai_objections(asked, STRICT) == [
        "OpenAI's models do not go on with a message of theirs: they begin a new one"
    ]
    assert openai_objections(asked, ChatTraits()) == []
    assert anthropic_objections(asked, ClaudeTraits()) == [
        "Anthropic's API goes on with no text that ends with white space"
    ]
    assert anthropic_objections(asked, ClaudeTraits(adapts=True))[0] == (
        "m does not go on with a message of its own"
    )


def test_reasoning_that_cannot_be_handed_back():
    asked = request([*HI, THOUGHT, *HI])
    assert anthropic_objections(asked, ClaudeTraits()) == [
        "1 piece of reasoning is left out, that Anthropic did not sign, or whose message was edited"
    ]
    assert openai_objections(asked, STRICT) == [
        "1 piece of reasoning is left out, for which the API has no place"
    ]
    sealed = request(told("anthropic", SEALED))
    assert openai_objections(sealed, STRICT) == [
        "1 result cannot be marked as a failure",
        "2 pieces of reasoning are left out, for which the API has no place",
    ]
    assert openai_objections(sealed, ChatTraits())[1:] == [
        "1 piece of reasoning is left out, for which the API has no place"
    ], "the redacted one has no words"


def test_reasoning_bound_to_what_stood_before_it():
    asked = request(told("anthropic", SEALED))
    assert anthropic_objections(asked, ClaudeTraits(binds_reasoning=True)) == [
        "m takes its reasoning only behind what it came after: what does not fit there is dropped"
    ]


def test_system_messages_of_later_on():
    asked = request([*HI, {"role": "system", "content": "x"}, *HI])
    assert anthropic_objections(asked, ClaudeTraits()) == [
        "system messages of later on are moved to the front"
    ]


def test_tools():
    tools = [
        Tool("web_search", "", None, {"type": "web_search_20250305", "name": "web_search"}),
        Tool("mcp.server/ls", "", {"type": "object"}),
        Tool("ls", "", {"type": "object"}),
    ]
    expected = [
        "the tool web_search is not offered: the provider itself would run it",
        "a tool cannot be called 'mcp.server/ls': letters, digits, _ and -, up to 64",
    ]
    assert anthropic_objections(request(HI, tools), ClaudeTraits()) == expected
    assert openai_objections(request(HI, tools), STRICT) == expected
