from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.responses.test_reader import CORPUS, corpus
from tests.formats.shapes import DIALECTS, turns

CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": '{"a":1}'}}
CALLED = {"role": "assistant", "content": "x", "reasoning_content": "hm", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "r"}
HI = {"role": "user", "content": "hi"}
BE = {"role": "system", "content": "be kind"}


def exported(told: FakeTranscript) -> dict[str, Any]:
    data = write("responses", told)
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1
    value: dict[str, Any] = json.loads(data)
    facts = value["metadata"]
    assert len(facts) <= 16
    assert all(isinstance(fact, str) and len(fact) <= 512 for fact in facts.values())
    return value


def of_messages(*messages: dict[str, Any], **more: Any) -> FakeTranscript:
    value = {"messages": messages, **more}
    return FakeTranscript(read("messages", json.dumps(value).encode()))


def losses(told: FakeTranscript) -> str:
    return "\n".join(registry.writer("responses").losses(told))


def test_messages_as_items():
    function = {"name": "ls", "parameters": {"type": "object"}}
    told = of_messages(BE, HI, CALLED, RESULT, tools=[{"type": "function", "function": function}])
    value = exported(told)
    assert value["model"] == "a-model"
    assert value["instructions"] == "be kind"
    assert value["tools"] == [{"type": "function", **function}]
    assert value["input"] == [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "x"}]},
        {"type": "function_call", "call_id": "c1", "name": "ls", "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "r"},
    ]
    assert "1 piece of reasoning" in losses(told)


def test_items_are_written_as_they_were():
    was = json.loads((CORPUS / "items.json").read_bytes())
    left_out = ("mcp_list_tools", "mcp_approval_request", "mcp_approval_response")
    more = ("item_reference", "hologram_call")
    kept = [item for item in was if item.get("type") not in (*left_out, *more)]
    open_call = next(item for item in kept if item.get("type") == "code_interpreter_call")
    found = exported(FakeTranscript(corpus("items.json")))["input"]
    made = [item for item in found if item not in kept]
    assert [item for item in found if item in kept] == kept
    assert [item.get("call_id") for item in made] == [open_call["id"]]  # answered as interrupted


def test_sealed_reasoning_stays_and_that_of_others_goes():
    sealed = exported(FakeTranscript(corpus("chain.jsonl")))["input"][1]
    assert sealed["encrypted_content"] == "c2VhbA=="
    thought = {"type": "thinking", "thinking": "hm", "signature": "sig"}
    value = {"messages": [HI, {"role": "assistant", "content": [thought]}]}
    told = FakeTranscript(read("anthropic", json.dumps(value).encode()))
    assert [item["type"] for item in exported(told)["input"]] == ["message"]
    assert "1 piece of reasoning" in losses(told)


def test_calls_with_text_are_custom_calls_and_so_are_their_results():
    call = {"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls -l"}}
    items = exported(of_messages(HI, {**CALLED, "tool_calls": [call]}, RESULT))["input"]
    assert items[2] == {
        "type": "custom_tool_call", "call_id": "c1", "name": "sh", "input": "ls -l",
    }  # fmt: skip
    assert items[3] == {"type": "custom_tool_call_output", "call_id": "c1", "output": "r"}


def test_provenance_names_items():
    told = of_messages(BE, HI, CALLED, RESULT)
    made = Draft(Kind.TOOL_RESULT, "no", Role.TOOL, origin=Origin.STUBBED, call_id="c1")
    told.change(5, 6, [(made, text_content("no"))])
    facts = exported(told)["metadata"]
    assert json.loads(facts["provenance"]) == [{"message": 3, "origin": "stubbed"}]
    assert facts["index"] == "6"


@pytest.mark.parametrize("source", sorted(DIALECTS))
@given(conversation=turns())
def test_written_and_read_again_it_says_the_same(source, conversation):
    for turn in conversation:
        turn["thought"] = None
    value = json.dumps(DIALECTS[source](conversation)).encode()
    told = FakeTranscript(read(source, value))
    data = write("responses", told)
    again = FakeTranscript(read("responses", data))
    assert _words(again) == _words(told)
    assert write("responses", again).split(b',"metadata"')[0] == data.split(b',"metadata"')[0]


def _words(told: FakeTranscript) -> list[Any]:
    """What is said in order, but for empty texts, which are no items."""
    return [
        (role, *item[:2], _text(item[2])) if item[0] is Kind.TOOL_RESULT else (role, *item)
        for role, items in said(told)
        for item in items
        if item[0] is not Kind.MESSAGE or _text(item[1])
    ]


def _text(blocks: Any) -> str:
    return "".join(getattr(block, "text", "") for block in blocks)
