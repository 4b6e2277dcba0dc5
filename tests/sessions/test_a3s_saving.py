"""The file store of a3s-code (seed-systems, 5a): saving sessions and restoring them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scrubber.api import open_store
from scrubber.core.errors import BadArgumentError, FormatError, UnknownSessionError
from scrubber.core.events import Role, Usage
from scrubber.sessions import saving
from scrubber.sessions.tasks import Task
from tests.sessions.made import add, cost, said, texts

CORPUS = Path(__file__).parents[1] / "formats" / "corpus" / "a3s"


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s1")
    add(store, opened, "hi", said("ho", Role.ASSISTANT), cost("gpt-4o", Usage(10, context=10)))
    runtime.set_tasks(opened, [Task("1", "look"), Task("2", "write", dependencies=("1",))])
    return opened


def read(path):
    return json.loads(path.read_bytes())


def test_a_session_is_saved_with_all_that_the_store_knows(store, runtime, session, tmp_path):
    runtime.pause(session)
    path = runtime.save(session, tmp_path / "deep")
    assert path == tmp_path / "deep" / "s1.json"
    found = read(path)
    assert (found["id"], found["state"]) == ("s1", "Paused")
    assert [message["content"][0]["text"] for message in found["messages"]] == ["hi", "ho"]
    assert found["context_usage"] == {
        "used_tokens": 10, "max_tokens": 200_000, "percent": 0.00005, "turns": 2,
    }  # fmt: skip
    assert found["tasks"][1]["dependencies"] == ["1"]
    assert found["cost_records"][0]["cost_usd"] == found["total_cost"] == 0.000025
    assert 1_000_000_000 < found["created_at"] < 10_000_000_000, "seconds, not milliseconds"
    assert "api_key" not in path.read_text()


def test_the_file_is_pretty_whole_and_private(runtime, session, tmp_path):
    path = runtime.save(session, tmp_path)
    assert path.read_text().startswith('{\n  "id": "s1",\n')
    runtime.save(session, tmp_path)
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ".db"].count("s1.json") == 1
    assert not list(tmp_path.glob("*.part"))
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_restoring_brings_back_messages_state_tasks_and_the_id_to_find_it_by(
    runtime, session, tmp_path
):
    runtime.set_state(session, "error", "it broke")
    runtime.save(session, tmp_path / "saved")
    with open_store(tmp_path / "other.db") as other:
        there = other.runtime.restore(tmp_path / "saved", "s1")
        assert [e.text for e in other.events(there) if e.kind.label == "message"] == ["hi", "ho"]
        assert other.runtime.state(there).state == "error"
        assert other.runtime.tasks(there)[1] == Task("2", "write", dependencies=("1",))
        assert other.session("s1").id == there
        assert list(other.verify()) == []


@pytest.mark.parametrize("name", ["s1", "garden-1"])
def test_what_a3s_code_saved_is_saved_again_as_it_was(store, runtime, tmp_path, name):
    session = runtime.restore(CORPUS, name)
    before, after = read(CORPUS / f"{name}.json"), read(runtime.save(session, tmp_path))
    assert after == before
    assert runtime.restore(CORPUS, name) == session


def test_a_state_that_was_changed_since_is_saved(runtime, tmp_path):
    session = runtime.restore(CORPUS, "s1")
    runtime.pause(session)
    assert read(runtime.save(session, tmp_path))["state"] == "Paused"
    runtime.resume(session)
    assert read(runtime.save(session, tmp_path))["state"] == "Active"


def test_the_list_is_the_names_of_the_files(runtime, session, tmp_path):
    folder = tmp_path / "saved"
    assert saving.saved(folder) == []
    runtime.save(session, folder)
    for name in ("b.json", ".hidden.json", "c.json.1.2.tmp", "notes.txt"):
        (folder / name).touch()
    assert saving.saved(folder) == ["b", "s1"]


def test_a_missing_session_is_an_error_that_names_the_file(runtime, tmp_path):
    with pytest.raises(UnknownSessionError, match=r"s9\.json: no session is saved here"):
        runtime.restore(tmp_path, "s9")


@pytest.mark.parametrize("id", ["../s1", "a/b", "", ".x"])
def test_unsafe_ids_never_reach_the_file_system(runtime, session, tmp_path, id):
    with pytest.raises(BadArgumentError, match="Session ID"):
        runtime.restore(tmp_path, id)
    runtime.open("a/b")
    with pytest.raises(BadArgumentError, match="unsafe characters"):
        runtime.save("a/b", tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": "bad",\n nonsense}', "line 2"),
        ("[]", "it has no list of messages"),
        ('{"id": "bad", "messages": [], "state": "Asleep"}', "'Asleep' is no state"),
        ('{"messages": [], "tasks": [{"id": 1}]}', "a task needs an id"),
        (
            '{"messages": [], "todos": [{"id": "1", "content": "x", "dependencies": ["1"]}]}',
            "wait for each other",
        ),
    ],
)
def test_a_file_that_is_no_session_is_told_and_the_store_is_as_it_was(
    store, runtime, tmp_path, text, words
):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(FormatError, match=words) as raised:
        runtime.restore(tmp_path, "bad")
    assert "bad.json" in str(raised.value)
    assert store.sessions() == []


def test_a_saved_session_can_be_forked_and_runs_on(store, runtime, tmp_path):
    session = runtime.restore(CORPUS, "s1")
    fork = store.fork(session, store.session(session).events).session.id
    add(store, fork, "more")
    saved = read(runtime.save(fork, tmp_path))
    assert saved["id"] == fork
    assert saved["messages"][-1]["content"][0]["text"] == "more"
    assert texts(store, session)[-1] != "more"


def test_a_fork_is_saved_in_its_own_state_not_in_that_of_its_source(runtime, tmp_path):
    document = read(CORPUS / "s1.json")
    (tmp_path / "s1.json").write_text(json.dumps({**document, "state": "Paused"}))
    session = runtime.restore(tmp_path, "s1")
    assert read(runtime.save(session, tmp_path / "again"))["state"] == "Paused"
    fork = runtime.fork(session, "fork")
    assert runtime.status(fork) == "active"
    assert read(runtime.save(fork, tmp_path / "again"))["state"] == "Active"


def test_what_a_summary_stands_for_does_not_come_back_with_the_file(runtime, tmp_path):
    session = runtime.open("long")
    for number in range(6):
        runtime.inject(session, {"role": "user", "content": f"question {number}"})
        runtime.inject(session, {"role": "assistant", "content": f"answer {number}"})
    before = [one["content"] for one in read(runtime.save(session, tmp_path))["messages"]]
    assert len(before) == 12
    runtime.compact(session, keep_last=4)
    told = [one["content"] for one in runtime.messages(session)]
    found = read(runtime.save(session, tmp_path))
    assert [one["content"][0]["text"] for one in found["messages"]] == told
    assert (len(told), found["context_usage"]["turns"]) == (5, 5)
    runtime.open_frame(session, "continue_as")
    runtime.inject(session, {"role": "user", "content": "anew"})
    assert len(read(runtime.save(session, tmp_path))["messages"]) == 1
