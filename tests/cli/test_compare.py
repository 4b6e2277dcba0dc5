from __future__ import annotations

import pytest

from tests.cli.test_docs import documented


@pytest.fixture
def edited(cli, sample) -> str:
    """The sample with one result that says something else."""
    done = cli("edit", sample, "--event", 29, "--text", "The file is read-only.", "--failed",
               "--keep", "--json")  # fmt: skip
    return str(done.one["session"])


def test_the_first_divergence_comes_first_and_the_status_says_different(cli, sample, edited):
    done = cli("compare", sample, edited)
    assert done.status == 1
    lines = done.out.splitlines()
    assert lines[0].startswith(f"A  {sample[:8]}  Keep the cart through login")
    assert lines[3].split() == [
        "EVENTS", "TURNS", "CALLS", "ERRORS", "TOKENS", "COST", "TIME", "OUTCOME",
    ]  # fmt: skip
    assert lines[4].split()[:5] == ["A", "132", "25", "35", "6"]
    assert lines[5].split()[:5] == ["B", "132", "25", "35", "7"]
    assert lines[7].startswith("══ first divergence, behind 28 events in common ═")
    assert lines[8:12] == [
        "A #29 Edit result",
        "  > The file /home/ada/shop/tidepool/auth.py has been updated successfully.",
        "B #29 Edit result ✗",
        "  > The file is read-only.",
    ]
    assert lines[13].startswith("1 difference ")
    assert [line[:9] for line in lines[14:]] == ["~ A  #29 ", "~ B  #29 "]


def test_equal_is_equal(cli, sample):
    done = cli("compare", sample, sample)
    assert (done.status, done.out.splitlines()[-1]) == (0, "equal: 132 events alike")


def test_json_has_the_alignment_and_the_first_divergence(cli, sample, edited):
    done = cli("compare", sample, edited, "--json")
    assert done.status == 1
    told = done.one
    assert (told["equal"], told["differences"]) == (False, 1)
    assert [column["session"] for column in told["columns"]] == [sample, edited]
    assert [column["shared"] for column in told["columns"]] == [28, 28]
    assert [column["errors"] for column in told["columns"]] == [6, 7]
    assert told["columns"][0]["own"]["events"] == 104
    assert (told["first"]["kind"], told["first"]["state"]) == ("tool_result", "changed")
    assert told["first"]["texts"][1] == "The file is read-only."
    assert told["rows"] == [
        {"state": "equal", "events": [0, 0], "count": 28},
        {"state": "changed", "events": [28, 28], "count": 1, "variants": [0, 1], "telling": True},
        {"state": "equal", "events": [29, 29], "count": 103},
    ]


def test_every_key_of_a_column_a_row_and_the_divergence_is_documented(cli, sample, subagent):
    told = cli("compare", sample, subagent, "--json").one
    for inner in (told["columns"][0], told["columns"][0]["own"], told["first"], *told["rows"]):
        assert set(inner) <= documented("compare")


def test_arguments_that_differ_are_named(cli, sample):
    at = next(e["index"] + 1 for e in cli("events", sample, "--json").lines
              if e["kind"] == "tool_call" and e["tool"] == "Bash")  # fmt: skip
    fork = cli("edit", sample, "--event", at, "--arguments", '{"command":"ls -a"}', "--json").one
    first = cli("compare", sample, fork["session"], "--json").one["first"]
    (command, *_) = (a for a in first["arguments"] if a["path"] == "command")
    assert command["after"] == "ls -a"


def test_many_differences_are_cut_unless_all_are_wanted(cli, sample, subagent):
    few, all_of_them = cli("compare", sample, subagent), cli("compare", sample, subagent, "--all")
    assert (few.status, all_of_them.status) == (1, 1)
    assert "more: --all lists them" in few.out
    assert "more: --all lists them" not in all_of_them.out
    assert len(all_of_them.out.splitlines()) > len(few.out.splitlines())


@pytest.mark.parametrize("words", [[], ["nothing"]])
def test_trouble_is_2(cli, sample, words):
    done = cli("compare", sample, *words)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("scrubber compare: ")


def test_what_only_one_session_has_is_not_in_common(cli, sample):
    empty = cli("fork", sample, "--at", 0, "--json").one["session"]
    assert "══ first divergence, behind 0 events in common ═" in cli("compare", empty, sample).out


def test_a_reader_that_has_had_enough_is_no_trouble(cli, sample, subagent, monkeypatch):
    def closed(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("scrubber.cli.output.put", closed)
    monkeypatch.setattr("scrubber.cli.output.silence", lambda: None)
    done = cli("compare", sample, subagent)
    assert (done.status, done.err) == (141, "")


def test_no_store_is_made(cli, tmp_path):
    assert cli("compare", "a", "b", "--store", tmp_path / "no.db").status == 2
    assert not (tmp_path / "no.db").exists()
