from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scrubber.core.content import Document, Image, Text
from scrubber.core.errors import FormatError
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.core.session import Branch
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, Read, read

CORPUS = Path(__file__).parents[1] / "corpus" / "responses"


def corpus(name: str) -> Read:
    return read("responses", (CORPUS / name).read_bytes())


def of(*values: Any) -> Read:
    return read("responses", "".join(json.dumps(value) + "\n" for value in values).encode())


def kinds(source: Read, log: str = "") -> list[Kind]:
    return [draft.kind for draft in source.drafts(log)]


def test_a_chain_of_responses_is_one_conversation():
    source = corpus("chain.jsonl")
    assert kinds(source) == [
        Kind.STATE, Kind.MESSAGE, Kind.CONTEXT, Kind.MESSAGE,
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL,
        Kind.STATE, Kind.TOOL_RESULT, Kind.MESSAGE,
    ]  # fmt: skip
    info = source.reader.infos[""]
    assert (info.native_id, info.model, info.title) == ("resp_1", "gpt-large", "How is the basil?")
    assert (info.created, info.updated) == (1772352000000, 1772352005500)


def test_a_second_answer_to_one_response_is_a_branch():
    source = corpus("chain.jsonl")
    assert source.reader.infos["resp_2b"].branch == Branch("", 7)
    assert [draft.text for draft in source.drafts("resp_2b")][1:4] == [
        "Be brief.", "no water", "I cannot.",
    ]  # fmt: skip
    groups = {draft.group_id for draft in source.drafts("resp_2b") if draft.group_id}
    assert not groups & {draft.group_id for draft in source.drafts()}


def test_standing_orders_that_a_chain_repeats_are_said_once():
    texts = [draft.text for draft in corpus("chain.jsonl").drafts()]
    assert texts.count("Look after plants.") == 1


def test_a_response_without_the_one_before_it_begins_a_conversation():
    source = corpus("chain.jsonl")
    assert source.reader.infos["1"].branch is None
    assert kinds(source, "1") == [Kind.STATE, Kind.USAGE, Kind.ERROR]


def test_what_one_response_says_is_one_message_with_one_bill():
    drafts = corpus("chain.jsonl").drafts()
    assert len({draft.group_id for draft in drafts[4:7]}) == 1
    assert [d.usage for d in drafts if d.usage] == [
        Usage(20, 100, 0, 30, 10, 120), Usage(160, 0, 0, 5, 0, 160),
    ]  # fmt: skip
    assert drafts[4].usage is not None
    assert drafts[4].marks & Mark.SEALED


def test_items_of_every_type():
    source = corpus("items.json")
    assert source.reader.warnings == [(28, "neither a conversation nor a message of one")]
    told = FakeTranscript(source)
    events = list(told.events())
    assert not any(event.marks & Mark.ORPHAN for event in events)
    calls = [(e.name, e.call_id) for e in events if e.kind is Kind.TOOL_CALL]
    assert calls == [
        ("web_search", "ws_1"), ("file_search", "fs_1"), ("code_interpreter", "ci_1"),
        ("image_generation", "ig_1"), ("rake", "mc_1"), ("rake", "mc_2"), ("shell", "cc_1"),
        ("computer", "cp_1"), ("shell", "sc_1"), ("apply_patch", "pc_1"),
    ]  # fmt: skip
    answered = {e.call_id for e in events if e.kind is Kind.TOOL_RESULT}
    assert {call for _, call in calls} - answered == {"ci_1"}
    assert [e.call_id for e in events if e.is_error] == ["mc_2", "pc_1"]
    assert [e.kind for e in events].count(Kind.APPROVAL) == 2
    assert events[-1].kind is Kind.UNKNOWN
    blocks = told.content(events[1]).blocks
    assert [type(block) for block in blocks] == [Text, Image, Document]
    assert isinstance(blocks[1], Image)
    assert blocks[1].reference == "https://example.org/a.png"


def test_items_a_line_are_one_conversation_and_what_the_model_says_in_a_row_one_message():
    drafts = corpus("one-a-line.jsonl").drafts()
    groups = [draft.group_id for draft in drafts]
    assert groups[1] == groups[2] == groups[3]
    assert groups[6] not in (None, groups[1])
    assert [draft.call_id for draft in drafts[2:6]] == ["c1", "c2", "c1", "c2"]


def test_requests_batches_and_logs_of_both():
    source = corpus("batch.jsonl")
    assert source.reader.warnings == []
    assert [[draft.text for draft in source.drafts(log)] for log in source.logs] == [
        ['{"custom_id":"a","method":"POST","url":"/v1/responses"}', "Be kind.", "Hello?"],
        ['{"custom_id":"a"}', "Hello!"],
        ["One?", "One."],
        ["Two?", "Two."],
    ]


def test_instructions_may_be_items():
    items = [{"role": "developer", "content": "a"}, {"role": "system", "content": "b"}]
    request = {"model": "m", "instructions": items, "input": "hi"}
    roles = [draft.role for draft in of(request).drafts()]
    assert roles == [Role.DEVELOPER, Role.SYSTEM, Role.USER]


@pytest.mark.parametrize("usage", [[], {}, 1, {"input_tokens": "x"}, {"input_tokens": -1}])
def test_a_bill_that_cannot_be_read_is_none(usage):
    message = {"type": "message", "role": "assistant", "content": "x"}
    response = {"id": "resp_1", "output": [message], "usage": usage, "created_at": "now"}
    assert [(d.usage, d.ts) for d in of(response).drafts()] == [(None, None)]


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_recognised_by_content(name):
    assert registry.recognise(CORPUS / name).name == "responses"


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [{"role": "user", "content": "hi"}]},
        [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}],
        {"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []},
        {"input": "What is 1 + 1?", "ideal": "2"},
        {"input": [1, 2], "output": [3]},
        {"instruction": "x", "input": "y", "output": "z"},
        {"type": ["message"], "role": {}, "content": 1},
        {"id": "p1", "sessionID": "s1", "type": "reasoning", "text": "hm"},
        {"id": "p2", "sessionID": "s1", "type": "compaction", "auto": True},
    ],
)
def test_others_files_are_not_taken(value, tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_text(json.dumps(value) + "\n")
    with suppress(FormatError):
        assert registry.recognise(path).name != "responses"


def test_an_item_among_others_lines_is_no_evidence(tmp_path):
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
    path = tmp_path / "file.jsonl"
    lines = [{"type": "system", "content": "be kind"}, {"type": "user", "content": []}, reasoning]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with suppress(FormatError):
        assert registry.recognise(path).name != "responses"
