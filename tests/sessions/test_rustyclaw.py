"""RustyClaw's rules: keys, kinds, labels, lists, histories, endings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scrubber.core.errors import BadArgumentError, UnknownSessionError
from scrubber.sessions.agents import NotActiveError
from tests.sessions.talking import faults, message, say

KEY = re.compile(r"agent:main:subagent:[0-9a-f-]{36}")


def test_the_main_session_of_an_agent_has_its_key_and_is_one(runtime):
    assert runtime.main() == "agent:main:main"
    assert runtime.main("scout") == runtime.main("scout") == "agent:scout:main"
    facts = runtime.facts("agent:scout:main")
    assert (facts.kind, facts.agent, facts.finished) == ("main", "scout", None)


def test_a_sub_agent_has_a_key_a_run_and_what_it_was_given(store, runtime):
    parent = runtime.main()
    spawned = runtime.spawn_subagent("look it up", label="l", parent=parent)
    facts = runtime.facts(spawned.session)
    assert KEY.fullmatch(spawned.session)
    assert (spawned.status, facts.run) == ("accepted", spawned.run)
    assert (facts.kind, facts.agent, facts.label, facts.task) == (
        "subagent",
        "main",
        "l",
        "look it up",
    )
    session = store.session(spawned.session)
    assert (session.parent, session.relation, session.status) == (parent, "subagent", "active")
    assert faults(store) == []


def test_a_sub_agent_needs_no_parent_but_not_one_that_is_not_there(store, runtime):
    assert store.session(runtime.spawn_subagent("alone").session).parent is None
    with pytest.raises(UnknownSessionError, match="spawn_subagent: unknown session id 'gone'"):
        runtime.spawn_subagent("x", parent="gone")


def test_ids_of_many_spawned_at_once_are_not_the_same(runtime):
    spawned = [runtime.spawn_subagent("t") for _ in range(20)]
    assert len({one.session for one in spawned} | {one.run for one in spawned}) == 40


def test_kinds_are_main_subagent_and_cron(runtime):
    assert runtime.facts(runtime.open_as("nightly", "cron")).kind == "cron"
    runtime.open_as("nightly", "main")
    assert runtime.facts("nightly").kind == "cron"
    with pytest.raises(BadArgumentError, match="'daily' is no kind of session: use main, sub"):
        runtime.open_as("x", "daily")


def test_a_label_leads_to_whoever_was_given_it_last(runtime):
    first = runtime.spawn_subagent("a", label="l").session
    second = runtime.spawn_subagent("b", label="l").session
    assert runtime.by_label("l") == second
    runtime.set_label(first, "l")
    assert runtime.by_label("l") == first
    assert runtime.facts(second).label == "l"
    runtime.set_label(first, None)
    assert runtime.by_label("l") == second
    assert runtime.by_label("nobody's") is None


def test_the_list_is_filtered_first_then_limited_newest_first(runtime):
    runtime.main()
    spawned = [runtime.spawn_subagent(str(n)).session for n in range(5)]
    runtime.open_as("nightly", "cron")
    runtime.complete(spawned[4])

    def ids(*arguments):
        return [listed.session.id for listed in runtime.list(*arguments)]

    assert ids() == ["nightly", *reversed(spawned), "agent:main:main"]
    assert ids(["subagent"], True, 2) == [spawned[3], spawned[2]]
    assert ids(["subagent"], False, 2) == [spawned[4], spawned[3]]
    assert ids(["cron", "main"]) == ["nightly", "agent:main:main"]
    assert ids(None, False, 0) == []
    assert ids([]) == []


def test_the_list_has_20_unless_more_are_asked_for(runtime):
    for number in range(25):
        runtime.open(f"s{number}")
    assert len(runtime.list()) == 20
    assert len(runtime.list(limit=None)) == 25


def test_a_history_leaves_tools_out_first_and_takes_the_last_then(runtime):
    tool = {"role": "tool", "tool_call_id": "c", "content": "out"}
    harns = {"role": "tool_result", "content": "out"}
    said = [message("a"), message("b"), tool, harns, message("c"), tool]
    session = say(runtime, *said)

    def history(*arguments):
        return [entry.message for entry in runtime.history(session, *arguments)]

    assert history(2) == [message("b"), message("c")]
    assert history(2, True) == [message("c"), tool]
    assert history(None, True) == said
    assert history(0) == []
    assert runtime.history("gone") is None


def test_a_history_tells_when_in_milliseconds(runtime):
    session = say(runtime, "a")
    (entry,) = runtime.history(session)
    assert 1_700_000_000_000 < entry.ts < 5_000_000_000_000


def test_more_than_100_messages_stay(runtime):
    session = say(runtime, *(str(n) for n in range(105)))
    assert len(runtime.history(session, None)) == 105


def test_a_message_goes_to_an_active_session_by_id_or_label(runtime):
    spawned = runtime.spawn_subagent("t", label="l").session
    runtime.send_message("one", id=spawned)
    runtime.send_message("two", label="l")
    assert runtime.messages(spawned) == [message("one"), message("two")]


ENDINGS: Any = {
    "completed": lambda runtime, session: runtime.complete(session),
    "error": lambda runtime, session: runtime.fail(session),
    "timeout": lambda runtime, session: runtime.fail(session, timeout=True),
    "stopped": lambda runtime, session: runtime.stop(session),
    "paused": lambda runtime, session: runtime.pause(session),
}


@pytest.mark.parametrize("status", ENDINGS)
def test_a_message_goes_to_no_other(runtime, status):
    session = say(runtime, "a")
    ENDINGS[status](runtime, session)
    assert runtime.list(active_only=True) == []
    assert [one.status for one in runtime.list()] == [status]
    with pytest.raises(NotActiveError, match=f"^Session is not active: {status}$"):
        runtime.send_message("x", id=session)
    assert runtime.length(session) == 1


@pytest.mark.parametrize("ended", ["completed", "error", "paused"])
def test_the_end_of_a_run_is_no_end_of_the_session(store, runtime, ended):
    session = say(runtime, "a")
    fork = runtime.fork(session)
    for one in (session, fork):
        store.store.update(one, status=ended)  # as a run does
        runtime.send_message("b", id=one)
        assert runtime.status(one) == "active"
    assert len(runtime.list(active_only=True)) == 2


def test_a_fork_is_active_and_yet_no_run_that_was_broken_off(store, runtime):
    """What the window shows as broken off is a branch whose status says that it runs."""
    fork = runtime.fork(say(runtime, "a"))
    runtime.pause(fork)
    runtime.resume(fork)
    assert (runtime.status(fork), store.session(fork).status) == ("active", "completed")


def test_a_message_to_nobody_says_so(runtime):
    with pytest.raises(UnknownSessionError, match="unknown session id 'gone'"):
        runtime.send_message("x", id="gone")
    with pytest.raises(UnknownSessionError, match="No session found with label: l"):
        runtime.send_message("x", label="l")
    with pytest.raises(BadArgumentError, match="Must provide sessionKey or label"):
        runtime.send_message("x")


def test_a_later_ending_overwrites_an_earlier_one(store, runtime, monkeypatch):
    clock = iter(range(2_000_000_000_000, 3_000_000_000_000, 1000))
    monkeypatch.setattr("scrubber.sessions.agents.now_ms", lambda: next(clock))
    session = runtime.open()
    ended = []
    for end in (runtime.complete, runtime.fail, runtime.stop):
        end(session)
        ended.append((store.session(session).status, runtime.facts(session).finished))
    assert ended == [
        ("completed", 2_000_000_000_000),
        ("error", 2_000_000_001_000),
        ("stopped", 2_000_000_002_000),
    ]
    runtime.fail(session, timeout=True)
    assert store.session(session).status == "timeout"


def test_run_time_is_in_seconds_up_to_the_end_or_to_now(store, runtime, monkeypatch):
    session = runtime.open()
    created = store.session(session).created
    monkeypatch.setattr("scrubber.sessions.agents.now_ms", lambda: created + 1500)
    assert runtime.run_time(session) == 1.5
    runtime.stop(session)
    monkeypatch.setattr("scrubber.sessions.agents.now_ms", lambda: created + 9000)
    assert runtime.run_time(session) == 1.5
    assert runtime.list()[0].seconds == 1.5


@pytest.mark.parametrize("verb", ["complete", "fail", "stop", "run_time", "facts"])
def test_what_needs_a_session_names_the_one_that_is_not_there(runtime, verb):
    with pytest.raises(UnknownSessionError, match=f"^{verb}: unknown session id 'gone'$"):
        getattr(runtime, verb)("gone")


def test_what_is_known_of_a_session_is_there_after_it_was_opened_again(store, runtime):
    from scrubber.sessions import Sessions

    spawned = runtime.spawn_subagent("t", label="l").session
    runtime.stop(spawned)
    again = Sessions(store.store)
    assert again.by_label("l") == spawned
    assert again.facts(spawned) == runtime.facts(spawned)


def test_a_limit_is_a_count(runtime):
    session = runtime.main()
    for ask in (lambda: runtime.list(limit=-1), lambda: runtime.history(session, limit=-1)):
        with pytest.raises(BadArgumentError, match="`limit` must be >= 0"):
            ask()
