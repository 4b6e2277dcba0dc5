from __future__ import annotations

import json
from pathlib import Path

import pytest

TOKEN = "ghp" + "_" + "Ab1" * 12


@pytest.fixture
def leaky(cli, sample):
    cli("note", "add", f"{sample}@5", f"never tell {TOKEN} to anybody")
    return cli("fork", sample, "--at", 30, "--title", f"with {TOKEN}").out.strip()


def token_of(result):
    (found,) = [line for line in result.lines if line["kind"] == "github-token"]
    return found


def test_what_was_found_is_listed_masked_and_in_its_place(cli, leaky):
    table = cli("redact", leaky)
    assert "[REDACTED:github-token:1]" in table.out
    assert TOKEN not in table.out
    one = token_of(cli("redact", leaky, "--list", "--json"))
    assert (one["kind"], one["sure"], one["replace"], one["count"]) == (
        "github-token", True, True, 2,
    )  # fmt: skip
    assert {spot["before"] for spot in one["spots"]} == {"with ", "never tell "}
    assert "value" not in one
    assert token_of(cli("redact", leaky, "--json", "--reveal"))["value"] == TOKEN


def test_an_export_holds_placeholders(cli, leaky, tmp_path):
    target = tmp_path / "out.jsonl"
    assert TOKEN in cli("export", leaky).out
    done = cli("export", leaky, "--redact", "-o", target, "--json")
    assert done.one["losses"][0].startswith("1 secret is replaced by placeholders")
    text = target.read_text("utf-8")
    assert TOKEN not in text
    assert "with [REDACTED:github-token:1]" in text


def test_a_list_says_what_is_kept_and_what_else_goes(cli, leaky, tmp_path):
    one = token_of(cli("redact", leaky, "--json"))
    own = cli("redact", leaky, "--text", "cart", "--regex", r"log\w+", "--json").lines
    assert {line["kind"] for line in own} >= {"github-token", "own"}
    choices = tmp_path / "list.jsonl"
    lines = [{**one, "replace": False}, {"text": "cart"}, {"regex": r"[Ll]og\w+"}]
    choices.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = cli("export", leaky, "--format", "markdown", "--redact-list", choices)
    assert TOKEN in done.out
    assert "cart" not in done.out
    assert "login" not in done.out
    assert "like secrets and stay" in done.err


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nonsense", "list.jsonl:1: no JSON"),
        ('{"digest": 5}', "list.jsonl:1: neither a choice"),
        ("[]", "list.jsonl:1: neither a choice"),
        ('{"regex": "("}', "is no regular expression"),
        ('{"regex": "x*"}', "finds nothing at all, everywhere"),
        ('{"text": " "}', "must not be empty"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(cli, leaky, tmp_path, line, why):
    choices = tmp_path / "list.jsonl"
    choices.write_text(line + "\n")
    done = cli("export", leaky, "--redact-list", choices)
    assert (done.status, done.out) == (2, "")
    assert why in done.err


def test_an_agent_gets_placeholders(cli, leaky, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    path, _ = cli("export", leaky, "--to-agent", "--redact").out.splitlines()
    assert TOKEN not in Path(path).read_text("utf-8")
