"""harn's own store of sessions, read without ever touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from scrubber.core.events import Kind, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.formats import containers, registry
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import FakeTranscript, Read, read
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

SCRIPT = CORPUS / "harn-store" / "session-store.sqlite.sql"


@pytest.fixture
def source(tmp_path) -> Read:
    path = database(SCRIPT, tmp_path)
    before = path.read_bytes()
    with containers.open_source(registry.get("harn-store"), path) as stream:
        found = read("harn-store", stream.read(), path.name)
    assert path.read_bytes() == before
    return found


def test_rows_with_a_raw_message_are_the_conversation(source):
    seen = [d for d in source.drafts("s2") if d.visibility is Visibility.IN_CONTEXT]
    assert [(d.kind.label, d.role.label, d.call_id) for d in seen] == [
        ("message", "system", None),
        ("message", "user", None),
        ("reasoning", "assistant", None),
        ("message", "assistant", None),
        ("tool_call", "assistant", "t1"),
        ("tool_result", "tool", "t1"),
        ("message", "assistant", None),
    ]


def test_other_rows_only_tell_of_something(source):
    others = source.drafts("s1")[19:]
    assert [(d.kind.label, d.visibility.label, d.name) for d in others] == [
        ("notice", "hidden", "agent"),
        ("notice", "ui_only", "agent"),
        ("notice", "hidden", "agent"),
        ("approval", "ui_only", "agent"),
        ("state", "hidden", "agent"),
        ("notice", "ui_only", "weather"),
        ("unknown", "ui_only", "agent"),
        ("session_end", "ui_only", "agent"),
        ("usage", "hidden", None),
    ]
    assert others[-1].usage == Usage(100, output=20, cost_micros=700)
    assert [d.kind for d in source.drafts("s3")][2:] == [Kind.NOTICE]  # a payload that is no JSON


def test_a_removed_message_is_no_part_of_the_context(source):
    transcript = FakeTranscript(source, "s1", 11)  # in front of the compaction
    assert "an aside" not in [m.items[0][1].text for m in messages(transcript)]
    before = FakeTranscript(source, "s1", 10)
    assert "an aside" in [m.items[0][1].text for m in messages(before)]


def test_a_compaction_puts_its_messages_in_the_place_of_all_before(source):
    transcript = FakeTranscript(source, "s1", 19)
    seen = [content.text for m in messages(transcript, True) for _, content in m.items]
    assert seen == [
        "You keep a garden.", "[auto-compacted 2 older messages]\nBeans.", "They ask.", "I look.",
        "", "beans", "Beans 🌳.",
    ]  # fmt: skip
    everything = [content.text for m in messages(transcript) for _, content in m.items]
    assert everything.count("I look.") == 1  # what it kept stands in front of it as well


def test_a_fork_hangs_where_its_copies_end_and_a_sub_agent_below_its_parent(store, tmp_path):
    import_one(store, database(SCRIPT, tmp_path))
    by_name = {session.native_id: session for session in store.sessions()}
    root, fork, helper = by_name["s1"], by_name["s2"], by_name["s3"]
    assert (fork.parent, fork.relation, fork.forked_at) == (root.id, "fork", 8)
    assert (helper.parent, helper.relation) == (root.id, "subagent")
    assert (root.title, root.model, root.cwd) == ("The garden", "claude-x", "/home/me/garden")


def test_what_is_new_stands_behind_what_was_there(store, tmp_path):
    path = database(SCRIPT, tmp_path / "harn")
    with closing(sqlite3.connect(path)) as connection:
        import_one(store, path)
        connection.execute(
            "INSERT INTO session_events (session_id, event_id, kind, payload_json, ts_ms, ts, "
            "record_hash) VALUES ('s3', 3, 'message', "
            """'{"raw_message":{"role":"user","content":"more"}}', 1776480099999, 'x', 'y')"""
        )
        connection.commit()
    statuses = {result.title: result.status for result in import_one(store, path)}
    assert statuses["dig"] == "extended"
    assert statuses["The garden"] == "unchanged"
