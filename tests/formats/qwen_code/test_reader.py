from __future__ import annotations

import json

import pytest

from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats import registry
from tests.formats.gemini_cli.records import made, response, words
from tests.formats.qwen_code.records import SESSION, File, context, story, text, thought
from tests.formats.reading import FakeTranscript, read, said

SUMMARY = "<state_snapshot>what was</state_snapshot>"


def test_a_message_is_its_thoughts_words_and_calls():
    file = story()
    told = list(file.transcript().events())
    assert [event.kind.label for event in told] == [
        "message", "ui_state", "reasoning", "message", "tool_call", "tool_call", "tool_result",
        "tool_result", "message",
    ]  # fmt: skip
    assert {event.group_id for event in told[2:6]} == {"u2"}
    assert [event.ref for event in told[6:8]] == [4, 5]
    info = file.read().reader.infos[""]
    assert (info.title, info.native_id, info.model) == ("fix it", SESSION, "qwen-x")
    assert info.cwd == "/home/ada/shop"
    assert not file.read().reader.warnings


def test_thoughts_are_a_part_of_the_output():
    (usage,) = [event.usage for event in story().transcript().events() if event.usage]
    assert (usage.input, usage.cache_read, usage.output, usage.reasoning) == (60, 40, 20, 7)


def test_a_failed_result_has_what_the_client_knows_beside_it():
    failed = {"callId": "c", "status": "error", "errorType": "file_not_found"}
    file = File().user("x").model(made("c")).result("c", "no such file")
    file.records[-1]["toolCallResult"] = failed
    told = file.transcript()
    *_, result = told.events()
    assert result.is_error
    assert told.content(result).detail == failed


def test_lists_show_what_was_typed():
    file = File().user("x\n<qwen:user-prompt-submit-context>y", systemPayload={"displayText": "x"})
    (prompt,) = file.transcript().events()
    assert prompt.text == "x"
    assert context(file) == ["x\n<qwen:user-prompt-submit-context>y"]


@pytest.mark.parametrize("subtype", ["notification", "cron", "goal_runtime"])
def test_what_the_client_says_in_the_users_name_is_context(subtype):
    (told,) = File().user("wake up", subtype=subtype).transcript().events()
    assert (told.kind, told.role) == (Kind.CONTEXT, Role.USER)
    assert told.visibility is Visibility.IN_CONTEXT


def test_a_record_that_follows_an_earlier_one_leaves_behind_what_was_between():
    file = story().user("another way", parentUuid="u1")
    assert context(file) == ["fix it", "another way"]
    (rewind,) = [event for event in file.transcript().events() if event.kind is Kind.REWIND]
    assert (rewind.ref, rewind.part) == (2, -1)


def test_a_rewind_tells_of_itself():
    file = story().system("rewind", "u0", targetUuid="u0").user("another way")
    assert context(file) == ["fix it", "another way"]
    (rewind,) = [event for event in file.transcript().events() if event.kind is Kind.REWIND]
    assert (rewind.ref, rewind.part) == (2, 0)


def test_records_beside_the_conversation_leave_nothing_behind():
    file = File().user("x").system("custom_title", customTitle="A title").model(text("y"))
    file.records[-1]["parentUuid"] = "u0"  # titles are no part of the chain
    assert context(file) == ["x", "y"]
    assert Kind.REWIND not in {event.kind for event in file.transcript().events()}
    assert file.read().reader.infos[""].title == "A title"


def test_pieces_of_one_record_may_stand_in_several():
    file = File().user("x").model(thought("hm")).model(text("y"), uuid="u1", parentUuid="u0")
    assert len(said(file.transcript())) == 2
    assert not file.read().reader.warnings


def test_a_compression_is_its_summary_and_what_it_keeps():
    history = [
        {"role": "user", "parts": words(SUMMARY)},
        {"role": "model", "parts": words("Got it.")},
        {"role": "user", "parts": words("two")},
        {"role": "model", "parts": [text("look"), made("c")]},
        {"role": "user", "parts": [response("c")]},
    ]
    file = File().user("one").model(text("first")).user("two").model(text("look"), made("c"))
    file.result("c").system("chat_compression", compressedHistory=history, info={"x": 1})
    file.model(text("so"))
    assert context(file) == [SUMMARY, "Got it.", "two", "look", "{}", "done", "so"]
    told = list(file.transcript().events())[6:]
    assert [event.kind.label for event in told][:3] == ["rewind", "compaction", "compaction"]
    assert told[0].ref == 2
    assert len({event.group_id for event in told if event.role is Role.ASSISTANT}) == 3


def test_a_record_that_follows_one_in_front_of_a_compression_takes_it_back():
    file = File().user("one").model(text("first")).user("two")
    file.system("chat_compression", compressedHistory=[{"role": "user", "parts": words(SUMMARY)}])
    file.user("three")
    assert context(file) == [SUMMARY, "three"]
    file.user("another way", parentUuid="u1")
    assert context(file) == ["one", "first", "another way"]


def test_a_parent_that_is_gone_is_told():
    file = File().user("x", parentUuid="gone")
    (told,) = file.transcript().events()
    assert told.marks & Mark.ORPHAN
    assert "gone is not in the file" in file.read().reader.warnings[0][1]


def test_a_sub_agents_file_is_known_by_the_call_that_started_it(tmp_path):
    folder = tmp_path / "subagents" / SESSION
    folder.mkdir(parents=True)
    meta = {"agentId": "explore-1", "toolUseId": "c2", "description": "Look around"}
    (folder / "agent-explore-1.meta.json").write_text(json.dumps(meta))
    path = str(folder / "agent-explore-1.jsonl")
    info = File(agentId="explore-1", isSidechain=True).user("task").read(path).reader.infos[""]
    assert (info.relation, info.parent_native_id, info.agent) == ("subagent", SESSION, "c2")
    assert info.title == "Look around"
    file = story()
    shown = {"type": "task_execution", "taskDescription": "Look around"}
    file.records[4]["toolCallResult"] = {"callId": "c2", "resultDisplay": shown}
    spawn = file.read().reader.infos[""].spawns["c2"]
    assert (spawn.start, spawn.stop, spawn.title) == (5, 7, "Look around")


REAL = {
    "019f0000-0000-7000-8000-000000000001.jsonl": (6, 7, 0),
    "019f0000-0000-7000-8000-000000000002.jsonl": (1, 1, 0),
    "019f0000-0000-7000-8000-000000000004.jsonl": (9, 10, 0),
    "019f0000-0000-7000-8000-000000000005.jsonl": (2, 2, 2),
    "019f0000000070008000000000000003.jsonl": (1, 1, 0),
    "system_telemetry.jsonl": (8, 9, 1),
}
"""(records, events, warnings) of real files and fixtures."""


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data, name):
    path = shared_data / "agent-sessions-fixtures" / "qwen" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    assert registry.recognise(path).name == "qwen-code"
    source = read("qwen-code", path.read_bytes(), str(path))
    assert source.raw == path.read_bytes()
    found = len(source.readings), len(source.drafts()), len(source.reader.warnings)
    assert found == REAL[name]
    assert Kind.UNKNOWN not in {draft.kind for draft in source.drafts()}
    assert FakeTranscript(source).index == REAL[name][1]
