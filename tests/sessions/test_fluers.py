"""fluers' rules: an envelope, three adapters of one contract, errors that can be told apart."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest

from scrubber.core.errors import StoreError, UnknownSessionError
from scrubber.sessions.adapters import FolderAdapter, MemoryAdapter, StoreAdapter
from scrubber.sessions.persistence import (
    BadSessionIdError,
    Envelope,
    PersistenceError,
    SchemaVersionError,
)
from tests.sessions.talking import faults, message, say

ID = "0198c0de-7000-7000-8000-000000000001"
OTHER = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
MESSAGES: Any = [
    {"role": "user", "content": [{"type": "text", "text": "hi"}]},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "a"}}],
    },
    {
        "role": "tool",
        "content": [
            {
                "type": "tool_result",
                "tool_use_id": "t1",
                "content": {"content": [{"type": "text", "text": "ok"}]},
            }
        ],
    },
    {"role": "signal"},
]
ENVELOPE = Envelope(MESSAGES, "claude-x", 8, "be kind", {"k": "v"})


@pytest.fixture(params=["memory", "folder", "store"])
def adapter(request, tmp_path, runtime):
    """Each adapter in its turn."""
    return {
        "memory": MemoryAdapter,
        "folder": lambda: FolderAdapter(tmp_path / "sessions"),
        "store": lambda: StoreAdapter(runtime),
    }[request.param]()


# The contract


def test_what_is_saved_is_loaded(adapter):
    adapter.save(ID, ENVELOPE)
    assert adapter.load(ID) == ENVELOPE
    assert adapter.list() == [ID]


def test_a_later_save_takes_the_place_of_an_earlier_one(adapter):
    adapter.save(ID, ENVELOPE)
    shorter = Envelope([*MESSAGES[:1], message("else")])
    adapter.save(ID, shorter)
    assert adapter.load(ID) == shorter


def test_what_is_not_there_is_none(adapter):
    assert adapter.load(ID) is None
    assert adapter.list() == []


def test_the_defaults_are_those_of_a_new_session(adapter):
    adapter.save(ID, Envelope())
    assert adapter.load(ID) == Envelope([], "", 0, None, {})


def test_what_is_loaded_is_not_connected_to_what_is_kept(adapter):
    adapter.save(ID, ENVELOPE)
    adapter.load(ID).messages[0]["content"][0]["text"] = "changed"
    assert adapter.load(ID) == ENVELOPE


def test_what_was_saved_is_not_connected_to_what_is_kept(adapter):
    messages = [message("hi")]
    adapter.save(ID, Envelope(messages))
    messages.append(message("later"))
    assert adapter.load(ID).messages == [message("hi")]


def test_the_list_is_sorted(adapter):
    for id in (OTHER, ID):
        adapter.save(id, Envelope())
    assert adapter.list() == [ID, OTHER]


@pytest.mark.parametrize("id", [ID.upper(), f"{{{ID}}}", f"urn:uuid:{ID}", ID.replace("-", "")])
def test_other_spellings_of_an_id_are_the_same_id(adapter, id):
    adapter.save(id, ENVELOPE)
    assert adapter.list() == [ID]
    assert adapter.load(ID) == ENVELOPE


@pytest.mark.parametrize("id", ["s1", "", "../x", None, 5])
def test_an_id_that_is_no_uuid_says_so(adapter, id):
    with pytest.raises(BadSessionIdError, match=f"^invalid persisted session id `{id}`: "):
        adapter.load(id)
    with pytest.raises(BadSessionIdError):
        adapter.save(id, ENVELOPE)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("messages", [{"no": "role"}], "message must have a string `role`"),
        ("messages", [{"role": "user", "content": {1}}], "message must be JSON"),
        ("metadata", {"k": {1}}, "Type is not JSON serializable"),
        ("max_turns", "8", 'its max_turns is "8"'),
        ("max_turns", -1, "its max_turns is -1"),
    ],
)
def test_what_cannot_be_saved_changes_nothing(adapter, field, value, words):
    adapter.save(ID, ENVELOPE)
    with pytest.raises(PersistenceError, match=f"^persistence error: `{ID}`: {words}"):
        adapter.save(ID, Envelope(**{field: value}))
    assert adapter.load(ID) == ENVELOPE


def test_many_threads_save_at_once(adapter):
    ids = [str(uuid.uuid4()) for _ in range(8)]

    def save(id):
        adapter.save(id, Envelope([message(id)]))

    threads = [threading.Thread(target=save, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert adapter.list() == sorted(ids)
    assert all(adapter.load(id).messages == [message(id)] for id in ids)


# The folder


def test_a_file_is_just_as_fluers_writes_it(tmp_path):
    FolderAdapter(tmp_path).save(ID, Envelope(MESSAGES[:1], "claude-x", 8, None, {"k": "v"}))
    (path,) = tmp_path.iterdir()
    assert path.name == f"{ID}.json"
    assert path.read_text().startswith('{\n  "schema_version": 1,\n  "model": "claude-x",')
    assert json.loads(path.read_text()) == {
        "schema_version": 1,
        "model": "claude-x",
        "max_turns": 8,
        "system_message": None,
        "messages": MESSAGES[:1],
        "metadata": {"k": "v"},
    }


def test_a_file_of_fluers_opens_as_a_transcript(store, tmp_path):
    FolderAdapter(tmp_path).save(ID, ENVELOPE)
    (result,) = store.import_paths([tmp_path / f"{ID}.json"])
    session = store.session(str(result.session))
    assert (session.format, session.native_id, session.model) == ("fluers", ID, "claude-x")


def test_one_bad_file_never_fails_the_list(tmp_path):
    adapter = FolderAdapter(tmp_path)
    adapter.save(ID, ENVELOPE)
    (tmp_path / f"{OTHER}.json").write_text("{torn")
    for name in ("notes.json", f"{ID.upper()}x.json", f".{ID}.json.1.part", f"{ID}.json.tmp"):
        (tmp_path / name).write_text("{}")
    assert adapter.list() == [ID, OTHER]
    assert adapter.passed_over() == (f"{ID.upper()}x.json", "notes.json")
    assert adapter.load(ID) == ENVELOPE
    with pytest.raises(PersistenceError, match=f"persistence error: .*{OTHER}.json: unexpected"):
        adapter.load(OTHER)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_schema_version_says_so(tmp_path, version):
    (tmp_path / f"{ID}.json").write_text(json.dumps({"schema_version": version, "messages": []}))
    words = f"^unsupported session schema version {version} for `{ID}` .expected 1.$"
    with pytest.raises(SchemaVersionError, match=words):
        FolderAdapter(tmp_path).load(ID)


@pytest.mark.parametrize(
    "value", [[], "x", {"schema_version": 1, "messages": 5}, {"schema_version": 1, "model": None}]
)
def test_a_file_of_another_shape_says_so(tmp_path, value):
    (tmp_path / f"{ID}.json").write_text(json.dumps(value))
    with pytest.raises(PersistenceError, match=f"^persistence error: `{ID}`"):
        FolderAdapter(tmp_path).load(ID)


def test_fields_that_are_not_there_have_their_defaults(tmp_path):
    (tmp_path / f"{ID}.json").write_text('{"schema_version": 1, "messages": [{"role": "user"}]}')
    assert FolderAdapter(tmp_path).load(ID) == Envelope([{"role": "user"}])


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PersistenceError, match=r"^persistence error: "):
        FolderAdapter(tmp_path / "file").save(ID, ENVELOPE)
    assert FolderAdapter(tmp_path / "not there").list() == []


def test_the_errors_can_be_told_apart():
    classes = [BadSessionIdError, SchemaVersionError, PersistenceError, UnknownSessionError]
    assert not any(issubclass(a, b) for a in classes for b in classes if a is not b)


# The store


def test_saving_again_adds_only_what_is_new(store, runtime):
    adapter = StoreAdapter(runtime)
    adapter.save(ID, Envelope(MESSAGES[:2]))
    before = store.events(ID)
    adapter.save(ID, ENVELOPE)
    assert store.events(ID)[: len(before)] == before
    assert len(store.store.sources()) <= 2
    assert faults(store) == []


def test_every_session_of_a_runtime_can_be_loaded(store, runtime):
    session = say(runtime, "a", "b")
    say(runtime, session="no uuid")
    adapter = StoreAdapter(runtime)
    assert adapter.list() == [session]
    assert adapter.load(session) == Envelope([message("a"), message("b")])


def test_a_store_that_fails_is_a_persistence_error(store, runtime, monkeypatch):
    def full(*arguments):
        raise StoreError("disk full")

    monkeypatch.setattr(runtime, "put_envelope", full)
    with pytest.raises(PersistenceError, match="persistence error: disk full"):
        StoreAdapter(runtime).save(ID, ENVELOPE)


def test_a_session_goes_elsewhere_and_comes_back(runtime, tmp_path):
    folder = FolderAdapter(tmp_path)
    session = say(runtime, *MESSAGES)
    runtime.save_to(folder, session)
    runtime.inject(session, message("later"))
    runtime.load_from(folder, session)
    assert runtime.messages(session) == MESSAGES
    runtime.save_to(folder, session)
    with pytest.raises(UnknownSessionError, match=f"^session not found: {ID}$"):
        runtime.load_from(folder, ID)
    with pytest.raises(UnknownSessionError, match="envelope: unknown session id 'gone'"):
        runtime.save_to(folder, "gone")


def test_a_fork_takes_metadata_along_and_a_reset_drops_it(runtime):
    runtime.put_envelope(ID, ENVELOPE)
    runtime.fork(ID, "f")
    assert runtime.envelope("f").metadata == {"k": "v"}
    assert runtime.snapshot("f")["metadata"] == {"k": "v"}
    runtime.reset(ID)
    assert runtime.envelope(ID).metadata == {}
    assert "metadata" not in runtime.snapshot(ID)
