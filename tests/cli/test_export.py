from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def binary(capsysbinary, monkeypatch):
    from scrubber.cli import main

    def run(*words):
        capsysbinary.readouterr()
        return main([str(word) for word in words]), *capsysbinary.readouterr()

    return run


@pytest.fixture
def stored(bundled_sample, binary):
    """The sample's id, for tests that look at bytes."""
    _, out, _ = binary("import", bundled_sample, "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    return next(line["session"] for line in lines if line["events"] > 100)


def main_file(bundled_sample):
    (file,) = bundled_sample.glob("*/*.jsonl")
    return file


@pytest.mark.parametrize("words", [[], ["-o", "-"]])
def test_source_on_stdout_is_the_file(binary, stored, bundled_sample, words):
    status, out, err = binary("export", stored, "--format", "source", *words)
    assert (status, err) == (0, b"")
    assert out == main_file(bundled_sample).read_bytes()


def test_native_round_trip(cli, sample, tmp_path):
    cli("fork", sample, "--at", 26, "--title", "child")
    file = tmp_path / "all.scrubber.jsonl"
    assert cli("export", sample, "--tree", "--format", "native", "-o", file).status == 0
    other = ["--store", tmp_path / "other.db"]
    assert cli("import", file, *other).status == 0
    here, there = (cli("sessions", "--json", *words).lines for words in ([], other))
    assert sorted(s["id"] for s in here) == sorted(s["id"] for s in there)
    assert cli("events", sample, "--json").out == cli("events", sample, "--json", *other).out


def test_native_is_the_default(binary, stored):
    assert binary("export", stored)[1].startswith(b'{"scrubber":"snapshot"')


def test_at_cuts(cli, sample, tmp_path):
    file = tmp_path / "cut.jsonl"
    cli("export", sample, "--at", 26, "-o", file)
    cli("import", file, "--store", tmp_path / "other.db")
    assert cli("show", sample, "--json", "--store", tmp_path / "other.db").one["of"] == 26


@pytest.mark.parametrize("format", ["claude-code", "messages", "anthropic", "markdown"])
def test_the_other_formats(binary, stored, format):
    status, out, _ = binary("export", stored, "--at", 26, "--format", format)
    assert status == 0
    assert b"Customers lose their cart" in out
    assert b"That was a wrong guess" not in out


def test_json_tells_of_the_file(cli, sample, tmp_path):
    told = cli("export", sample, "--at", 26, "-o", tmp_path / "x.jsonl", "--json").one
    assert told == {
        "session": sample,
        "at": 26,
        "format": "native",
        "path": str(tmp_path / "x.jsonl"),
        "bytes": (tmp_path / "x.jsonl").stat().st_size,
        "losses": [],
    }


def test_a_file_that_is_there_is_kept_unless_forced(cli, sample, tmp_path):
    (tmp_path / "x").write_text("precious")
    done = cli("export", sample, "-o", tmp_path / "x")
    assert done.status == 1
    assert (
        done.err
        == f"scrubber export: {tmp_path / 'x'}: there is a file already; --force overwrites it\n"
    )
    assert (tmp_path / "x").read_text() == "precious"
    assert cli("export", sample, "-o", tmp_path / "x", "--force").status == 0
    assert "snapshot" in (tmp_path / "x").read_text()


def test_a_folder_is_no_file(cli, sample, tmp_path):
    done = cli("export", sample, "-o", tmp_path)
    assert (done.status, done.err) == (
        2,
        f"scrubber export: {tmp_path} is a folder: name a file in it\n",
    )


@pytest.mark.parametrize(
    "words", [["--format", "nonsense"], ["--at", "133"], ["--format", "messages", "--tree"]]
)
def test_what_cannot_be_is_wrong_usage_and_leaves_no_file(cli, sample, tmp_path, words):
    done = cli("export", sample, *words, "-o", tmp_path / "x")
    assert (done.status, done.out) == (2, "")
    assert not list(tmp_path.iterdir())


def test_losses_are_said(cli, sample, tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.api.OpenStore.export_losses", lambda *_: ["a picture"])
    done = cli("export", sample, "-o", tmp_path / "x", "--json")
    assert (done.err, done.one["losses"]) == ("note: a picture\n", ["a picture"])


def test_into_an_agent(cli, sample, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
    words = ["export", sample, "--at", 26, "--to-agent", "--cwd", tmp_path]
    told = cli(*words, "--dry-run", "--json").one
    assert (told["bytes"], told["format"], told["at"]) == (None, "claude-code", 26)
    assert not (tmp_path / "config").exists()
    done = cli(*words)
    path, command = done.out.splitlines()
    assert done.status == 0
    assert command.endswith(f"claude --resume {Path(path).stem}")
    (file,) = (tmp_path / "config").rglob("*.jsonl")
    assert str(file) == path
    assert cli("import", path).status == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--to-agent", "-o", "file"],
        ["--to-agent", "--tree"],
        ["--dry-run"],
        ["--cwd", "folder"],
        ["--to-agent", "--format", "markdown"],
    ],
)
def test_options_that_do_not_go_together(cli, sample, words):
    done = cli("export", sample, *words)
    assert (done.status, done.out) == (2, "")
