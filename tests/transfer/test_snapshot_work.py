"""A snapshot holds what is at work on its sessions: frames, checkpoints, states, tasks, spend."""

from __future__ import annotations

import json

import pytest

from scrubber.api import open_store
from scrubber.core.events import Usage
from scrubber.sessions.checkpoints import Checkpoint
from scrubber.sessions.heads import Commit
from scrubber.sessions.tasks import Task
from scrubber.transfer import snapshots
from tests.sessions.made import add, said


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def other(tmp_path):
    with open_store(tmp_path / "other.db") as opened:
        yield opened


@pytest.fixture
def session(store):
    runtime = store.runtime
    runtime.open("s")
    add(store, "s", "a", "b")
    runtime.open_frame("s", "continue_as", assignment={"policy": "p"})
    point = Checkpoint({"turn_index": 1}, b"tools", b"\x00plugin")
    runtime.commit("s", Commit("t", (said("c"),), checkpoint=point))
    runtime.commit("s", Commit("u", (said("d"),), checkpoint=Checkpoint(tool_state=b"tools")))
    runtime.pause("s", "lunch")
    runtime.set_tasks("s", [Task("1", "look")])
    runtime.spend("s", "a tool", "m", Usage(1, 2, 3, 4, 5, cost_micros=6))
    runtime.say("s", "waits")
    return "s"


def export(store, path, **how):
    store.export_to(path, "s", overwrite=True, **how)
    return path


def test_all_of_it_comes_back(store, other, session, tmp_path):
    other.import_paths(export(store, tmp_path / "s.jsonl"))
    ours, theirs = store.runtime, other.runtime
    assert theirs.frames("s") == ours.frames("s")
    assert theirs.checkpoint("s", 5) is not None
    assert theirs.checkpoint("s") == ours.checkpoint("s")
    assert [m.items[0][1].text for m in theirs.read_view("s").messages()] == ["c", "d"]
    assert theirs.state("s") == ours.state("s")
    assert theirs.tasks("s") == ours.tasks("s")
    assert theirs.usage("s") == ours.usage("s")
    assert theirs.inputs("s") == []
    assert list(other.verify()) == []


def test_importing_it_again_changes_nothing(store, other, session, tmp_path):
    path = export(store, tmp_path / "s.jsonl")
    other.import_paths(path)
    other.runtime.resume("s")
    rows = other.store.connections.get()
    before = [rows.execute(f"SELECT * FROM {t}").fetchall() for t in ("landmarks", "spending")]
    other.import_paths(path)
    after = [rows.execute(f"SELECT * FROM {t}").fetchall() for t in ("landmarks", "spending")]
    assert after == before
    assert other.runtime.state("s").state == "active"


def test_another_session_with_its_id_keeps_its_own_and_both_have_frames(
    store, other, session, tmp_path
):
    path = export(store, tmp_path / "s.jsonl")
    other.import_paths(path)
    add(other, "s", "goes on")
    (result,) = other.import_paths(path)
    assert result.session != "s"
    reasons = [[f.reason for f in other.runtime.frames(one)] for one in ("s", result.session)]
    assert reasons == [["initial", "continue_as"]] * 2
    assert other.runtime.checkpoint(result.session).checkpoint.tool_state == b"tools"
    assert list(other.verify()) == []


def test_a_cut_takes_only_what_is_in_front_of_it(store, other, session, tmp_path):
    other.import_paths(export(store, tmp_path / "s.jsonl", at=2))
    assert [frame.reason for frame in other.runtime.frames("s")] == ["initial"]
    assert other.runtime.checkpoint("s") is None
    assert b"tools" not in (tmp_path / "s.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("blob", lambda v: ["0" * 64, v[1]], "has another hash"),
        ("blob", lambda v: [v[0], "no base64!"], "not as a snapshot must be"),
        ("landmark", lambda v: [v[0], 99, *v[2:]], "landmark on event 99"),
        ("landmark", lambda v: [*v[:2], "flag", *v[3:]], "flag"),
        ("landmark", lambda v: [*v[:4], {}], "not as a snapshot must be"),
        ("work", lambda v: {**v, "state": ["asleep", 1, ""]}, "'asleep' is no state"),
        ("work", lambda v: {**v, "tasks": [{"id": 1}]}, "'id' is int"),
        ("work", lambda v: {**v, "spent": [[1, "a"]]}, "not as a snapshot must be"),
    ],
)
def test_what_is_not_as_it_must_be_is_told_and_nothing_is_imported(
    store, other, session, tmp_path, key, change, words
):
    path = export(store, tmp_path / "s.jsonl")
    lines, digest = [], snapshots.fresh_digest()
    for line in path.read_bytes().splitlines():
        ((name, value),) = list(json.loads(line).items())[:1]
        if name == "end":
            line = json.dumps({"end": {**value, "digest": digest.hexdigest()}}).encode()
        elif name == key:
            line = json.dumps({name: change(value)}).encode()
        digest.update(line + b"\n")
        lines.append(line + b"\n")
    path.write_bytes(b"".join(lines))
    (result,) = other.import_paths(path)
    assert result.status == "failed"
    assert any(words in str(warning) for warning in result.warnings), result.warnings
    assert other.sessions() == []


def test_what_a_runtime_knows_of_a_session_comes_back(store, other, session, tmp_path):
    ours, theirs = store.runtime, other.runtime
    ours.set_active_skills(session, ["review"])
    ours.fork_at(session, 1, "below")
    spawned = ours.spawn_subagent("look", label="l", parent=session).session
    ours.stop(spawned)
    ours.link_child(session, "linked")
    other.import_paths(export(store, tmp_path / "s.jsonl", tree=True))
    for one in (session, "below", spawned, "linked"):
        assert theirs.facts(one) == ours.facts(one)
    assert {one.session.id for one in theirs.list()} == {session, "below", spawned, "linked"}
    assert theirs.by_label("l") == spawned


@pytest.mark.parametrize(
    "life",
    [[], {}, {"kind": 5}, {"kind": "main", "colour": "red"}, {"kind": "main", "skills": [1]}],
)
def test_a_life_that_is_not_as_it_must_be_is_refused(life):
    from scrubber.transfer.snapshot_work import WorkLines

    with pytest.raises((ValueError, KeyError)):
        WorkLines().session({"session": "s", "life": life})
