"""``scrubber session``: every action, its JSON, and what it says when it cannot."""

from __future__ import annotations

import io

import pytest

KEYS = {"session", "messages"}


@pytest.fixture
def session(cli):
    """A session with three messages."""
    opened = cli("session", "open", "s1", "--json").one
    assert opened == {"session": "s1", "messages": 0, "new": True}
    for text in ("one", "two", "three"):
        assert cli("session", "inject", "s1", text).status == 0
    return "s1"


def words(cli, session, *how):
    lines = cli("session", "history", session, "--json", *how).lines
    return [line["message"]["content"] for line in lines]


def test_open_is_idempotent_and_mints_ids(cli, session):
    assert cli("session", "open", session, "--json").one["new"] is False
    minted = cli("session", "open", "--title", "mine", "--json").one["session"]
    assert cli("session", "status", minted, "--json").one["title"] == "mine"


def test_inject_takes_roles_whole_messages_and_stdin(cli, session, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("from stdin"))
    assert cli("session", "inject", session, "-", "--role", "system").status == 0
    whole = '{"role": "tool_result", "content": "ok", "tool_use_id": "t"}'
    done = cli("session", "inject", session, "--message", whole, "--json")
    assert done.one == {"session": session, "messages": 5}
    assert words(cli, session, "--tools")[-2:] == ["from stdin", "ok"]
    assert words(cli, session, "--limit", 1) == ["from stdin"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "inject needs TEXT or --message"),
        (["--message", "{"], "--message: no JSON"),
        (["--message", "[]"], "message must be a dict"),
        (["--message", "{}"], "message must have a string `role`"),
    ],
)
def test_inject_says_what_is_wrong(cli, session, arguments, said):
    done = cli("session", "inject", session, *arguments)
    assert done.status == 2
    assert said in done.err


def test_forks_of_all_of_messages_and_up_to_an_event(cli, session):
    whole = cli("session", "fork", session, "--json").one
    assert (whole["messages"], whole["parent"], whole["branched_at"]) == (3, session, None)
    first = cli("session", "fork", session, "--first", 2, "--to", "f", "--json").one
    assert first == {"session": "f", "messages": 2, "parent": session, "branched_at": 2}
    at = cli("session", "fork", session, "--at", 1, "--to", "f", "--json").one
    assert (at["session"], at["messages"], at["branched_at"]) == ("f", 1, 1)
    assert words(cli, "f") == ["one"]
    assert cli("session", "fork", session, "--at", 9).status == 2


def test_trim_compact_and_reset(cli, session):
    assert cli("session", "compact", session, "--keep", 1, "--json").one["messages"] == 2
    assert "[auto-compacted 2 older messages" in words(cli, session)[0]
    assert cli("session", "trim", session, "--keep", 1, "--json").one["messages"] == 1
    assert words(cli, session) == ["three"]
    assert cli("session", "reset", session, "--json").one["messages"] == 0
    assert cli("session", "inject", session, "again").out == f"{session}\n"


def test_compact_with_a_model_needs_one(cli, session):
    done = cli("session", "compact", session, "--keep", 1, "--strategy", "llm")
    assert done.status == 2
    assert "LLM transcript compaction requires active LLM call options" in done.err


def test_status_tells_and_changes(cli, session):
    cli("session", "fork", session, "--to", "f")
    told = cli("session", "status", session, "--json").one
    assert (told["kind"], told["status"], told["state"]) == ("main", "active", "active")
    assert (told["child_ids"], told["root_id"], told["finished"]) == (["f"], session, None)
    for change, (status, state) in {
        "pause": ("paused", "paused"),
        "resume": ("active", "active"),
        "complete": ("completed", "completed"),
        "fail": ("error", "error"),
        "timeout": ("timeout", "error"),
        "stop": ("stopped", "completed"),
    }.items():
        changed = cli("session", "status", session, "--set", change, "--json").one
        assert (changed["status"], changed["state"]) == (status, state)
    assert changed["finished"] >= changed["created"]
    nothing = cli("session", "status", session, "--set", "resume")
    assert "it is stopped: there is nothing to resume" in nothing.err
    assert cli("session", "status", session, "--label", "l", "--json").one["label"] == "l"
    assert "label: l\n" in cli("session", "status", session).out


def test_list_filters_and_limits(cli, session):
    cli("session", "open", "s2")
    cli("session", "status", "s2", "--set", "stop")
    assert [line["session"] for line in cli("session", "--json").lines] == ["s2", session]
    for how, wanted in {
        ("--active",): [session],
        ("--limit", 1): ["s2"],
        ("--kind", "cron"): [],
        ("--kind", "main", "--kind", "cron"): ["s2", session],
    }.items():
        lines = cli("session", "list", *how, "--json").lines
        assert [line["session"] for line in lines] == wanted
    shown = cli("session", "list").out.splitlines()
    assert shown[0].split() == ["SESSION", "KIND", "STATUS", "MESSAGES", "LABEL"]
    assert shown[1].split() == ["s2", "main", "stopped", "0"]


def test_usage_of_an_imported_session(cli, sample):
    told = cli("session", "usage", sample, "--json").one
    assert told["usage"]["total"] > 0
    assert 0 < told["percent"] <= 1
    assert told["turns"] > 0
    assert "used_tokens: " in cli("session", "usage", sample).out


def test_history_shows_a_line_for_each_message(cli, session):
    assert cli("session", "history", session).out == "user: one\nuser: two\nuser: three\n"


def test_a_queue_is_added_to_and_taken_from(cli, session):
    assert cli("session", "queue", session).err == "nothing waits\n"
    (first,) = cli("session", "queue", session, "--say", "hello", "--key", "k", "--json").lines
    assert (first["kind"], first["scope"], first["state"]) == (
        "input",
        "next_turn",
        "deferred_next_turn",
    )
    (again,) = cli("session", "queue", session, "--say", "hello", "--key", "k", "--json").lines
    assert again["id"] == first["id"]
    assert cli("session", "queue", session, "--say", "other", "--key", "k").status == 1
    cli("session", "queue", session, "--say", "now", "--active")
    asked = cli("session", "queue", session, "--command", "reset_session", "--key", "c", "--json")
    assert [line["kind"] for line in asked.lines] == ["input", "input", "session_command"]
    shown = cli("session", "queue", session).out
    assert "hello" in shown
    assert "reset_session" in shown
    taken = cli("session", "queue", session, "--cancel", first["id"], "--later")
    assert (taken.status, taken.err.count("cancelled")) == (0, 2)
    gone = cli("session", "queue", session, "--cancel", first["id"])
    assert (gone.status, "already cancelled" in gone.err) == (1, True)
    assert cli("session", "queue", session, "--command", "reset_session").status == 2


def test_an_imported_session_is_forked_not_changed(cli, sample):
    done = cli("session", "inject", sample, "x")
    assert done.status == 2
    assert "is what its file says" in done.err
    fork = cli("session", "fork", sample, "--first", 3, "--json").one
    assert fork["messages"] == 3
    assert cli("session", "inject", fork["session"], "x", "--json").one["messages"] == 4


@pytest.mark.parametrize(
    "action", ["inject", "trim", "reset", "status", "usage", "history", "queue"]
)
def test_a_session_that_is_not_there_is_named(cli, session, action):
    more = {"inject": ["x"], "trim": ["--keep", "1"]}
    done = cli("session", action, "nowhere", *more.get(action, []))
    assert (done.status, "no session has the id 'nowhere'" in done.err) == (1, True)


@pytest.mark.parametrize("action", ["open", "status", "usage", "history", "reset"])
def test_json_may_stand_in_front_of_the_action_too(cli, session, action):
    assert cli("session", "--json", action, session).lines
    assert cli("session", action, session, "--json").lines
    assert not cli("session", action, session).out.startswith("{")
