"""RustyClaw: its sessions as JSON, read and written; the logs of its threads, read."""

from __future__ import annotations

import json
import shutil
from typing import Any

from hypothesis import given

from scrubber.core.content import Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.core.messages import messages
from scrubber.formats import containers, registry
from scrubber.formats.rustyclaw.shapes import session_object
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read, read, said, write
from tests.formats.seeds.cutting import written
from tests.formats.shapes import DIALECTS, turns
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

NAME = "rustyclaw"
ONE, LIST = (CORPUS / NAME / f"{name}.json" for name in ("session", "list"))
THREADS = CORPUS / "rustyclaw-threads" / "threads"
T = 1_771_000_000_000


def thread(number: int) -> Read:
    path = THREADS / f"{number}.log.jsonl"
    format = registry.get("rustyclaw-threads")
    assert registry.whole_of(path.with_name(f"{number}.meta.json")) == path
    with containers.open_source(format, path) as stream:
        return read(format.name, stream.read(), path.name)


# Sessions


def test_a_session_and_its_messages():
    source = read(NAME, ONE.read_bytes(), ONE.name)
    info = source.reader.infos[""]
    assert (info.native_id, info.title) == ("agent:main:subagent:18f3", "The garden")
    assert (info.parent_native_id, info.relation) == ("agent:main:main", "subagent")
    assert (info.created, info.updated) == (T, T + 9000)
    told = [(d.kind.label, d.role.label, d.name, d.ts) for d in source.drafts()[1:]]
    assert told == [
        ("message", "user", None, T + 1),
        ("message", "assistant", None, T + 2),
        ("tool_result", "tool", "read", T + 3),
        ("tool_result", "tool", None, T + 4),
        ("message", "system", None, T + 5),
        ("unknown", "none", None, None),
        ("unknown", "none", None, None),
        ("message", "assistant", None, T + 7),
        ("session_end", "none", None, T + 9000),
    ]
    assert source.drafts()[-1].marks & Mark.ERROR


def test_a_list_is_several_sessions_of_which_one_is_the_others_parent(store):
    import_one(store, LIST, ONE)
    by_key = {session.native_id: session for session in store.sessions()}
    assert len(by_key) == 3
    assert by_key["agent:main:subagent:18f3"].parent == by_key["agent:main:main"].id


def test_an_untouched_session_is_written_as_it_was():
    transcript = FakeTranscript(read(NAME, ONE.read_bytes(), ONE.name))
    assert written(NAME, transcript) == json.loads(ONE.read_bytes())
    assert registry.writer(NAME).losses(transcript) == []


def test_every_cut_is_an_active_session_below_the_one_it_was():
    source = read(NAME, ONE.read_bytes(), ONE.name)
    for index in range(1, FakeTranscript(source).index):
        transcript = FakeTranscript(source, index=index)
        value = written(NAME, transcript)
        assert said(FakeTranscript(read(NAME, json.dumps(value).encode()))) == said(transcript)
        assert value["key"] == f"agent:main:subagent:{transcript.session.id}"
        assert (value["parentKey"], value["status"]) == ("agent:main:subagent:18f3", "active")
        assert value["messages"] == json.loads(ONE.read_bytes())["messages"][: index - 1]


@given(conversation=turns())
def test_texts_of_others_are_all_there_with_the_tools_names(conversation: list[dict[str, Any]]):
    data = json.dumps(DIALECTS["messages"](conversation)).encode()
    first = FakeTranscript(read("messages", data))
    value = json.loads(write(NAME, first))
    assert [m["content"] for m in value["messages"]] == [turn["text"] for turn in conversation]
    names = {call["id"]: call["name"] for turn in conversation for call in turn.get("calls", ())}
    results = [m.get("toolName") for m in value["messages"] if m["role"] == "tool"]
    assert results == [names[turn["id"]] for turn in conversation if turn["who"] == "tool"]
    calls = len(names)
    told = [loss for loss in registry.writer(NAME).losses(first) if "tool call" in loss]
    assert told == (
        [f"{calls} tool call{'s are' if calls > 1 else ' is'} left out"] if calls else []
    )


def test_no_more_messages_than_rustyclaw_keeps():
    several = [{"role": "user", "content": str(n)} for n in range(103)]
    first = FakeTranscript(read("messages", json.dumps({"messages": several}).encode()))
    value = written(NAME, first)
    assert [m["content"] for m in value["messages"]] == [str(n) for n in range(3, 103)]
    assert registry.writer(NAME).losses(first) == [
        "3 older messages are left out: RustyClaw keeps the last 100"
    ]


def test_keys_without_a_value_are_left_out():
    assert session_object("agent:main:main", "main", [], created_ms=1) == {
        "key": "agent:main:main",
        "agentId": "main",
        "kind": "main",
        "status": "active",
        "createdMs": 1,
        "messages": [],
    }


# Threads


def test_a_thread_and_its_metadata_are_one_source():
    source = thread(3)
    info = source.reader.infos[""]
    assert (info.native_id, info.title, info.cwd) == ("3", "The garden", "/home/me/garden")
    assert (info.parent_native_id, info.relation) == ("2", "subagent")
    assert [d.kind.label for d in source.drafts()] == [
        "message", "turn_start", "message", "reasoning", "message", "tool_call", "tool_call",
        "tool_result", "tool_result", "tool_call", "tool_result", "message", "turn_end",
        "turn_start", "message", "unknown", "turn_end", "unknown", "turn_start", "message",
        "compaction", "compaction", "state", "session_end",
    ]  # fmt: skip
    assert [reason for _, reason in source.reader.warnings] == [
        "the last turn has no end: it was interrupted"
    ]
    drafts = source.drafts()
    assert drafts[0].ts == T + 500
    assert drafts[16].marks & drafts[23].marks & Mark.ERROR
    assert drafts[23].text == "Failed: out of water"
    transcript = FakeTranscript(source)
    calls = [transcript.content(e).arguments for e in transcript.events() if e.name == "read"]
    assert calls[:2] == [{"path": "beds.txt"}, {"path": "shed.txt"}]


def test_a_summary_covers_messages_and_deletes_none():
    transcript = FakeTranscript(thread(3))
    seen = list(messages(transcript, honour_compaction=True))
    assert [m.items[0][1].text for m in seen] == [
        "You keep a garden.", "Beans were sown.", "a hoe", "", "nothing", "Beans 🌳.", "And then?",
        "Still there?",
    ]  # fmt: skip
    everything = [m.items[0][1].text for m in messages(transcript)]
    assert "What grows there?" in everything


def test_a_torn_log_is_read_further_than_rustyclaw_reads_it():
    source = thread(4)
    texts = [d.text for d in source.drafts() if d.kind is Kind.MESSAGE]
    assert texts == ["hi", "hello"]
    assert source.reader.infos[""].title == "hi"
    reasons = [reason for _, reason in source.reader.warnings]
    assert reasons.count("RustyClaw itself reads no further than here") == 2
    assert "the thread's metadata cannot be read" in reasons


def test_a_thread_without_anything_said_is_called_recovered(tmp_path):
    path = tmp_path / "9.log.jsonl"
    path.write_bytes(b'{"kind":"turn_started","at":{"secs_since_epoch":1,"nanos_since_epoch":0}}\n')
    (tmp_path / "9.meta.json").write_text("torn")
    format = registry.recognise(path)
    with containers.open_source(format, path) as stream:
        source = read(format.name, stream.read(), path.name)
    assert source.reader.infos[""].title == "Recovered thread 9"


def test_in_a_store_a_thread_is_read_anew_when_its_metadata_change(store, tmp_path):
    for name in ("3.log.jsonl", "3.meta.json"):
        shutil.copy(THREADS / name, tmp_path / name)
    (first,) = import_one(store, tmp_path / "3.meta.json")
    meta = json.loads((tmp_path / "3.meta.json").read_bytes()) | {"label": "The pond"}
    (tmp_path / "3.meta.json").write_text(json.dumps(meta))
    (second,) = import_one(store, tmp_path / "3.log.jsonl")
    assert (second.session, second.title) == (first.session, "The pond")
    assert second.status == "rewritten"


def test_threads_are_found_where_rustyclaw_keeps_them(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".rustyclaw" / "agents" / "main" / "threads"
    folder.mkdir(parents=True)
    shutil.copy(THREADS / "5.log.jsonl", folder / "5.log.jsonl")
    places = registry.get("rustyclaw-threads").places()
    found = [path for place in places for path in place.folder.glob(place.pattern)]
    assert found == [folder / "5.log.jsonl"]


def test_what_is_said_keeps_its_roles():
    transcript = FakeTranscript(thread(5))
    assert said(transcript) == [
        (Role.USER, [(Kind.MESSAGE, (Text("without metadata"),))]),
    ]
