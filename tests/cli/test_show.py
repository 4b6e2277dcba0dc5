from __future__ import annotations

from tests.cli import transcripts


def test_the_transcript_up_to_the_playhead(cli, sample):
    out = cli("show", sample, "--at", 31).out
    assert out.startswith("Keep the cart through login\n")
    assert "\nCustomers lose their cart when they log in at checkout." in out
    assert "\n⚙ Edit  /home/ada/shop/tidepool/auth.py\n" in out
    assert "\n  ✗ Bash result  #31\n  │ Exit code 1\n" in out
    assert "▹ thinking (314 characters): A cart that vanishes" in out
    assert "That was a wrong guess" not in out
    playhead, totals = out.splitlines()[-2:]
    assert playhead.strip("═") == " playhead: 31 of 132 "
    assert totals.startswith("31 events · 15 messages · ") or totals.startswith("31 events · ")


def test_without_at_it_is_all_of_it(cli, sample):
    out = cli("show", sample).out
    assert "playhead: 132 of 132" in out
    assert "1 open tool call" in out


def test_at_zero_nothing_stands_in_front(cli, sample):
    lines = cli("show", sample, "--at", 0).out.splitlines()
    assert lines[-1].startswith("0 events · 0 messages · 0 errors")


def test_behind_the_end_is_wrong_usage(cli, sample):
    done = cli("show", sample, "--at", 133)
    assert done.status == 2
    assert done.err == f"scrubber show: session {sample}: index 133 is not within 0…132\n"


def test_json_has_totals_and_lint(cli, sample):
    shown = cli("show", sample, "--at", 7, "--json").one
    assert (shown["session"], shown["at"], shown["of"]) == (sample, 7, 132)
    assert (shown["events"], shown["open_calls"]) == (7, 1)
    assert [problem["code"] for problem in shown["lint"]] == ["open_call", "split_message"]


def test_long_results_are_cut_and_hidden_events_counted(cli, sample):
    out = cli("show", sample, "--at", 24).out
    assert "  │ … 33 more lines\n" in out
    assert "(3 hidden events are not shown; `scrubber events` lists them)" in out


def test_pictures_are_named(cli, sample):
    assert "\n[image: image/png]\n" in cli("show", sample).out


def test_an_answer_to_no_call_is_marked(cli, tmp_path):
    file = transcripts.write(
        tmp_path / "a.jsonl",
        transcripts.message("user", "Hi"),
        transcripts.result("lost", "toolu_9"),
    )
    session = cli("import", file, "--json").one["session"]
    assert "(answers no call)" in cli("show", session).out


def test_a_forks_note_is_shown(cli, sample):
    fork = cli("fork", sample, "--at", 26, "--note", "why not").out.strip()
    assert "\nnote: why not\n" in cli("show", fork).out
