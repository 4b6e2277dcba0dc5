"""harn's transcript dict, its mapping of events and messages, lineage, skills, who is at work."""

from __future__ import annotations

import threading

import pytest

from scrubber.core.errors import BadArgumentError, UnknownSessionError
from scrubber.formats.harn.transcript_events import event_of
from tests.sessions.talking import say, words

CALLS = {
    "role": "assistant",
    "content": "let me see",
    "reasoning": "hm",
    "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    ],
}
RESULT = {"role": "tool_result", "tool_use_id": "c", "content": "ok"}


def test_a_new_session_has_no_optional_keys(runtime):
    runtime.open("s1")
    assert runtime.snapshot("s1") == {
        "_type": "transcript",
        "version": 2,
        "id": "s1",
        "messages": [],
        "events": [],
        "assets": [],
        "parent_id": None,
        "child_ids": [],
        "branched_at_event_index": None,
    }
    assert runtime.snapshot("s9") is None


def test_each_message_has_one_event_and_ids_that_stay(runtime):
    say(runtime, "hi", CALLS, RESULT, session="s")
    first, second = runtime.snapshot("s"), runtime.snapshot("s")
    assert first == second
    kinds = [event["kind"] for event in first["events"]]
    assert kinds == ["message", "private_reasoning", "message_part", "message", "tool_result"]
    assert len({event["id"] for event in first["events"]}) == 5
    runtime.fork("s", "f")
    assert runtime.snapshot("f")["events"] == first["events"]


@pytest.mark.parametrize(
    ("given", "kind", "visibility", "text"),
    [
        ({"role": "user", "content": "hi"}, "message", "public", "hi"),
        ({"role": "tool_result", "content": "hi"}, "tool_result", "internal", "hi"),
        ({"role": "tool", "content": "hi"}, "message", "public", "hi"),
        ({"content": "hi"}, "message", "public", "hi"),
        ({"role": "user", "content": None}, "message", "public", ""),
        ({"role": "user", "content": {"text": "one"}}, "message", "public", "one"),
        (
            {
                "role": "user",
                "content": [{"text": "a"}, {"type": "reasoning", "content": "b"}, {"type": "x"}],
            },
            "message",
            "public",
            "a b <other-x>",
        ),
        (
            {
                "role": "tool_result",
                "content": [
                    {"type": "tool_call", "name": "read"},
                    {"type": "tool_result", "name": "read", "visibility": "public"},
                    {"type": "image", "title": "t", "path": "p"},
                    {"type": "file", "asset_id": "a"},
                ],
            },
            "tool_result",
            "public",
            "<tool_call:read> <tool_result:read> <image:t> <file:a>",
        ),
        (
            {"role": "user", "content": [{"type": "text", "text": "", "visibility": "internal"}]},
            "message",
            "internal",
            "",
        ),
    ],
)
def test_the_event_of_a_message(given, kind, visibility, text):
    event = event_of(given, "id")
    assert (event["kind"], event["visibility"], event["text"]) == (kind, visibility, text)
    assert event["role"] == given.get("role", "user")


# Events and messages


def walk(events, keep_first):
    """harn's ``branch_event_index``, word for word."""
    if keep_first == 0:
        return 0
    seen = 0
    for number, event in enumerate(events):
        seen += event["kind"] in ("message", "tool_result")
        if event["kind"] in ("message", "tool_result") and seen == keep_first:
            return number + 1
    return len(events)


def test_the_worked_example_of_the_mapping():
    events = [{"kind": kind} for kind in ("message", "tool_intent", "tool_result", "message")]
    assert [walk(events, keep) for keep in range(6)] == [0, 1, 3, 4, 4, 4]


def test_indices_and_counts_are_those_of_harns_walk(store, runtime):
    session = say(runtime, "hi", CALLS, RESULT, CALLS, "and?")
    events = runtime.snapshot(session)["events"]
    assert len(events) == store.session(session).events == 9
    for keep in range(8):
        assert runtime.branch_event_index(session, keep) == walk(events, keep)
    counts = [runtime.message_count(session, index) for index in range(10)]
    assert counts == [
        sum(e["kind"] in ("message", "tool_result") for e in events[:index]) for index in range(10)
    ]
    for index, count in enumerate(counts):
        assert runtime.branch_event_index(session, count) <= index


def test_a_fork_at_an_event_snaps_to_whole_messages(store, runtime):
    session = say(runtime, "hi", CALLS, RESULT)
    for index, (kept, snapped) in enumerate([(0, 0), (1, 1), (1, 1), (1, 1), (2, 4), (3, 5)]):
        fork = runtime.fork_at_event(session, index)
        assert runtime.length(fork) == kept
        assert runtime.snapshot(fork)["branched_at_event_index"] == snapped
    with pytest.raises(BadArgumentError, match="index 6 is not within 0…5"):
        runtime.fork_at_event(session, 6)


def test_a_plain_fork_clears_where_an_earlier_one_left(runtime):
    say(runtime, "a", "b", session="s")
    runtime.fork_at("s", 1, "f")
    assert runtime.snapshot("f")["branched_at_event_index"] == 1
    runtime.fork("s", "f")
    assert runtime.snapshot("f")["branched_at_event_index"] is None
    assert words(runtime, "f") == ["a", "b"]


# Lineage


def test_lineage_is_told_from_both_ends(runtime):
    say(runtime, "a", session="s")
    runtime.fork("s", "f")
    runtime.fork_at("f", 1, "g")
    assert runtime.snapshot("s")["child_ids"] == ["f"]
    assert runtime.snapshot("f")["parent_id"] == "s"
    assert runtime.ancestry("g") == {"parent_id": "f", "child_ids": [], "root_id": "s"}
    assert runtime.ancestry("s") == {"parent_id": None, "child_ids": ["f"], "root_id": "s"}
    assert runtime.ancestry("gone") is None


def test_a_link_opens_both_and_notes_the_parent_once(runtime):
    runtime.link_child("p", "c")
    runtime.link_child("p", "c")
    assert runtime.snapshot("p")["child_ids"] == ["c"]
    snapshot = runtime.snapshot("c")
    assert (snapshot["parent_id"], snapshot["metadata"]) == ("p", {"parent_session_id": "p"})


def test_a_link_to_itself_changes_nothing(runtime):
    runtime.link_child("s", "s")
    assert runtime.ancestry("s") == {"parent_id": None, "child_ids": [], "root_id": "s"}


def test_another_parent_leaves_nothing_with_the_former_one(runtime):
    runtime.link_child("p", "c")
    runtime.link_child("q", "c")
    assert runtime.snapshot("p")["child_ids"] == []
    assert runtime.snapshot("q")["child_ids"] == ["c"]
    assert runtime.ancestry("c")["root_id"] == "q"


def test_no_session_comes_from_itself(runtime):
    runtime.link_child("a", "b")
    runtime.link_child("b", "c")
    with pytest.raises(BadArgumentError, match="session c comes from a: it is no parent of it"):
        runtime.link_child("c", "a")
    assert runtime.ancestry("a") == {"parent_id": None, "child_ids": ["b"], "root_id": "a"}


def test_a_circle_that_is_there_all_the_same_ends_the_way_up(store, runtime):
    runtime.link_child("a", "b")
    runtime.link_child("b", "c")
    with store.store.connections.write() as connection:
        connection.execute(
            "UPDATE sessions SET parent = (SELECT pk FROM sessions WHERE id = 'c') WHERE id = 'a'"
        )
    assert runtime.ancestry("c")["root_id"] == "a"
    assert [session.id for session in store.ancestry("c")] == ["a", "b", "c"]


def test_the_root_is_told_although_it_was_put_away(store, runtime):
    runtime.link_child("a", "b")
    runtime.fork("b", "c")
    with store.store.connections.write() as connection:
        connection.execute("UPDATE sessions SET trashed = 1 WHERE id = 'a'")
    assert runtime.ancestry("c")["root_id"] == "a"


# Skills


def test_skills_stay_with_their_session_and_no_fork_has_them(runtime):
    say(runtime, "a", session="s")
    runtime.set_active_skills("s", ["review", "deploy"])
    runtime.fork("s", "f")
    runtime.reset("s")
    assert runtime.active_skills("s") == ["review", "deploy"]
    assert runtime.active_skills("f") == []
    runtime.set_active_skills("f", ["own"])
    runtime.fork("s", "f")
    assert runtime.active_skills("f") == ["own"]
    assert "skills" not in runtime.snapshot("s")


def test_setting_skills_is_use(runtime):
    runtime.open("a")
    runtime.open("b")
    runtime.set_active_skills("a", [])
    assert runtime.resident.ids == ["b", "a"]


# The session at work


def test_the_current_session_is_a_stack(runtime):
    runtime.open("a")
    runtime.open("b")
    assert runtime.current_id() is None
    with runtime.current_session("a"):
        with runtime.current_session("b") as inner:
            assert inner == runtime.current_id() == "b"
        assert runtime.current_id() == "a"
    assert runtime.current_id() is None
    with pytest.raises(UnknownSessionError), runtime.current_session("gone"):
        pass


def test_another_thread_has_none_of_it(runtime):
    runtime.open("a")
    seen: list[str | None] = []
    with runtime.current_session("a"):
        thread = threading.Thread(target=lambda: seen.append(runtime.current_id()))
        thread.start()
        thread.join()
    assert seen == [None]
