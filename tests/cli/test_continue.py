from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest

from tests.cli.conftest import command


@pytest.fixture
def fork(cli, sample):
    return cli("fork", sample, "--at", 26).out.strip()


def test_a_fork_replays_to_the_recorded_end(cli, sample, fork):
    done = cli("continue", fork)
    assert done.status == 0
    assert "Fair winds." in done.out
    assert "finished: the recording is at its end" in done.err
    told = cli("continue", fork, "--json").one
    assert (told["session"], told["parent"], told["ending"]) == (fork, sample, "finished")
    assert (told["added"], told["events"], told["cost_micros"]) == (0, 132, None)


def test_a_source_never_changes(cli, sample):
    told = cli("continue", sample, "--at", 26, "--turns", 1, "--json").one
    assert told["session"] != sample
    assert (told["ending"], told["forked_at"], told["turns"]) == ("budget", 26, 1)
    ended = cli("continue", sample, "--json").one
    assert (ended["parent"], ended["forked_at"]) == (sample, 132)
    assert len(cli("events", sample, "--json").lines) == 132


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--turns", 1], 4, "budget: the budget of 1 turn is used up"),
        (["--policy", "error"], 6, "unmatched: message"),
        (["--provider", "person", "--policy", "static"], 5, "the next reply is yours to write"),
        (["--policy", "lively"], 2, "neither a file nor a rung"),
        (["-n", 3], 2, "siblings need a model"),
        (["--at", 999], 2, "index 999 is not within 0…26"),
    ],
)
def test_the_status_tells_how_it_ended(cli, sample, fork, arguments, status, words):
    at = [] if "--at" in arguments or "-n" in arguments else ["--at", 25]
    done = cli("continue", fork, *at, *arguments)
    assert (done.status, words in done.err) == (status, True), done.err


def test_a_policy_from_a_file(cli, sample, tmp_path):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"default": {"rungs": ["static"], "text": "from the file"}}))
    done = cli("continue", sample, "--at", 27, "--policy", path, "--provider", "person")
    assert "from the file" in done.out
    path.write_text("{")
    assert cli("continue", sample, "--at", 27, "--policy", path).status == 2


def test_an_edit_is_a_fork(cli, sample):
    told = cli("edit", sample, "--event", 29, "--text", "No such file", "--failed", "--json").one
    assert (told["parent"], told["forked_at"], told["events"]) == (sample, 28, 29)
    last = cli("events", told["session"], "--from", 28, "--json").one
    assert (last["origin"], last["is_error"], last["text"]) == ("edited", True, "No such file")
    whole = cli("edit", sample, "--event", 29, "--text", "x", "--keep", "--json").one
    assert whole["events"] == 132
    call = cli("edit", sample, "--event", 27, "--arguments", '{"file_path": "x"}', "--json").one
    (event,) = cli("events", call["session"], "--from", 26, "--json").lines
    assert event["arguments"] == {"file_path": "x"}
    system = cli("edit", sample, "--system", "--text", "Be kind.", "--json").one
    assert system["events"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--event", 0, "--text", "x"], "counted from #1"),
        (["--event", 27, "--arguments", "{"], "no JSON"),
        (["--event", 500, "--text", "x"], "there is no event #500"),
        (["--system"], "needs --text or --file"),
    ],
)
def test_a_bad_edit_is_told(cli, sample, arguments, words):
    done = cli("edit", sample, *arguments)
    assert (done.status, words in done.err) == (2, True), done.err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_run_leaves_a_branch_that_goes_on(cli, sample):
    for _ in range(3):
        fork = cli("fork", sample, "--at", 10).out.strip()
        with subprocess.Popen(
            command("continue", fork), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
        assert cli("verify").status == 0
        told = cli("continue", fork, "--json").one
        assert (told["ending"], told["events"]) == ("finished", 132)


def test_commands_in_the_queue_are_done_first_and_what_is_said_then_is_shown(cli):
    session = cli("session", "open", "s").out.strip()
    cli("session", "inject", session, "of old")
    cli("session", "queue", session, "--command", "reset_session", "--key", "k")
    cli("session", "queue", session, "--say", "of now")
    done = cli("continue", session, "--provider", "person")
    assert (done.status, "of now" in done.out, "of old" in done.out) == (5, True, False)
    assert [
        line["message"]["content"] for line in cli("session", "history", "s", "--json").lines
    ] == ["of now"]


def test_a_paused_session_is_not_run_on_and_nothing_is_forked_off_it(cli, sample, fork):
    from scrubber.api import open_store

    with open_store() as store:
        store.runtime.pause(fork, "lunch")
        for arguments in ([], ["--at", 3], ["-n", 2, "--provider", "person"]):
            done = cli("continue", fork, *arguments)
            words = f"Session {fork} is paused. Call Resume before generating."
            assert (done.status, words in done.err) == (1, True), done.err
        assert len(cli("sessions", "--json").lines) == 3
        store.runtime.resume(fork)
    assert cli("continue", fork).status == 0
