from __future__ import annotations

import json

import pytest

from scrubber.core.events import Kind, Mark, Role, Visibility
from tests.formats.gemini_cli.records import (
    CONTEXT,
    SESSION,
    File,
    call,
    context,
    made,
    response,
    story,
    thought,
    tokens,
    words,
)
from tests.formats.reading import FakeTranscript, read

SUMMARY = "<state_snapshot>what was</state_snapshot>"
ACK = "Got it. Thanks for the additional context!"


def kinds(file: File) -> list[str]:
    return [event.kind.label for event in file.transcript().events()]


def test_a_message_is_its_thoughts_words_calls_and_results():
    file = story()
    told = list(file.transcript().events())
    assert [event.kind.label for event in told] == [
        "session_start", "context", "message", "reasoning", "message", "tool_call", "tool_call",
        "tool_result", "tool_result", "mirror", "mirror", "message",
    ]  # fmt: skip
    assert {event.group_id for event in told[3:7]} == {"a"}
    assert [event.ref for event in told[7:11]] == [5, 6, 3, 7]
    assert all(event.visibility is Visibility.HIDDEN for event in told[9:11])
    assert [told[n].ts for n in (2, 3, 7)] == [1777629602000, 1777629659000, 1777629658000]
    assert not file.read().reader.warnings


def test_what_the_session_is_called_and_where_it_ran():
    info = story().read().reader.infos[""]
    assert (info.title, info.native_id, info.model) == ("fix it", SESSION, "gemini-x")
    assert (info.cwd, info.relation, info.created) == ("/home/me/x", "root", 1777629600000)
    titled = story().set(summary="A repair").read()
    assert titled.reader.infos[""].title == "A repair"
    assert titled.drafts()[-1].kind is Kind.TITLE


def test_tokens_are_counted_once_and_the_cached_are_no_input():
    told = [event.usage for event in story().transcript().events() if event.usage]
    assert [(u.input, u.cache_read, u.output, u.reasoning, u.context) for u in told] == [
        (60, 40, 8, 3, 100),
        (120, 0, 7, 0, 120),
    ]


def test_tokens_that_come_later_are_not_lost():
    file = File().user("hi").model("ho", "a").model("ho", "a", tokens=tokens(10, 2))
    (mirror,) = [event for event in file.transcript().events() if event.usage]
    assert (mirror.kind, mirror.ref) == (Kind.MIRROR, 2)


def test_a_failed_call_is_marked():
    file = File().user("x").model("", "a", toolCalls=[call("c", {"error": "no such file"})])
    *_, result = file.transcript().events()
    assert result.marks & Mark.ERROR
    assert result.text == "no such file"


def test_a_result_keeps_what_the_client_knows_beside_it_and_its_pictures():
    picture = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    made = call("c") | {"displayName": "Shell", "resultDisplay": {"files": ["a"]}}
    made["result"].append(picture)
    told = File().user("x").model("", "a", toolCalls=[made]).transcript()
    *_, result = told.events()
    content = told.content(result)
    assert content.detail["resultDisplay"] == {"files": ["a"]}
    assert [image.data for image in content.images] == ["AAAA"]
    assert result.marks & Mark.IMAGE


def test_a_resume_repeats_the_history_and_each_result_of_all_calls():
    file = story()
    before = len(file.read().drafts())
    both = [response("c1"), response("c2", "no")]
    calls = [call("c1", command="ls"), call("c2", "no")]
    for one in calls:
        one["result"] = both
    parts = [{"text": "**Plan** hm", "thought": True}, *words("let me look")]
    plan = [thought("Plan", "hm")]
    said = [*parts, made("c1", command="ls"), made("c2")]
    history = [
        file.message("user", words(CONTEXT), "ctx"),
        file.message("user", words("fix it"), "m2"),
        file.message("gemini", said, "a") | {"thoughts": plan, "toolCalls": calls},
        file.message("user", both, "a_response"),
        file.message("user", both, "m6"),
        file.message("gemini", words("all done"), "b"),
    ]  # fmt: skip
    file.set(sessionId=SESSION).set(messages=history).user(words("go on"), "z")
    told = list(file.transcript().events())
    assert [event.kind.label for event in told[before:]] == ["mirror", "message"]
    assert told[before].ref == 1


def test_a_rewind_drops_a_message_and_all_behind_it():
    file = story().rewind("a").user("another way")
    told = file.transcript()
    assert context(told) == [("message", "fix it"), ("message", "another way")]
    (rewind,) = [event for event in told.events() if event.kind is Kind.REWIND]
    assert rewind.ref == 3


def test_a_rewind_to_an_unknown_message_drops_all():
    file = story().rewind("nobody").user("anew")
    assert context(file.transcript()) == [("message", "anew")]
    assert "nobody, which is not there" in file.read().reader.warnings[0][1]


def test_a_rewind_to_what_only_repeats_results_drops_what_follows():
    file = story().rewind("m6").user("another way")
    assert context(file.transcript())[-2:] == [("tool_result", "no"), ("message", "another way")]


def test_what_a_rewind_dropped_is_told_again_as_a_message_of_its_own():
    file = File().user("x", "u").model("y", "a").rewind("a").model("y", "a")
    told = [event for event in file.transcript().events() if event.role is Role.ASSISTANT]
    assert [event.opens_message for event in told] == [True, True]
    assert context(file.transcript()) == [("message", "x"), ("message", "y")]


def test_a_last_message_that_changed_takes_the_place_of_its_former_version():
    file = File().user("x").model("one two", "a").model("one three", "a").user("ok")
    assert [text for _, text in context(file.transcript())] == ["x", "one three", "ok"]
    assert kinds(file)[-3:] == ["rewind", "message", "message"]


def test_a_message_that_changed_in_the_middle_is_told_and_reported():
    file = File().user("x", "u").model("y", "a").user("changed", "u")
    assert kinds(file)[-2:] == ["context_edit", "message"]
    assert "both versions" in file.read().reader.warnings[0][1]


def compacted() -> File:
    file = File().user("one", "u1").model("first", "a1").user("two", "u2").model("second", "a2")
    new = [
        file.message("user", words(SUMMARY), "s"),
        file.message("gemini", words(ACK), "k"),
        file.message("user", words("two"), "n1"),
        file.message("gemini", words("second"), "n2"),
    ]
    return file.set(messages=new).user("three", "u3")


def test_a_compaction_is_a_summary_and_what_it_kept_is_told_behind_it():
    told = compacted().transcript()
    assert [text for _, text in context(told)] == [SUMMARY, ACK, "two", "second", "three"]
    assert kinds(compacted())[5:] == [
        "rewind", "compaction", "message", "message", "message", "message",
    ]  # fmt: skip
    rewind, summary = list(told.events())[5:7]
    assert (rewind.ref, summary.ref) == (3, 1)


def test_a_second_compaction_stands_for_the_first_and_all_before():
    file = compacted().model("third", "a3")
    file.set(messages=[file.message("user", words(SUMMARY + "more"), "s2")]).user("four", "u4")
    assert [text for _, text in context(file.transcript())] == [SUMMARY + "more", "four"]


@pytest.mark.parametrize("target", ["s", "nobody"])
def test_what_a_summary_stands_for_does_not_come_back_when_it_is_dropped(target):
    file = compacted().rewind(target).user("anew", "u4")
    assert [text for _, text in context(file.transcript())] == ["anew"]


def test_a_compaction_between_a_call_and_its_result():
    file = File().user("one", "u").model("look", "a").model("look", "a", toolCalls=[call("c")])
    new = [
        file.message("user", words(SUMMARY), "s"),
        file.message("gemini", words(ACK), "k"),
        file.message("gemini", [*words("look"), made("c")], "n"),
    ]
    file.set(messages=new).user([response("c")]).model("so", "b")
    assert context(file.transcript()) == [
        ("compaction", SUMMARY), ("message", ACK), ("message", "look"), ("tool_call", "{}"),
        ("tool_result", "done"), ("message", "so"),
    ]  # fmt: skip


def test_any_other_change_of_the_history_takes_back_what_is_gone():
    file = File().user("one", "u").model("first", "a").user("two", "v").model("second", "b")
    new = [file.message("user", "one", "u"), file.message("gemini", "changed", "a")]
    file.set(messages=new).user("three", "w")
    assert [text for _, text in context(file.transcript())] == ["one", "changed", "three"]


def test_a_restart_that_takes_the_history_up_again_changes_nothing():
    file = File().user("one", "u").model("first", "a").header()
    file.set(messages=[file.message("user", CONTEXT, "ctx")])
    history = [file.message("user", "one", "u"), file.message("gemini", "first", "a")]
    file.set(messages=[file.message("user", CONTEXT, "ctx"), *history]).user("two", "v")
    assert [text for _, text in context(file.transcript())] == ["one", "first", "two"]
    assert "rewind" not in kinds(file)


def test_a_restart_that_does_not_drops_it():
    file = File().user("one", "u").model("first", "a").header()
    file.set(messages=[file.message("user", CONTEXT, "ctx")]).user("anew", "v")
    assert [text for _, text in context(file.transcript())] == ["anew"]


def test_a_new_context_in_front_is_shown_and_takes_the_place_of_the_old_one():
    file = story()
    history = [file.message("user", CONTEXT + "another day", "ctx2")]
    history += [r for r in file.records if "id" in r and r["id"] != "ctx"]
    seen = list(file.set(messages=history).transcript().events())
    (shown,) = [event for event in seen if "another day" in event.text]
    assert (shown.kind, shown.visibility) == (Kind.CONTEXT, Visibility.UI_ONLY)


def test_commands_notices_and_errors_are_not_for_the_model():
    file = File().user("/help").bare(**File().message("info", "cancelled", "i"))
    file.bare(**File().message("error", "quota", "e")).user("real")
    told = list(file.transcript().events())[1:]
    assert [event.kind.label for event in told] == ["command", "notice", "error", "message"]
    assert [event.visibility.label for event in told] == ["ui_only"] * 3 + ["in_context"]
    assert told[2].is_error
    assert file.read().reader.infos[""].title == "real"


def test_files_that_a_tool_brought_are_handed_to_the_model_as_information():
    parts = [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]
    file = File().user("x").bare(**File().message("info", parts, "i"))
    *_, told = file.transcript().events()
    assert (told.kind, told.role, told.visibility) == (
        Kind.CONTEXT, Role.USER, Visibility.IN_CONTEXT,
    )  # fmt: skip


def test_a_message_without_words_yet_is_a_hidden_call_of_the_model():
    file = (
        File().user("x").model("", "a", tokens=tokens(5, 1)).model("", "a", toolCalls=[call("c")])
    )
    told = list(file.transcript().events())[2:]
    assert [event.kind.label for event in told] == ["model_call", "tool_call", "tool_result"]
    assert told[0].usage is not None
    assert told[1].opens_message


def test_sub_agents_and_who_started_them():
    asked = call("c", name="invoke_agent", prompt="look into it") | {"agentId": "agent-1"}
    read_ = File().user("x").model("", "a", toolCalls=[asked]).read()
    info = read_.reader.infos[""]
    assert [d.kind.label for d in read_.drafts()][-2:] == ["tool_result", "subagent_end"]
    spawn = info.spawns["agent-1"]
    assert (spawn.start, spawn.stop, spawn.title) == (2, 4, "look into it")


def test_a_sub_agents_file_knows_its_session():
    file = File(kind="subagent").user("task").set(summary='{"result": 1}')
    info = read("gemini-cli", file.data, f"/x/chats/parent-id/{SESSION}.jsonl").reader.infos[""]
    assert (info.relation, info.parent_native_id, info.agent) == ("subagent", "parent-id", SESSION)
    assert info.title == "task"


def test_the_folder_of_the_project_is_noted_beside_the_chats(tmp_path):
    chats = tmp_path / "slug" / "chats"
    chats.mkdir(parents=True)
    (tmp_path / "slug" / ".project_root").write_text("/home/me/project")
    source = read("gemini-cli", story().data, str(chats / "session-x.jsonl"))
    assert source.reader.infos[""].cwd == "/home/me/project"


DOCUMENT = {
    "sessionId": SESSION,
    "projectHash": "ab",
    "startTime": "2026-05-01T10:00:00.000Z",
    "messages": [r for r in story().records if "id" in r],
    "lastUpdated": "2026-05-01T10:00:10.000Z",
    "summary": "A repair",
    "novelty": 1,
}


@pytest.mark.parametrize("indent", [2, None])
def test_the_old_form_says_the_same(indent):
    data = json.dumps(DOCUMENT, indent=indent).encode()
    source = read("gemini-cli", data, "session-x.json")
    assert source.raw == data
    assert not source.reader.warnings
    assert context(FakeTranscript(source)) == context(story().transcript())
    assert source.reader.infos[""].title == "A repair"


def test_records_of_the_old_form_are_its_messages():
    source = read("gemini-cli", json.dumps(DOCUMENT, indent=2).encode(), "session-x.json")
    raws = [r.raw for r in source.readings if any(d.kind is Kind.TOOL_CALL for d in r.drafts)]
    assert len(raws) == 1
    assert raws[0].startswith(b'{\n      "id": "a"')
    assert [d.kind for d in source.drafts()].count(Kind.UNKNOWN) == 1  # "novelty"


def test_a_history_of_the_api_is_read_too():
    said = [{"role": "user", "parts": words("hi")}, {"role": "model", "parts": words("ho")}]
    for data in (
        json.dumps(said),
        json.dumps(said, indent=1),
        json.dumps({"history": said}, indent=1),
    ):
        source = read("gemini-cli", data.encode(), "checkpoint-x.json")
        assert context(FakeTranscript(source)) == [("message", "hi"), ("message", "ho")]


def test_damage_costs_one_record():
    lines = story().lines
    source = read("gemini-cli", lines[0] + b'{"id": "x", "ty\n' + b"".join(lines[1:]) + b'{"id')
    assert source.raw.endswith(b'{"id')
    assert source.reader.pending == b'{"id'
    assert [d.kind for d in source.drafts()].count(Kind.UNKNOWN) == 1
    assert context(FakeTranscript(source)) == context(story().transcript())
