from __future__ import annotations

import pytest

KEYS = {"session", "parent", "forked_at", "messages", "lint"}


def test_json_has_the_keys_of_the_issue(cli, sample):
    fork = cli("fork", sample, "--at", 26, "--title", "T", "--note", "N", "--json").one
    assert set(fork) >= KEYS
    assert (fork["parent"], fork["forked_at"], fork["lint"]) == (sample, 26, [])
    assert (fork["title"], fork["note"], fork["events"]) == ("T", "N", 26)
    assert fork["messages"] == cli("show", sample, "--at", 26, "--json").one["messages"]


def test_the_id_is_the_output(cli, sample):
    done = cli("fork", sample, "--at", 26)
    assert cli("show", done.out.strip(), "--json").one["of"] == 26
    assert done.err == "forked at 26: 26 events, 14 messages\n"


def test_a_cut_behind_the_end_is_wrong_usage(cli, sample):
    done = cli("fork", sample, "--at", 133)
    assert (done.status, done.out) == (2, "")
    assert len(cli("sessions", "--json").lines) == 2


def test_an_unknown_session(cli, sample):
    assert cli("fork", "nobody", "--at", 1).status == 1


@pytest.mark.parametrize("words", [[], ["--repair", "ask"], ["--repair", "none"]])
def test_without_a_terminal_an_open_cut_is_kept_and_reported(cli, sample, words):
    done = cli("fork", sample, "--at", 7, *words, "--json")
    assert done.status == 0
    assert (done.one["events"], done.one["repair"]) == (7, "none")
    assert [set(problem) for problem in done.one["lint"]] == [
        {"code", "text", "index", "repairs"}
    ] * 2
    assert "Read call, event #7, has no result in front of the cut" in done.err


def test_snap(cli, sample):
    done = cli("fork", sample, "--at", 7, "--repair", "snap", "--json")
    assert (done.one["forked_at"], done.one["events"]) == (4, 4)
    assert cli("fork", sample, "--at", 7, "--repair", "snap").err.endswith(
        "; snapped back from 7\n"
    )


def test_interrupt(cli, sample):
    done = cli("fork", sample, "--at", 7, "--repair", "interrupt", "--json")
    assert (done.one["forked_at"], done.one["events"]) == (7, 8)
    last = cli("events", done.one["session"], "--from", 7, "--json").one
    assert (last["kind"], last["origin"], last["ref"]) == ("tool_result", "synthetic", None)
    assert cli("show", done.one["session"], "--json").one["open_calls"] == 0


@pytest.mark.parametrize(
    ("answers", "repair", "events"),
    [(["s"], "snap", 4), (["i"], "interrupt", 8), ([""], "none", 7), (["x", "N"], "none", 7)],
)
def test_on_a_terminal_it_asks(cli, sample, monkeypatch, answers, repair, events):
    questions = []
    monkeypatch.setattr("scrubber.cli.output.can_ask", lambda: True)

    def ask(question):
        questions.append(question)
        return answers.pop(0)

    monkeypatch.setattr("scrubber.cli.output.ask", ask)
    done = cli("fork", sample, "--at", 7, "--json")
    assert (done.one["repair"], done.one["events"]) == (repair, events)
    assert questions[0] == "Your choice [n, s, i]: "
    assert "n  keep the cut as it is, for viewing (default)" in done.err
    assert "s  snap back to index 4, the last point where nothing is open" in done.err
    assert 'i  answer 1 open call with an "interrupted" result, marked as made up' in done.err


def test_a_closed_cut_asks_nothing(cli, sample, monkeypatch):
    monkeypatch.setattr("scrubber.cli.output.can_ask", lambda: True)
    monkeypatch.setattr("scrubber.cli.output.ask", pytest.fail)
    assert cli("fork", sample, "--at", 26).status == 0
