from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.codex.ids import derived_id, file_name, moment_of, random_id
from scrubber.formats.codex.writer import WRITER, CodexWriter
from tests.formats.codex.lines import (
    CHILD,
    PARENT,
    SESSION,
    Rollout,
    message,
    story,
)
from tests.formats.codex.test_importing import CORPUS, real_files
from tests.formats.codex.validating import context, valid
from tests.formats.reading import FakeTranscript, read, write

SAME = CodexWriter(derived_id)


def transcript(file: Rollout | bytes, index: int | None = None) -> FakeTranscript:
    data = file if isinstance(file, bytes) else file.data
    return FakeTranscript(read("codex", data, f"rollout-x-{SESSION}.jsonl"), "", index)


def written(told: FakeTranscript):
    return valid(b"".join(SAME.write(told)))


def told_again(told: FakeTranscript) -> FakeTranscript:
    found = read("codex", b"".join(SAME.write(told)))
    assert not found.reader.warnings
    again = FakeTranscript(found)
    assert not any(event.marks & Mark.ORPHAN for event in again.events())
    return again


def made(text: str, role: Role = Role.USER, kind: Kind = Kind.MESSAGE, **more):
    more.setdefault("origin", Origin.TYPED)
    return Draft(kind, text, role, **more), text_content(text)


def items(lines):
    return [line["payload"] for line in lines if line["type"] == "response_item"]


def test_lines_are_as_they_were_but_for_the_facts_of_the_session():
    file = story()
    data = b"".join(SAME.write(transcript(file)))
    assert data.splitlines(keepends=True)[1:] == file.lines[1:]
    old, new = file.records[0]["payload"], valid(data)[0]["payload"]
    assert new["forked_from_id"] == old["id"] != new["id"]
    same = set(old) - {"id", "timestamp"}
    assert {key: new[key] for key in same} == {key: old[key] for key in same}


def test_ids_are_new_each_time_unless_they_are_derived():
    told = transcript(story())
    assert b"".join(SAME.write(told)) == b"".join(SAME.write(told))
    assert b"".join(WRITER.write(told)) != b"".join(WRITER.write(told))
    id = random_id(told)
    assert id.version == 7
    assert id.variant == "specified in RFC 4122"
    assert moment_of(derived_id(told)) == 1_000
    assert Path(file_name(id)).name.startswith("rollout-20")
    assert file_name(id).endswith(f"-{id}.jsonl")
    assert len(Path(file_name(id)).parts) == 4


@pytest.mark.parametrize("ordinals", [False, True])
def test_a_cut_anywhere_gives_the_same_context(ordinals):
    whole = transcript(story(ordinals))
    for index in range(whole.index + 1):
        told = transcript(story(ordinals), index)
        valid(b"".join(SAME.write(told)))
        if index >= 2:
            assert context(told_again(told)) == context(told), index


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem[-4:])
def test_a_cut_anywhere_in_what_there_is(path):
    data = path.read_bytes()
    events = list(transcript(data).events())
    for index in range(2, len(events) + 1):
        told = transcript(data, index)
        valid(b"".join(SAME.write(told)))
        found, expected = context(told_again(told)), context(told)
        behind = events[index : index + 1]
        if behind and behind[0].kind is Kind.TOOL_RESULT and behind[0].part:
            assert found.pop()[0] is Kind.TOOL_RESULT  # an item is kept whole
        assert found == expected, index


def test_open_calls_are_closed():
    told = transcript(story(), 12)  # behind the second of two parallel calls
    found = items(written(told))
    assert [item["output"] for item in found[-2:]] == [INTERRUPTED] * 2
    assert [item["call_id"] for item in found[-4:]] == ["a", "b", "a", "b"]
    assert any("2 open calls are answered" in loss for loss in SAME.losses(told))


def test_an_abandoned_call_is_closed_in_front_of_what_follows():
    file = Rollout().user("a").item("custom_tool_call", name="exec", input="x", call_id="c")
    found = items(written(transcript(file.user("never mind").said("ok"))))
    assert [item["type"] for item in found][1:3] == ["custom_tool_call", "custom_tool_call_output"]
    assert found[2]["output"] == INTERRUPTED


def test_results_without_a_call_are_left_out():
    told = transcript(Rollout().user("a").result("z").said("b"))
    assert [item["type"] for item in items(written(told))] == ["message", "message"]
    assert any("answers no call" in loss for loss in SAME.losses(told))


def test_turns_that_were_rolled_back_are_left_out():
    file = Rollout(True).turn("a", "x").turn("b", "y").event("thread_rolled_back", num_turns=1)
    lines = written(transcript(file.turn("c", "z")))
    said = [part["text"] for item in items(lines) for part in item["content"]]
    assert said == ["a", "x", "c", "z"]
    assert "y" not in [line["payload"].get("last_agent_message") for line in lines]


def test_numbers_have_no_gaps_and_lines_keep_their_bytes_otherwise():
    file = Rollout(True).turn("a", "x").turn("b", "y").event("thread_rolled_back", num_turns=1)
    data = b"".join(SAME.write(transcript(file.turn("c", "z"))))
    old = [line.replace(b'"ordinal":%d,' % n, b"") for n, line in enumerate(file.lines)]
    new = [
        line.replace(b'"ordinal":%d,' % n, b"")
        for n, line in enumerate(data.splitlines(keepends=True))
    ]
    assert new[1:8] == old[1:8]
    assert new[8:] == old[-7:]


def test_the_sessions_own_id_is_the_new_one_but_not_in_what_was_said():
    file = Rollout(True, session_id=SESSION).user(f'see {{"thread_id":"{SESSION}"}}')
    file.completed("Plan", text="x")
    lines = written(transcript(file))
    assert lines[2]["payload"]["thread_id"] == lines[0]["payload"]["session_id"]
    assert SESSION in items(lines)[0]["content"][0]["text"]


def test_a_compaction_cut_short_keeps_what_is_in_front_of_the_cut():
    file = Rollout().turn("a", "x").compacted(message("user", "a"), message("user", "sum"))
    start = transcript(file).index - 2
    for kept, expected in ((0, None), (1, ["a"]), (2, ["a", "sum"])):
        lines = written(transcript(file, start + kept))
        found = [line["payload"] for line in lines if line["type"] == "compacted"]
        told = [[i["content"][0]["text"] for i in p["replacement_history"]] for p in found]
        assert told == ([expected] if expected else [])


def test_an_edited_part_of_a_compaction_stays_a_part_of_it():
    first, last = message("user", "a"), message("user", "sum")
    told = transcript(
        Rollout().turn("a", "x").compacted(first, last, message("user", "z")).turn("b")
    )
    at = next(e.index for e in told.events() if e.text == "sum")
    told.change(at, at + 1, [made("better", kind=Kind.COMPACTION, origin=Origin.EDITED)])
    (line,) = [line for line in written(told) if line["type"] == "compacted"]
    kept = [item["content"][0]["text"] for item in line["payload"]["replacement_history"]]
    assert kept == ["a", "better", "z"]
    assert context(told_again(told)) == context(told)


def test_an_edited_answer_takes_its_mirrors_and_its_sealed_reasoning_along():
    file = Rollout().user("a").event("user_message", message="a").reasoning("hm")
    file.event("agent_reasoning", text="hm").event("agent_message", message="x").said("x")
    file.event("task_complete", last_agent_message="x")
    told = transcript(file)
    (at,) = [e.index for e in told.events() if e.text == "x" and e.kind is Kind.MESSAGE]
    group = [e.group_id for e in told.events()][at]
    told.change(at, at + 1, [made("y", Role.ASSISTANT, group_id=group, origin=Origin.EDITED)])
    lines = written(told)
    assert [item["type"] for item in items(lines)] == ["message", "message"]
    text = json.dumps(lines[1:])
    assert '"x"' not in text
    assert '"hm"' not in text
    mirrors = [p for p in (line["payload"] for line in lines) if p.get("type") == "agent_message"]
    assert [mirror["message"] for mirror in mirrors] == ["y"]
    assert lines[-1]["payload"]["last_agent_message"] == "y"
    assert "1 piece of reasoning" in "\n".join(SAME.losses(told))
    assert context(told_again(told)) == [c for c in context(told) if c[0] is not Kind.REASONING]


def test_an_edited_call_and_result_are_written_in_codex_own_shape():
    file = Rollout().item("custom_tool_call", name="exec", input="a()", call_id="c")
    file.item("custom_tool_call_output", call_id="c", output="1")
    file.item("function_call", name="get", namespace="db", arguments="{}", call_id="d")
    file.event("mcp_tool_call_end", call_id="d").result("d", "old")
    told = transcript(file)
    edited: dict[str, Any] = {"origin": Origin.EDITED, "call_id": "c2"}
    call = Draft(Kind.TOOL_CALL, "b()", Role.ASSISTANT, name="exec", **edited)
    told.change(told.index, told.index, [(call, Content(arguments="b()"))])
    told.change(told.index, told.index, [made("2", Role.TOOL, Kind.TOOL_RESULT, **edited)])
    call = Draft(
        Kind.TOOL_CALL, "", Role.ASSISTANT, name="db__get", origin=Origin.EDITED, call_id="d"
    )
    told.change(4, 5, [(call, Content(arguments={"k": 1}))])
    lines = written(told)
    found = items(lines)
    assert found[2] == {
        "type": "function_call", "name": "db__get", "arguments": '{"k":1}', "call_id": "d",
    }  # fmt: skip
    assert found[4:] == [
        {"type": "custom_tool_call", "name": "exec", "input": "b()", "call_id": "c2"},
        {"type": "custom_tool_call_output", "call_id": "c2", "output": "2"},
    ]
    assert not any(line["payload"].get("type") == "mcp_tool_call_end" for line in lines)


def test_a_tool_of_a_namespace_is_called_as_codex_calls_it():
    file = Rollout().item("function_call", name="get", namespace="db", arguments="{}", call_id="a")
    told = transcript(file.result("a"))
    call = Draft(Kind.TOOL_CALL, "", Role.ASSISTANT, name="db__get", call_id="b")
    told.change(told.index, told.index, [(call, Content(arguments={"k": 1}))])
    found = items(written(told))[2]
    assert (found["name"], found["namespace"]) == ("get", "db")


def test_another_system_prompt():
    told = transcript(story())
    told.change(1, 2, [made("You are kind.", Role.SYSTEM, Kind.CONTEXT, origin=Origin.EDITED)])
    meta = written(told)[0]["payload"]
    assert meta["base_instructions"] == {"text": "You are kind."}
    told.change(1, 2, [])
    assert "base_instructions" not in written(told)[0]["payload"]


def test_a_new_prompt_is_shown_too():
    for ordinals in (False, True):
        told = transcript(story(ordinals))
        told.change(told.index, told.index, [made("and now?"), made("well", Role.ASSISTANT)])
        lines = written(told)
        assert [item["content"][0]["text"] for item in items(lines)[-2:]] == ["and now?", "well"]
        again = told_again(told)
        mirrors = [e for e in again.events() if e.kind is Kind.MIRROR][-2:]
        assert [mirror.text for mirror in mirrors] == ["and now?", "well"]
        assert all(mirror.ref is not None for mirror in mirrors)
        times = [line["timestamp"] for line in lines[1:]]
        assert times == sorted(times)


def test_a_sub_agents_session_becomes_one_that_can_be_resumed():
    spawn = {"parent_thread_id": PARENT, "depth": 1}
    source = {"subagent": {"thread_spawn": spawn}}
    file = Rollout(source=source, thread_source="subagent", parent_thread_id=PARENT)
    meta = written(transcript(file.turn("a", "b")))[0]["payload"]
    assert (meta["source"], meta["thread_source"]) == ("cli", "user")


def test_a_native_fork_loses_what_is_in_its_parents_file():
    base = {"thread_id": CHILD, "end_ordinal_exclusive": 72}
    told = transcript(Rollout(True, forked_from_id=PARENT, history_base=base).turn("a", "b"))
    assert written(told)[0]["payload"]["forked_from_id"] == SESSION
    assert any("in its parent's" in loss for loss in SAME.losses(told))


def test_another_model_provider_is_told():
    told = transcript(Rollout(model_provider="mock").user("a"))
    assert any("'mock'" in loss for loss in SAME.losses(told))
    assert SAME.losses(transcript(Rollout().user("a"))) == []


def test_old_bare_items_get_an_envelope():
    lines = [
        {"id": SESSION, "timestamp": "2025-08-01T10:00:00.000Z", "instructions": None},
        {"record_type": "state"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
    ]
    data = b"\xef\xbb\xbf" + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    found = written(transcript(data))
    assert [line["type"] for line in found] == ["session_meta", "response_item"]
    assert found[0]["payload"]["forked_from_id"] == SESSION


def test_damage_is_left_out():
    first, second, *rest = story().lines
    data = first + b"{oops\n" + second.rstrip() + b"".join(rest)
    assert context(told_again(transcript(data))) == context(transcript(story()))


def test_sessions_of_other_formats_become_rollouts():
    tool = {"name": "my.tool", "arguments": '{"a": 1}'}
    calls = [{"id": "c" * n, "type": "function", "function": tool} for n in (3, 99)]
    url = "data:image/png;base64,iVBORw0KGgo="
    picture = {"type": "image_url", "image_url": {"url": url}}
    value = [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}, picture]},
        {"role": "assistant", "content": "x", "reasoning_content": "hm", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "ccc", "content": "r"},
        {"role": "system", "content": "be quick"},
    ]
    told = FakeTranscript(read("messages", json.dumps(value).encode()))
    lines = written(told)
    meta = lines[0]["payload"]
    assert meta["base_instructions"] == {"text": "be kind"}
    assert meta["originator"] == "scrubber"
    assert meta["model_provider"] == "openai"
    assert "forked_from_id" not in meta
    found = items(lines)
    assert [item["type"] for item in found] == [
        *("message", "message", "function_call", "function_call"),
        *("function_call_output", "function_call_output", "message"),
    ]
    assert found[0]["content"][1]["image_url"] == url
    assert found[2]["name"] == "my_tool"
    assert len(found[3]["call_id"]) <= 64
    assert {i["call_id"] for i in found[2:4]} == {i["call_id"] for i in found[4:6]}
    assert found[6]["role"] == "developer"
    losses = "\n".join(SAME.losses(told))
    assert "1 piece of reasoning" in losses
    assert "system" not in losses


def test_what_another_agents_summary_stands_for_is_left_out():
    from tests.formats.claude_code.records import File, text

    file = File().user("a").assistant(text("x")).user("sum", isCompactSummary=True).user("b")
    told = FakeTranscript(read("claude-code", file.data, "x.jsonl"))
    said = [item["content"][0]["text"] for item in items(written(told))]
    assert said == ["sum", "b"]


def test_every_cut_of_a_real_rollout(shared_data):
    smallest = next(p for p in real_files(shared_data) if p.stem.startswith("019ed836"))
    data = smallest.read_bytes()
    for index in range(2, transcript(data).index + 1):
        told = transcript(data, index)
        assert context(told_again(told)) == context(told), index
        valid(b"".join(SAME.write(told)))


def test_real_rollouts(shared_data):
    for path in [p for p in real_files(shared_data) if p.stat().st_size > 500_000]:
        source = read("codex", path.read_bytes(), str(path))
        events = len(source.drafts())
        for index in (events, events * 2 // 3, events // 3):
            told = FakeTranscript(source, "", index)
            valid(b"".join(SAME.write(told)))
            assert context(told_again(told)) == context(told), (path.name, index)


@pytest.mark.parametrize("format", ["messages", "anthropic", "sharegpt"])
def test_a_sealed_summary_is_nothing_that_others_could_be_told(format):
    seal = {"type": "compaction", "encrypted_content": "all of it"}
    file = Rollout().user("a").compacted(message("user", "a"), seal).user("b").said("c")
    value = json.loads(write(format, transcript(file)))
    turns = value.get("messages") or value["conversations"]
    roles = [turn.get("role") or turn["from"] for turn in turns if turn.get("role") != "system"]
    said = {"messages": 3, "sharegpt": 4, "anthropic": 2}[format]
    assert len(roles) == said
    assert "" not in [turn.get("content") or turn.get("value") for turn in turns]
