from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.content import Content, Text, text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.core.messages import messages
from scrubber.formats import registry
from scrubber.formats.markdown import MarkdownWriter, fenced
from tests.formats.reading import FakeTranscript, read, write

HI = {"role": "user", "content": "hi", "name": "me", "weight": 0}
CALL = {"type": "function", "function": {"name": "ls", "arguments": '{ "a" : 1 }'}}
CALLS: dict[str, Any] = {
    "role": "assistant",
    "content": "x",
    "tool_calls": [{"id": "c1", **CALL}, {"id": "c2", **CALL}],
}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "r1"}
TOOLS = [{"type": "function", "function": {"name": "ls", "parameters": {"type": "object"}}}]
PNG = "data:image/png;base64,AAAA"

BLOCKS: list[dict[str, Any]] = [
    {"type": "thinking", "thinking": "hm", "signature": "sig"},
    {"type": "redacted_thinking", "data": "zz"},
    {"type": "text", "text": "x", "citations": []},
    {"type": "tool_use", "id": "c1", "name": "ls", "input": {"a": 1}},
]
SEALED = {
    "system": "be kind",
    "messages": [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": BLOCKS},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "c1", "content": "bad", "is_error": True},
            {"type": "text", "text": "go on"},
        ]},
    ],
    "tools": [{"name": "ls", "input_schema": {"type": "object"}}],
}  # fmt: skip


def transcript(format: str, value: Any, index: int | None = None) -> FakeTranscript:
    return FakeTranscript(read(format, json.dumps(value).encode()), "", index)


def exported(format: str, told: FakeTranscript) -> Any:
    data = write(format, told)
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1
    return json.loads(data)


def typed(text: str, role: Role = Role.USER, origin: Origin = Origin.TYPED, **more: Any):
    return Draft(Kind.MESSAGE, text, role, origin=origin, **more), text_content(text)


def losses(format: str, told: FakeTranscript) -> str:
    return "\n".join(registry.writer(format).losses(told))


def test_untouched_messages_are_written_as_they_were():
    value = {"messages": [HI, CALLS, RESULT], "tools": TOOLS}
    written = exported("messages", transcript("messages", value))
    assert written["messages"] == value["messages"]
    assert written["tools"] == TOOLS
    assert written["metadata"]["provenance"] == []
    assert written["metadata"]["index"] == 6


def test_a_cut_within_a_message_writes_what_is_in_front_of_it():
    told = transcript("messages", [HI, CALLS, RESULT], 3)
    written = exported("messages", told)["messages"]
    assert [call["id"] for call in written[1]["tool_calls"]] == ["c1"]
    assert "1 call has no result" in losses("messages", told)


def test_provenance_names_the_messages_that_are_not_recorded():
    told = transcript("messages", [HI, CALLS, RESULT])
    told.change(4, 5, [
        (Draft(Kind.TOOL_RESULT, "no", Role.TOOL, origin=Origin.STUBBED, call_id="c1"),
         text_content("no")),
        typed("and now?"),
    ])  # fmt: skip
    written = exported("messages", told)
    assert written["messages"][2:] == [
        {"role": "tool", "tool_call_id": "c1", "content": "no"},
        {"role": "user", "content": "and now?"},
    ]
    assert written["metadata"]["provenance"] == [
        {"message": 2, "origin": "stubbed"},
        {"message": 3, "origin": "typed"},
    ]


def test_sealed_reasoning_is_text_for_openai():
    told = transcript("anthropic", SEALED)
    written = exported("messages", told)
    system, _, assistant, result, user = written["messages"]
    assert system == {"role": "system", "content": "be kind"}
    assert assistant["reasoning_content"] == "hm"
    assert assistant["content"] == "x"
    assert assistant["tool_calls"][0]["function"] == {"name": "ls", "arguments": '{"a":1}'}
    assert result == {"role": "tool", "tool_call_id": "c1", "content": "bad"}
    assert user == {"role": "user", "content": "go on"}
    assert written["tools"] == TOOLS
    assert "2 signatures" in losses("messages", told)
    assert "1 result is a failure" in losses("messages", told)


def test_untouched_blocks_are_written_as_they_were():
    told = transcript("anthropic", SEALED)
    written = exported("anthropic", told)
    assert {key: written[key] for key in SEALED} == SEALED
    assert "reasoning" not in losses("anthropic", told)


def test_reasoning_of_an_edited_message_is_left_out():
    told = transcript("anthropic", SEALED)
    (group,) = {event.group_id for event in told.events() if event.kind is Kind.REASONING}
    told.change(5, 6, [typed("y", Role.ASSISTANT, Origin.EDITED, group_id=group)])
    written = exported("anthropic", told)
    assert written["messages"][1]["content"] == [{"type": "text", "text": "y"}, BLOCKS[3]]
    assert written["metadata"]["provenance"] == [{"message": 1, "origin": "edited"}]
    assert "2 pieces of reasoning" in losses("anthropic", told)


def test_messages_for_anthropic_take_turns_with_results_first():
    told = transcript("messages", [
        {"role": "system", "content": "a"}, HI, CALLS, RESULT,
        {"role": "user", "content": "u"}, {"role": "system", "content": "b"},
        {**RESULT, "tool_call_id": "c2"},
    ])  # fmt: skip
    written = exported("anthropic", told)
    assert [block["text"] for block in written["system"]] == ["a", "b"]
    assert [message["role"] for message in written["messages"]] == ["user", "assistant", "user"]
    kinds = [block["type"] for block in written["messages"][2]["content"]]
    assert kinds == ["tool_result", "tool_result", "text"]
    assert "1 system message of later on" in losses("anthropic", told)


def test_reasoning_without_a_seal_is_nothing_for_anthropic():
    thought = {"role": "assistant", "content": "x", "reasoning_content": "hm"}
    told = transcript("messages", [HI, thought])
    assert exported("anthropic", told)["messages"][1] == {"role": "assistant", "content": "x"}
    assert "1 piece of reasoning" in losses("anthropic", told)


def test_pictures_stay_in_their_place():
    parts = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": PNG}}]
    told = transcript("messages", [{"role": "user", "content": parts}])
    told.change(1, 1, [(Draft(Kind.MESSAGE, "", Role.USER), told.content(next(told.events())))])
    assert exported("messages", told)["messages"][1]["content"] == parts
    source = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    blocks = exported("anthropic", told)["messages"][0]["content"]
    assert blocks[1] == {"type": "image", "source": source}
    turns = exported("sharegpt", told)
    assert turns["conversations"][0]["value"] == "a\n<image>"
    assert turns["images"] == [PNG, PNG]
    assert b"[image image/png 0 kB]" in write("markdown", told)
    shown = b"".join(MarkdownWriter(shows_pictures=True).write(told))
    assert f"![image]({PNG})".encode() in shown


def test_sharegpt_turns():
    told = transcript("anthropic", SEALED)
    written = exported("sharegpt", told)
    assert [turn["from"] for turn in written["conversations"]] == [
        "system", "human", "gpt", "function_call", "observation", "human",
    ]  # fmt: skip
    assert written["conversations"][2]["value"] == "<think>\nhm\n</think>\n\nx"
    assert json.loads(written["conversations"][3]["value"]) == {"name": "ls", "arguments": {"a": 1}}
    assert json.loads(written["tools"]) == TOOLS
    assert "ids of calls" in losses("sharegpt", told)


def test_markdown_reads_well():
    text = write("markdown", transcript("anthropic", SEALED)).decode()
    assert text.startswith("# hi\n\n- session: `s1`\n")
    assert "## 0 · System\n\nbe kind\n" in text
    assert "> *Reasoning*\n>\n> hm\n" in text
    assert '**Calls `ls`**\n\n```json\n{\n  "a": 1\n}\n```\n' in text
    assert "## 3 · Result of `ls` ✗ error\n\n```\nbad\n```\n" in text


@pytest.mark.parametrize(
    "text", ["```\nopen", "a <details> b", "<!-- x", "```` \nx\n````\n```", "~~~\nx"]
)
def test_words_cannot_swallow_what_follows(text):
    value = [{"role": "user", "content": text}, {"role": "user", "content": "after"}]
    written = write("markdown", transcript("messages", value)).decode()
    assert fenced(text) in written
    assert "## 1 · User\n\nafter\n" in written


def test_a_fence_is_longer_than_any_inside():
    assert fenced("a\n`````\nb").startswith("``````\n")


def test_a_title_stays_on_its_line():
    told = transcript("messages", [HI])
    told.session = told.session.__class__(**{
        **{name: getattr(told.session, name) for name in told.session.__slots__},
        "title": "a\n# b",
    })  # fmt: skip
    assert write("markdown", told).startswith(b"# a # b\n")


@pytest.mark.parametrize("format", ["messages", "anthropic", "sharegpt", "markdown", "claude-code"])
def test_a_session_without_messages_can_be_written(format):
    told = transcript("messages", [HI], 0)
    assert isinstance(write(format, told), bytes)
    assert isinstance(registry.writer(format).losses(told), list)


def test_marks_survive_in_anthropic_results():
    told = transcript("messages", [HI, CALLS])
    draft = Draft(
        Kind.TOOL_RESULT, "no", Role.TOOL, origin=Origin.TYPED, marks=Mark.ERROR, call_id="c1"
    )
    told.change(4, 4, [(draft, Content((Text("no"),)))])
    block = exported("anthropic", told)["messages"][2]["content"][0]
    assert block == {
        "type": "tool_result", "tool_use_id": "c1", "content": "no", "is_error": True,
    }  # fmt: skip


def test_blank_texts_which_the_api_refuses_are_left_out():
    told = transcript("messages", [HI, {"role": "assistant", "content": "\n\n"}, HI])
    written = exported("anthropic", told)["messages"]
    assert not [m for m in written if m["role"] == "assistant"]


AGAIN = {"role": "user", "content": "never mind"}
STRAY = {"role": "tool", "tool_call_id": "elsewhere", "content": "from another file"}


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_what_providers_refuse_in_mid_conversation_is_closed_and_told(format):
    told = transcript("messages", [STRAY, HI, CALLS, RESULT, AGAIN])
    written = read(format, write(format, told))
    results = [
        (event.call_id, content.text)
        for message in messages(FakeTranscript(written))
        for event, content in message.items
        if event.kind is Kind.TOOL_RESULT
    ]
    calls = {call["id"] for call in CALLS["tool_calls"]}
    assert {call for call, _ in results} == calls
    abandoned = calls - {RESULT["tool_call_id"]}
    assert {call for call, text in results if text == INTERRUPTED} == abandoned
    assert len(abandoned) == 1
    words = losses(format, told)
    assert "1 call was never answered: it is answered as interrupted" in words
    assert "1 result that answers no call is left out" in words
    assert "providers reject" not in words


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_calls_and_results_without_ids_belong_together(format):
    nameless = {key: value for key, value in CALLS["tool_calls"][0].items() if key != "id"}
    told = transcript("messages", [HI, {"role": "assistant", "tool_calls": [nameless, nameless]}])
    told.change(1, 3, [
        (Draft(Kind.TOOL_CALL, "", Role.ASSISTANT, name="ls"), Content(arguments={})),
        (Draft(Kind.TOOL_CALL, "", Role.ASSISTANT, name="ls"), Content(arguments={})),
        *((Draft(Kind.TOOL_RESULT, t, Role.TOOL), text_content(t)) for t in ("a", "b", "stray")),
    ])  # fmt: skip
    again = FakeTranscript(read(format, write(format, told)))
    calls = [e.call_id for e in again.events() if e.kind is Kind.TOOL_CALL]
    results = [e for e in again.events() if e.kind is Kind.TOOL_RESULT]
    assert [event.call_id for event in results] == calls
    assert len(set(calls)) == 2
    assert [again.content(event).text for event in results] == ["a", "b"]


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_a_result_that_comes_after_the_models_next_message_is_too_late(format):
    late = {"role": "tool", "tool_call_id": "c2", "content": "late"}
    said = {"role": "assistant", "content": "so"}
    told = transcript("messages", [HI, CALLS, RESULT, said, late, AGAIN])
    again = FakeTranscript(read(format, write(format, told)))
    results = [e for e in again.events() if e.kind is Kind.TOOL_RESULT]
    texts = {event.call_id: again.content(event).text for event in results}
    assert texts == {"c1": "r1", "c2": INTERRUPTED}


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_calls_with_the_id_of_an_earlier_one_get_another(format):
    again = {"role": "tool", "tool_call_id": "c1", "content": "again"}
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", **CALL}]}
    told = transcript("messages", [HI, call, RESULT, call, again])
    written = FakeTranscript(read(format, write(format, told)))
    calls = [e.call_id for e in written.events() if e.kind is Kind.TOOL_CALL]
    results = [e for e in written.events() if e.kind is Kind.TOOL_RESULT]
    assert calls[0] == "c1"
    assert len(set(calls)) == 2
    assert [event.call_id for event in results] == calls
    assert [written.content(event).text for event in results] == ["r1", "again"]


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_a_second_result_of_a_call_is_left_out(format):
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", **CALL}]}
    told = transcript("messages", [HI, call, RESULT, RESULT])
    written = FakeTranscript(read(format, write(format, told)))
    assert [e.kind for e in written.events()].count(Kind.TOOL_RESULT) == 1


@pytest.mark.parametrize("format", ["messages", "anthropic"])
def test_calls_at_the_end_stay_open(format):
    told = transcript("messages", [HI, CALLS])
    again = FakeTranscript(read(format, write(format, told)))
    assert [event.kind for event in again.events()].count(Kind.TOOL_RESULT) == 0
    assert "calls have no result: providers reject" in losses(format, told)
