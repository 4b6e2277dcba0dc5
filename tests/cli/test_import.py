from __future__ import annotations

import json
import shutil

import pytest

from tests.cli import transcripts

KEYS = {"session", "title", "format", "source", "status", "events", "messages", "warnings"}


@pytest.fixture
def file(tmp_path):
    return transcripts.write(
        tmp_path / "work" / f"{transcripts.NATIVE}.jsonl",
        transcripts.message("user", "Hello"),
        transcripts.message("assistant", [{"type": "text", "text": "Good day"}]),
    )


def append(path, text):
    with path.open("a") as stream:
        stream.write(text)


def test_json_has_the_keys_of_the_issue(cli, bundled_sample):
    done = cli("import", bundled_sample, "--json")
    assert done.status == 0
    assert [set(line) for line in done.lines] == [KEYS, KEYS]
    main, agent = done.lines
    assert main["status"] == agent["status"] == "new"
    assert main["format"] == "claude-code"
    assert main["title"] == "Keep the cart through login"
    assert main["events"] > main["messages"] > 0
    assert main["source"].endswith(".jsonl")


def test_text_is_a_line_a_session(cli, bundled_sample):
    done = cli("import", bundled_sample)
    assert [line.split()[0] for line in done.out.splitlines()] == ["new", "new"]
    assert "Keep the cart through login" in done.out
    assert done.err == "2 new\n"


def test_again_it_is_unchanged(cli, sample, bundled_sample):
    done = cli("import", bundled_sample, "--json")
    assert {line["status"] for line in done.lines} == {"unchanged"}
    assert len(cli("sessions", "--json").lines) == 2


def test_what_was_appended_extends_it(cli, file):
    first = cli("import", file, "--json").one
    append(file, json.dumps(transcripts.message("user", "More")) + "\n")
    second = cli("import", file, "--json").one
    assert (second["status"], second["session"]) == ("extended", first["session"])
    assert second["events"] == first["events"] + 1


def test_a_rewritten_file(cli, file):
    cli("import", file)
    transcripts.write(file, transcripts.message("user", "Something else"))
    assert cli("import", file, "--json").one["status"] == "rewritten"


def test_warnings_have_line_and_reason_and_cost_nothing_else(cli, file):
    append(file, "{not json}\n" + json.dumps(transcripts.message("user", "On")) + "\n")
    done = cli("import", file, "--json")
    assert done.status == 0
    assert done.one["messages"] == 3
    (warning,) = done.one["warnings"]
    assert set(warning) == {"line", "reason"}
    assert warning["line"] == 3
    assert done.err.startswith(f"{file}:3: ")
    assert done.err.endswith("1 new; 1 warning\n")


def test_many_warnings_are_cut_in_text_only(cli, file):
    append(file, "{not json}\n" * 50)
    done = cli("import", file)
    assert f"{file}: 30 more; --json lists all\n" in done.err
    assert done.err.count("\n") == 22


def test_some_failed_is_3(cli, file, tmp_path):
    (tmp_path / "no.txt").write_text("just words")
    done = cli("import", tmp_path / "no.txt", file, "--json")
    assert done.status == 3
    assert [line["status"] for line in done.lines] == ["failed", "new"]
    assert done.lines[0]["session"] is None
    assert f"{tmp_path / 'no.txt'}: not a transcript" in done.lines[0]["warnings"][0]["reason"]
    assert done.err.startswith(f"failed: {tmp_path / 'no.txt'}: not a transcript")
    assert done.err.endswith("1 new, 1 failed\n")


def test_all_failed_is_1(cli, tmp_path):
    (tmp_path / "no.txt").write_text("just words")
    done = cli("import", tmp_path / "no.txt")
    assert (done.status, done.out) == (1, "")


def test_a_folder_without_transcripts_is_1(cli, tmp_path):
    done = cli("import", tmp_path)
    assert done.status == 1
    assert "no transcript was found there" in done.err


def test_a_missing_path_is_1(cli, tmp_path):
    done = cli("import", tmp_path / "none")
    assert done.status == 1
    assert done.err == f"scrubber import: {tmp_path / 'none'}: no such file or folder\n"


def test_the_format_can_be_given(cli, file):
    assert cli("import", file, "--format", "claude-code", "--json").one["format"] == "claude-code"


def test_found_imports_what_agents_keep(cli, home, bundled_sample):
    shutil.copytree(bundled_sample, home / ".claude" / "projects")
    done = cli("import", "--found", "--json")
    assert done.status == 0
    assert len(done.lines) == 2
    assert done.err.startswith("Claude Code: 2 files, ")
    assert f"in {home / '.claude' / 'projects'}\n" in done.err


def test_found_with_nothing_there(cli):
    done = cli("import", "--found")
    assert (done.status, done.out) == (0, "")
    assert "no sessions of any known agent" in done.err


def test_found_asks_on_a_terminal(cli, home, bundled_sample, monkeypatch):
    shutil.copytree(bundled_sample, home / ".claude" / "projects")
    monkeypatch.setattr("scrubber.cli.output.can_ask", lambda: True)
    monkeypatch.setattr("scrubber.cli.output.ask", lambda question: "")
    done = cli("import", "--found")
    assert (done.status, done.out) == (0, "")
    assert cli("sessions", "--json").lines == []


def test_real_transcripts(cli, shared_data):
    files = sorted((shared_data / "claude-code" / "entire").glob("*.jsonl"))[:3]
    done = cli("import", *files, "--json")
    assert done.status == 0
    assert sum(line["events"] for line in done.lines) > 500
    assert cli("verify").status == 0
