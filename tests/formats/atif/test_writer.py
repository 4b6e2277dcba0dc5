from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role, Usage
from scrubber.formats import registry
from tests.formats.atif.rules import check_with_their_models, faults, has_their_models
from tests.formats.atif.test_reader import CORPUS, corpus
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.shapes import DIALECTS, turns

CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": '{"a": 1}'}}
CALLED = {"role": "assistant", "content": "x", "reasoning_content": "hm", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "r"}
HI = {"role": "user", "content": "hi"}


def exported(told: FakeTranscript) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(write("atif", told))
    assert faults(value) == []
    return value


def from_messages(*said: dict[str, Any], index: int | None = None) -> FakeTranscript:
    return FakeTranscript(read("messages", json.dumps({"messages": said}).encode()), "", index)


def test_calls_and_results_are_one_step():
    steps = exported(from_messages(HI, CALLED, RESULT, HI))["steps"]
    assert steps[1] == {
        "step_id": 2,
        "source": "agent",
        "message": "x",
        "reasoning_content": "hm",
        "tool_calls": [{"tool_call_id": "c1", "function_name": "ls", "arguments": {"a": 1}}],
        "observation": {"results": [{"source_call_id": "c1", "content": "r"}]},
    }
    assert [step["source"] for step in steps] == ["user", "agent", "user"]


def test_what_was_said_before_the_result_follows_it():
    steps = exported(from_messages(CALLED, {**HI, "content": "wait"}, RESULT, HI))["steps"]
    assert steps[0]["observation"]["results"][0]["content"] == "r"
    assert [step["message"] for step in steps[1:]] == ["wait", "hi"]


def test_a_result_of_an_earlier_step_names_its_call_beside_it():
    late = {"role": "assistant", "content": "still waiting"}
    steps = exported(from_messages(CALLED, late, RESULT))["steps"]
    result = {"content": "r", "extra": {"tool_call_id": "c1"}}
    assert steps[2]["observation"] == {"results": [result]}
    assert steps[2]["source"] == "system"


def test_steps_of_a_trajectory_are_written_as_they_were():
    told = FakeTranscript(corpus("trajectory.json"))
    was = json.loads((CORPUS / "trajectory.json").read_bytes())
    value = exported(told)
    assert was["steps"][2]["observation"]["results"][1].pop("subagent_trajectory_ref")
    assert value["steps"][:3] == was["steps"][:3]
    assert value["schema_version"] == "ATIF-v1.8"  # there is audio in it
    assert value["agent"] == was["agent"]
    assert value["extra"]["scrubber"]["index"] == told.index


def test_a_cut_within_a_step_writes_what_is_in_front_of_it():
    value = exported(FakeTranscript(corpus("trajectory.json"), "", 7))
    assert [call["tool_call_id"] for call in value["steps"][2]["tool_calls"]] == ["c1"]
    assert "observation" not in value["steps"][2]
    assert value["steps"][2]["metrics"] == {
        "prompt_tokens": 1200, "completion_tokens": 80, "cached_tokens": 1000, "cost_usd": 0.0123,
        "extra": {"cache_creation_input_tokens": 100, "reasoning_tokens": 30},
    }  # fmt: skip


def test_a_summary_has_its_boundary():
    told = from_messages(HI)
    summary = Draft(Kind.COMPACTION, "so far", Role.USER)
    told.change(1, 1, [(summary, text_content("so far"))])
    steps = exported(told)["steps"]
    assert steps[1]["extra"]["context_management"] == {"type": "compaction", "boundary": "replace"}
    assert steps[2]["message"] == "so far"
    again = FakeTranscript(read("atif", write("atif", told)))
    assert [e.kind for e in again.events()].count(Kind.COMPACTION) == 2


def test_tokens_of_events_that_are_no_messages_are_the_last_message_s():
    told = from_messages(HI, CALLED, RESULT, HI)
    told.change(3, 3, [(Draft(Kind.USAGE, usage=Usage(5, 2, 1, 7, cost_micros=10)), Content())])
    told.change(7, 7, [(Draft(Kind.USAGE, usage=Usage(1, output=1)), Content())])
    value = exported(told)
    assert value["steps"][1]["metrics"]["prompt_tokens"] == 8
    totals = value["final_metrics"]
    assert totals["total_prompt_tokens"] == 9
    assert "total_cost_usd" not in totals  # that of one call is not known
    assert totals["total_steps"] == 3


def test_provenance_and_failures_are_kept():
    told = from_messages(HI, CALLED, RESULT)
    failed = Draft(
        Kind.TOOL_RESULT, "no", Role.TOOL, origin=Origin.STUBBED, marks=Mark.ERROR, call_id="c1"
    )
    told.change(4, 5, [(failed, text_content("no"))])
    value = exported(told)
    (result,) = value["steps"][1]["observation"]["results"]
    assert result["extra"] == {"is_error": True}
    assert value["steps"][1]["extra"] == {"origin": ["stubbed"]}
    assert value["extra"]["scrubber"]["provenance"] == [{"message": 1, "origin": "stubbed"}]


def test_pictures_with_an_address_are_parts_and_others_are_named():
    parts = [
        {"type": "text", "text": "a"},
        {"type": "image_url", "image_url": {"url": "https://x.example/b.jpg"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
    ]
    told = from_messages({"role": "user", "content": parts})
    assert exported(told)["steps"][0]["message"] == [
        {"type": "text", "text": "a"},
        {
            "type": "image",
            "source": {"media_type": "image/jpeg", "path": "https://x.example/b.jpg"},
        },
        {"type": "text", "text": "[image image/png 0 kB]"},
    ]
    assert "1 picture is named" in "\n".join(registry.writer("atif").losses(told))


def test_arguments_that_are_no_object_become_one():
    call = {**CALL, "function": {"name": "sh", "arguments": "ls -l"}}
    steps = exported(from_messages({**CALLED, "tool_calls": [call]}))["steps"]
    assert steps[0]["tool_calls"][0]["arguments"] == {"input": "ls -l"}


def test_a_session_without_messages_is_a_valid_trajectory():
    assert len(exported(from_messages(HI, index=0))["steps"]) == 1


@pytest.mark.parametrize("source", sorted(DIALECTS))
@given(conversation=turns())
def test_every_conversation_gives_a_valid_trajectory_that_says_the_same(source, conversation):
    value = DIALECTS[source](conversation)
    told = FakeTranscript(read(source, json.dumps(value).encode()))
    data = write("atif", told)
    assert faults(json.loads(data)) == []
    again = FakeTranscript(read("atif", data))
    assert _words(again) == _words(told)
    assert exported(again)["steps"] == json.loads(data)["steps"]


def _words(told: FakeTranscript) -> list[Any]:
    """What is said, but for silent messages beside calls, which a step cannot tell from none."""
    found = []
    for role, items in said(told):
        kept = [item for item in items if item[0] is not Kind.MESSAGE or _text(item[1])]
        found.append((role, kept))
    return [pair for pair in found if pair[1]]


def _text(blocks: Any) -> str:
    return "".join(getattr(block, "text", "") for block in blocks)


@pytest.mark.skipif(not has_their_models(), reason="the package atif is not installed")
@pytest.mark.parametrize("index", range(0, 23))
def test_the_models_of_others_agree(index):
    check_with_their_models(exported(FakeTranscript(corpus("trajectory.json"), "", index)))


@pytest.mark.skipif(not has_their_models(), reason="the package atif is not installed")
@given(conversation=turns())
def test_the_models_of_others_agree_on_any_conversation(conversation):
    told = FakeTranscript(read("messages", json.dumps(DIALECTS["messages"](conversation)).encode()))
    check_with_their_models(json.loads(write("atif", told)))


@pytest.mark.skipif(not has_their_models(), reason="the package atif is not installed")
@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.glob("*.json")))
def test_the_corpus_is_valid_but_where_it_means_not_to_be(name):
    value = json.loads(Path(CORPUS / name).read_bytes())
    if name == "trajectory.cont-1.json":
        with pytest.raises(ValueError, match="sequential"):
            check_with_their_models(value)
    else:
        check_with_their_models(value)
