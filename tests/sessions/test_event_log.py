"""harn's event log, and the three ways in which harn's own goes wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.live.parts import Stop
from scrubber.sessions import Sessions, event_log
from scrubber.sessions.event_log import EventLog
from scrubber.sessions.file_names import file_name_of
from tests.live.scripted import Scripted, calls, done, says, thinks
from tests.sessions.talking import say, words

CALLS: Any = {
    "role": "assistant",
    "content": "let me see",
    "reasoning": "hm",
    "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "read", "arguments": '{"path":"a"}'}}
    ],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where logs go: a folder that is not there yet."""
    path = tmp_path / "deep" / "logs"
    monkeypatch.setenv("HARN_EVENT_LOG_DIR", str(path))
    return path


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_there_is_no_log(runtime, tmp_path, monkeypatch, value):
    monkeypatch.chdir(tmp_path)
    if value is not None:
        monkeypatch.setenv("HARN_EVENT_LOG_DIR", value)
    say(runtime, "hi", session="s1")
    assert {path.name for path in tmp_path.rglob("*")} <= {
        "store.db",
        "store.db-wal",
        "store.db-shm",
    }


def test_a_line_is_harns_envelope_with_the_event_beside_it(runtime, folder):
    say(runtime, "hi", CALLS, {"role": "tool", "tool_call_id": "c", "content": "ok"}, session="s1")
    runtime.emit("s1", {"type": "turn_start", "iteration": 0})
    found = lines(folder / "event_log-s1.jsonl")
    assert [list(line)[:5] for line in found] == [
        ["index", "emitted_at_ms", "frame_depth", "type", "session_id"]
    ] * len(found)
    assert [line["index"] for line in found] == list(range(len(found)))
    assert {(line["frame_depth"], line["session_id"]) for line in found} == {(None, "s1")}
    told = [{k: v for k, v in line.items() if k not in list(line)[:3]} for line in found]
    assert told == [
        {
            "type": "user_message",
            "session_id": "s1",
            "message_id": None,
            "content": [{"type": "text", "text": "hi"}],
        },
        {"type": "agent_thought_chunk", "session_id": "s1", "content": "hm"},
        {"type": "agent_message_chunk", "session_id": "s1", "content": "let me see"},
        {
            "type": "tool_call",
            "session_id": "s1",
            "tool_call_id": "c",
            "tool_name": "read",
            "kind": None,
            "status": "pending",
            "raw_input": {"path": "a"},
        },
        {
            "type": "tool_call_update",
            "session_id": "s1",
            "tool_call_id": "c",
            "tool_name": "read",
            "status": "completed",
            "raw_output": "ok",
            "error": None,
        },
        {"type": "turn_start", "session_id": "s1", "iteration": 0},
    ]


def test_only_a_session_that_is_new_in_the_store_gets_a_log(store, runtime, folder):
    say(runtime, "a", session="s1")
    again = Sessions(store.store)
    say(again, "b", session="s1")
    assert len(lines(folder / "event_log-s1.jsonl")) == 1
    runtime.fork("s1", "f")
    runtime.spawn_subagent("t")
    assert len(list(folder.iterdir())) == 3


def test_the_variable_is_looked_at_when_a_session_is_opened(runtime, folder, monkeypatch):
    say(runtime, "a", session="with")
    monkeypatch.delenv("HARN_EVENT_LOG_DIR")
    say(runtime, "a", session="without")
    say(runtime, "b", session="with")
    assert [path.name for path in folder.iterdir()] == ["event_log-with.jsonl"]
    assert len(lines(folder / "event_log-with.jsonl")) == 2


def test_trap_1_the_log_has_the_messages(runtime, folder):
    say(runtime, "hi", {"role": "system", "content": "be kind"}, session="s1")
    assert [line["type"] for line in lines(folder / "event_log-s1.jsonl")] == [
        "user_message",
        "message",
    ]


def test_trap_2_the_log_goes_on_as_long_as_the_session_is_open(store, folder):
    runtime = Sessions(store.store, resident_cap=1)
    say(runtime, "a", session="s1")
    say(runtime, "x", session="other")
    assert "s1" not in runtime.resident
    say(runtime, "b", session="s1")
    assert [line["index"] for line in lines(folder / "event_log-s1.jsonl")] == [0, 1]
    runtime.close("s1")
    say(runtime, "c", session="s1")
    assert lines(folder / "event_log-s1.jsonl")[-1]["type"] == "session_closed"


def test_trap_3_a_log_begun_anew_does_not_touch_what_an_old_handle_writes(tmp_path):
    first = EventLog(tmp_path, "s", rotate_bytes=1)
    first.write({"type": "plan"})
    first.write({"type": "plan"})
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
    with (tmp_path / "event_log-s.jsonl").open("ab") as old:
        second = EventLog(tmp_path, "s")
        old.write(b"late")
    second.write({"type": "turn_start"})
    (path,) = tmp_path.iterdir()
    assert [(line["index"], line["type"]) for line in lines(path)] == [(0, "turn_start")]


def test_it_is_rotated_behind_the_write_that_fills_it(tmp_path):
    log = EventLog(tmp_path, "s", rotate_bytes=200)
    for number in range(5):
        log.write({"type": "plan", "plan": "x" * 50, "number": number})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["event_log-s-000001.jsonl", "event_log-s-000002.jsonl", "event_log-s.jsonl"]
    order = ["event_log-s.jsonl", "event_log-s-000001.jsonl", "event_log-s-000002.jsonl"]
    told = [line for name in order for line in lines(tmp_path / name)]
    assert [line["index"] for line in told] == list(range(5))
    assert all((tmp_path / name).stat().st_size >= 200 for name in order[:2])


def test_it_is_rotated_at_100_mib():
    assert event_log.ROTATE_BYTES == 104_857_600


def test_a_log_that_breaks_is_given_up_and_the_session_goes_on(
    runtime, tmp_path, monkeypatch, expect_log
):
    expect_log("session s1: its event log was given up: .*(Not a directory|File exists)")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HARN_EVENT_LOG_DIR", str(tmp_path / "file"))
    say(runtime, "a", "b", session="s1")
    assert words(runtime, "s1") == ["a", "b"]


def test_a_log_that_breaks_later_is_told_once(runtime, folder, expect_log):
    say(runtime, "a", session="s1")
    expect_log("session s1: its event log was given up")
    path = folder / "event_log-s1.jsonl"
    path.unlink()
    path.mkdir()
    say(runtime, "b", "c", session="s1")
    path.rmdir()
    say(runtime, "d", session="s1")
    assert words(runtime, "s1") == ["a", "b", "c", "d"]
    assert not path.exists()


def test_a_run_is_told_in_harns_words(store, runtime):
    from scrubber.core.content import text_content
    from scrubber.core.policy import Ladder, Policy, Rung
    from scrubber.live.run import Plan

    heard: list[Any] = []
    session = say(runtime, "hi")
    runtime.subscribe(session, heard.append)
    provider = Scripted(
        [*thinks("hm"), *calls("ls", "c", 1, path="."), *done(Stop.TOOL_USE)],
        [*says("two files"), *done()],
    )
    policy = Policy(Ladder((Rung.ERROR,)))
    plan = Plan(message=text_content("look around"), policy=policy)
    store.continue_branch(session, provider, plan, observer=runtime.observer(session))
    told = [{k: v for k, v in event.items() if k != "session_id"} for event in heard]
    assert [event["type"] for event in told] == [
        "user_message",
        "turn_start",
        "agent_thought_chunk",
        "tool_call",
        "tool_call_update",
        "turn_end",
        "turn_start",
        "agent_message_chunk",
        "turn_end",
    ]
    assert told[0]["content"] == [{"type": "text", "text": "look around"}]
    assert told[3]["raw_input"] == {"path": "."}
    assert (told[4]["tool_name"], told[4]["status"]) == ("ls", "failed")
    assert told[5]["turn_info"]["tool_names"] == ["ls"]


@pytest.mark.parametrize("event", [None, "plan", {"no": "type"}, {"type": 5}])
def test_what_is_no_event_is_refused(runtime, event):
    say(runtime, session="s1")
    with pytest.raises(BadArgumentError, match="event must be a dict with a string `type`"):
        runtime.emit("s1", event)


# Names of files


@pytest.mark.parametrize("id", ["s1", "0198c0de-7000-7000-8000-000000000000", "a.b_c-d", "_x"])
def test_safe_ids_are_their_own_names(id):
    assert file_name_of(id) == id


@pytest.mark.parametrize(
    "id",
    [
        "../../etc/passwd", "a/b", "a\\b", ".", "..", ".hidden", "", "A", "con", "nul.x", "a:b",
        "agent:main:main", "x" * 300, "a\0b", "ä", "\ud800", "a-000001", "a.", "\n",
        "a-0123456789abcdef",
    ],
)  # fmt: skip
def test_others_are_made_safe(id):
    name = file_name_of(id)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert 17 <= len(name) <= 97
    assert file_name_of(name) != name


def test_no_two_ids_share_a_name():
    alike = ["a/b", "a\\b", "a:b", "a b", "a_b", "A_b", "a_B", "a.b", "a..b", "x" * 81, "x" * 82]
    alike += [file_name_of(id) for id in alike]
    assert len({file_name_of(id) for id in set(alike)}) == len(set(alike))
