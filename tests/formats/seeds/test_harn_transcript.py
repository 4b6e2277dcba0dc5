"""harn's transcript dict: reading it, and writing it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scrubber.core.content import Text
from scrubber.core.events import Kind, Mark, Visibility
from scrubber.formats import registry
from scrubber.formats.harn.transcript_writer import transcript_dict
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.seeds.cutting import check_every_cut, corpus, whole, written
from tests.formats.shapes import DIALECTS, turns
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

NAME = "harn-transcript"
FULL = CORPUS / NAME / "s1.json"
SNAPSHOT = CORPUS / NAME / "snapshot.json"
FILES = pytest.mark.parametrize("path", corpus(NAME), ids=lambda path: path.name)


def test_messages_are_what_the_model_sees_whatever_shape_their_content_has():
    transcript = whole(NAME, FULL)
    events = [e for e in transcript.events() if e.visibility is Visibility.IN_CONTEXT]
    assert [(e.kind.label, e.role.label, e.name, e.call_id) for e in events] == [
        ("compaction", "user", None, None),
        ("message", "system", None, None),
        ("message", "user", None, None),
        ("reasoning", "assistant", None, None),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "read", "t1"),
        ("tool_result", "tool", "read", "t1"),
        ("reasoning", "assistant", None, None),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "read", "t2"),
        ("tool_result", "tool", "read", "t2"),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "list", "t3"),
        ("tool_result", "tool", "list", "t3"),
        ("tool_result", "tool", None, "t9"),
        ("message", "assistant", None, None),
        ("message", "assistant", None, None),
    ]
    assert transcript.content(events[9]).arguments == {"path": "shed.txt"}
    assert transcript.content(events[8]).blocks == (Text("And the shed."),)
    assert events[10].marks & Mark.ERROR


def test_events_that_repeat_a_message_name_it_and_the_others_stand_behind():
    events = list(whole(NAME, FULL).events())
    mirrors = [event for event in events if event.kind is Kind.MIRROR]
    assert len(mirrors) == 14
    assert events[mirrors[4].ref or 0].call_id == "t1"
    behind = events[mirrors[-1].index + 1 :]
    assert [event.kind.label for event in behind] == [
        "model_call", "reasoning", "tool_detail", "tool_detail", "notice", "config_change",
        "tool_detail", "branch_point", "context_edit", "notice", "notice", "notice",
        "subagent_start", "notice", "ui_state", "notice", "unknown", "unknown", "state",
    ]  # fmt: skip
    assert not any(event.visibility is Visibility.IN_CONTEXT for event in behind)


def test_a_child_hangs_below_its_parent_and_a_fork_too(store, tmp_path):
    said = json.loads(FULL.read_bytes())["messages"]
    parent, fork = transcript_dict("s0", said), transcript_dict("s2", said[:5])
    fork |= {"parent_id": "s0", "child_ids": [], "branched_at_event_index": 5}
    (tmp_path / "s0.json").write_text(json.dumps(parent))
    (tmp_path / "s2.json").write_text(json.dumps(fork))
    import_one(store, tmp_path / "s0.json", FULL, tmp_path / "s2.json")
    by_name = {session.native_id: session for session in store.sessions()}
    child, fork = by_name["s1"], by_name["s2"]
    assert (child.parent, child.relation) == (by_name["s0"].id, "subagent")
    # behind the fields and the result of t1
    assert (fork.parent, fork.relation, fork.forked_at) == (by_name["s0"].id, "fork", 8)


@FILES
def test_an_untouched_transcript_is_written_as_it_was(path):
    assert written(NAME, whole(NAME, path)) == json.loads(path.read_bytes())


@FILES
def test_every_cut_says_what_the_session_says_there(path):
    check_every_cut(NAME, path)


def test_a_cut_has_events_of_its_messages_only_and_an_id_of_its_own():
    transcript = FakeTranscript(read(NAME, FULL.read_bytes(), FULL.name), index=8)
    value, before = written(NAME, transcript), json.loads(FULL.read_bytes())
    assert value["id"] == transcript.session.id
    assert value["messages"] == before["messages"][:5]
    assert [event["kind"] for event in value["events"]] == ["message"] * 4 + ["tool_result"]
    assert value["events"][3]["text"] == "I look."
    assert not {e["id"] for e in value["events"]} & {e["id"] for e in before["events"][:14]}
    for key in ("summary", "metadata", "state", "assets"):
        assert value[key] == before[key]


def test_a_cut_snapshot_is_a_fork_of_the_session_that_it_was():
    transcript = FakeTranscript(read(NAME, SNAPSHOT.read_bytes(), SNAPSHOT.name), index=2)
    value = written(NAME, transcript)
    assert (value["parent_id"], value["child_ids"], value["branched_at_event_index"]) == (
        "s2", [], 1,
    )  # fmt: skip


@given(conversation=turns())
def test_sessions_of_others_say_the_same(conversation: list[dict[str, Any]]):
    first = FakeTranscript(
        read("messages", json.dumps(DIALECTS["messages"](conversation)).encode())
    )
    value = json.loads(write(NAME, first))
    assert list(value) == ["_type", "version", "id", "messages", "events", "assets"]
    assert len(value["events"]) == len(value["messages"])
    again = FakeTranscript(read(NAME, json.dumps(value).encode()))
    assert said(again) == said(first)


def test_what_is_lost_is_told():
    losses = registry.writer(NAME).losses(whole(NAME, FULL))
    assert losses == ["1 result answers no call of the conversation"]


def test_a_snapshot_of_our_own_sessions_says_the_same(store, tmp_path):
    call = {"id": "c", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    runtime, said_to_it = store.runtime, [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "let me see", "reasoning": "hm", "tool_calls": [call]},
        {"role": "tool_result", "tool_use_id": "c", "content": "ok"},
    ]  # fmt: skip
    runtime.open("s")
    for message in said_to_it:
        runtime.inject("s", message)
    runtime.fork_at("s", 2, "f")
    path = tmp_path / "s.json"
    path.write_text(json.dumps(runtime.snapshot("s")))
    assert registry.recognise(path).name == NAME
    transcript = FakeTranscript(read(NAME, path.read_bytes()))
    assert [event.kind for event in transcript.events() if event.kind is Kind.UNKNOWN] == []
    assert written(NAME, transcript)["messages"] == said_to_it
    fork = read(NAME, json.dumps(runtime.snapshot("f")).encode())
    info = fork.reader.infos[""]
    assert (info.parent_native_id, info.relation) == ("s", "fork")
    seen = [d.text for d in fork.drafts() if d.visibility is Visibility.IN_CONTEXT]
    assert seen == ["hi", "hm", "let me see", ""]
