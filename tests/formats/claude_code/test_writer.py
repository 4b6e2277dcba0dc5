from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.claude_code.writer import WRITER, ClaudeCodeWriter, derived_id
from tests.formats.claude_code.records import File, call, story, text, thinking
from tests.formats.reading import FakeTranscript, read, said

SAME = ClaudeCodeWriter(derived_id)


def transcript(file: File, index: int | None = None) -> FakeTranscript:
    return FakeTranscript(read("claude-code", file.data, "native.jsonl"), "", index)


def written(told: FakeTranscript):
    data = b"".join(SAME.write(told))
    assert data.endswith(b"\n")
    assert b'": ' not in data
    lines = [json.loads(line) for line in data.splitlines()]
    return [line for line in lines if line["type"] != "custom-title"]


def told_again(told: FakeTranscript) -> FakeTranscript:
    found = read("claude-code", b"".join(SAME.write(told)), "x.jsonl")
    assert not found.reader.warnings
    again = FakeTranscript(found)
    assert not any(event.marks & Mark.ORPHAN for event in again.events())
    return again


def made(text: str, role: Role = Role.USER, kind: Kind = Kind.MESSAGE, **more):
    more.setdefault("origin", Origin.TYPED)
    return Draft(kind, text, role, **more), text_content(text)


def test_a_session_says_the_same_when_it_is_read_again():
    told = transcript(story())
    assert said(told_again(told)) == said(told)


def test_records_are_as_they_were_but_for_their_place():
    file = story()
    records = written(transcript(file))
    assert len(records) == len(file.records)
    session = records[0]["sessionId"]
    places = {"uuid", "parentUuid", "sessionId", "forkedFrom"}
    new = {old["uuid"]: record["uuid"] for old, record in zip(file.records, records, strict=True)}
    for old, record in zip(file.records, records, strict=True):
        assert {k: v for k, v in record.items() if k not in places} == {
            k: v for k, v in old.items() if k not in places
        }
        assert record["parentUuid"] == new.get(old["parentUuid"])
        assert record["sessionId"] == session != old["sessionId"]
        assert record["forkedFrom"] == {"sessionId": old["sessionId"], "messageUuid": old["uuid"]}
    assert not set(new) & set(new.values())


def test_ids_are_new_each_time_unless_they_are_derived():
    told = transcript(story())
    assert b"".join(SAME.write(told)) == b"".join(SAME.write(told))
    assert b"".join(WRITER.write(told)) != b"".join(WRITER.write(told))


def test_what_is_not_in_the_chain_is_left_out_and_linked_around():
    file = File().user("a").add("progress", data={"type": "bash_progress"})
    file.bare(type="file-history-snapshot", messageId="u0").assistant(text("x"))
    file.add("system", subtype="turn_duration", durationMs=1).user("b")
    records = written(transcript(file))
    assert [record["type"] for record in records] == ["user", "assistant", "system", "user"]
    chain = [record["parentUuid"] for record in records[1:]]
    assert chain == [record["uuid"] for record in records[:-1]]
    assert "2 hidden records" in "\n".join(SAME.losses(transcript(file)))


@pytest.mark.parametrize("index", range(8))
def test_open_calls_are_closed_at_any_cut(index):
    told = transcript(story(), index)
    again = told_again(told)
    calls = [e.call_id or "" for e in again.events() if e.kind is Kind.TOOL_CALL]
    results = [e for e in again.events() if e.kind is Kind.TOOL_RESULT]
    assert sorted(calls) == sorted(e.call_id or "" for e in results)
    closed = [e for e in results if e.text == INTERRUPTED]
    assert len(closed) == (index in (3, 5))
    assert any(INTERRUPTED in loss for loss in SAME.losses(told)) == bool(closed)


def test_an_abandoned_call_is_closed_in_front_of_what_follows():
    file = File().user("a").assistant(call("x")).user("never mind").assistant(text("ok"), id="m2")
    records = written(transcript(file))
    assert [record["type"] for record in records] == [
        "user",
        "assistant",
        "user",
        "user",
        "assistant",
    ]
    assert records[2]["message"]["content"][0]["content"] == INTERRUPTED
    assert [r["parentUuid"] for r in records[1:]] == [r["uuid"] for r in records[:-1]]


def test_a_cut_within_a_record_keeps_the_blocks_in_front_of_it():
    file = File().user("a").assistant(text("x"), call("c"), call("d"))
    (_, record, _) = written(transcript(file, 3))
    assert record["message"]["content"] == [text("x"), call("c")]


def test_a_rewound_branch_is_left_out():
    file = File().user("a").assistant(text("x")).user("b").assistant(text("y"), id="msg_2")
    file.user("c", parentUuid="u1")
    records = written(transcript(file))
    assert [r["message"]["content"] for r in records] == ["a", [text("x")], "c"]
    assert records[2]["parentUuid"] == records[1]["uuid"]


def test_an_edited_result_takes_the_place_of_its_record():
    told = transcript(story())
    draft, content = made("typed", Role.TOOL, Kind.TOOL_RESULT, call_id="b")
    told.change(5, 6, [(draft, content)])
    records = written(told)
    result = records[5]
    assert result["message"]["content"] == [
        {"type": "tool_result", "tool_use_id": "b", "content": "typed"}
    ]
    assert result["parentUuid"] == records[4]["uuid"]
    assert records[6]["parentUuid"] == result["uuid"]
    assert said(told_again(told)) == said(told)


def test_an_edited_text_shares_its_message_but_drops_its_sealed_reasoning():
    file = File().user("a").assistant(thinking("hm")).assistant(text("x")).assistant(call("c"))
    told = transcript(file.result("c"))
    told.change(2, 3, [made("y", Role.ASSISTANT, group_id="msg_1", origin=Origin.EDITED)])
    records = written(told)
    assert [r["message"].get("id") for r in records] == [None, "msg_1", "msg_1", None]
    assert records[1]["message"]["content"] == [text("y")]
    chain = [record["parentUuid"] for record in records]
    assert chain == [None, *(record["uuid"] for record in records[:-1])]
    assert "1 piece of reasoning" in "\n".join(SAME.losses(told))


def test_a_new_prompt_hangs_on_the_last_record_and_is_later():
    told = transcript(story())
    told.change(7, 7, [made("and now?")])
    last = written(told)[-1]
    assert last["parentUuid"] == written(told)[-2]["uuid"]
    assert last["message"] == {"role": "user", "content": "and now?"}
    assert last["timestamp"] > written(told)[-2]["timestamp"]
    assert (last["cwd"], last["version"]) == ("/home/me/x", "2.1.0")


def test_sessions_of_other_formats_become_records():
    tool = {"name": "ls", "arguments": '{"a": 1}'}
    calls = [{"id": f"call.{n}", "type": "function", "function": tool} for n in (1, 2)]
    value = [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "x", "reasoning_content": "hm", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call.1", "content": "r"},
    ]
    told = FakeTranscript(read("messages", json.dumps(value).encode()))
    records = written(told)
    assert [r["type"] for r in records] == [
        "user",
        "assistant",
        "assistant",
        "assistant",
        "user",
        "user",
    ]
    ids = {r["message"]["id"] for r in records if r["type"] == "assistant"}
    assert len(ids) == 1
    assert records[2]["message"]["content"] == [
        {"type": "tool_use", "id": "call_1", "name": "ls", "input": {"a": 1}}
    ]
    times = [record["timestamp"] for record in records]
    assert times == sorted(set(times))
    assert records[5]["message"]["content"][0]["tool_use_id"] == "call_2"
    assert [r["parentUuid"] for r in records[4:]] == [r["uuid"] for r in records[2:4]]
    told_again(told)
    losses = "\n".join(SAME.losses(told))
    assert "1 system message" in losses
    assert "1 piece of reasoning" in losses


def test_a_sub_agents_session_becomes_one_that_can_be_resumed():
    file = File(isSidechain=True, agentId="abc").user("look").assistant(text("seen"))
    found = read("claude-code", file.data, "agent-abc.jsonl")
    records = written(FakeTranscript(found))
    assert [record["isSidechain"] for record in records] == [False, False]
    assert not any("agentId" in record for record in records)


def test_records_without_an_id_get_one():
    file = File().bare(type="user", message={"role": "user", "content": "hi"})
    (record,) = written(transcript(file))
    assert record["uuid"]
    assert record["timestamp"]
    assert record["message"]["content"] == "hi"


def test_times_rise_as_old_clients_go_by_the_newest():
    file = File().user("a", timestamp="2026-01-01T00:00:05.000Z").assistant(text("x"))
    file.user("b", timestamp="2026-01-01T00:00:05.000Z").assistant(text("y"), id="msg_2")
    file.user("c", timestamp="2026-01-01T01:00:00Z")
    times = [record["timestamp"] for record in written(transcript(file))]
    assert times == sorted(set(times))
    assert (times[0], times[-1]) == ("2026-01-01T00:00:05.000Z", "2026-01-01T01:00:00Z")


def test_an_abandoned_call_of_a_later_fork_does_not_move_what_follows_it():
    told = transcript(File().user("a").assistant(call("c")).user("b"))
    told.session = replace(told.session, created=2_000_000_000_000)
    records = written(told)
    assert records[2]["message"]["content"][0]["content"] == INTERRUPTED
    assert records[2]["timestamp"] == "2026-01-01T00:00:01.001Z"
    assert records[3]["timestamp"] == "2026-01-01T00:00:02.000Z"


def test_records_without_a_parent_hang_on_what_stands_in_front_of_them():
    file = File().user("a", parentUuid=None).assistant(text("x"), parentUuid=None)
    file.user("b", parentUuid="-").add("system", subtype="compact_boundary", parentUuid=None)
    records = written(transcript(file))
    chain = [record["parentUuid"] for record in records]
    assert chain == [None, records[0]["uuid"], records[1]["uuid"], None]


def test_on_real_files(shared_data):
    files = sorted((shared_data / "claude-code").rglob("*.jsonl"))
    for path in [path for path in files if path.stat().st_size < 1_000_000][:20]:
        source = read("claude-code", path.read_bytes(), str(path))
        events = len(source.drafts())
        for index in {events, events // 2, events // 3}:
            told = FakeTranscript(source, "", index)
            again = FakeTranscript(read("claude-code", b"".join(SAME.write(told)), "x.jsonl"))
            kept = [m for m in said(again) if INTERRUPTED not in str(m)]
            assert kept == said(told), (path.name, index)
