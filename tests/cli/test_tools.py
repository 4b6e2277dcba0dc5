"""``scrubber tools``."""

from __future__ import annotations

import io
import json
import os

import pytest

from tests.live.mcp.conftest import OUTER_PYTHON, odd

posix = pytest.mark.skipif(os.name != "posix", reason="processes as on Unix")
SCRIPT = odd().args[1]


@pytest.fixture
def added(cli):
    """An odd server, added and enabled."""
    done = cli("tools", "add", "odd", "--enable", "--", OUTER_PYTHON, "-u", SCRIPT)
    assert (done.status, done.err) == (0, "added odd\n")


def test_without_an_action_the_servers_are_listed(cli):
    done = cli("tools")
    assert (done.status, done.out) == (0, "NAME  ENABLED  COMMAND OR ADDRESS\n")
    assert "scrubber tools add --help" in done.err


def test_adding_enabling_and_removing(cli, home):
    words = ("tools", "add", "time", "--env", "A=${B}=c", "--cwd", "~", "--", "uvx", "-q", "x")
    done = cli(*words)
    assert done.err == "added time, not enabled yet: scrubber tools enable time\n"
    cli("tools", "add", "web", "--url", "https://x.example/mcp", "--header", "X-Key: ${KEY}")
    assert cli("tools", "enable", "time", "web").status == 0
    assert cli("tools", "disable", "web").status == 0
    time, web = cli("tools", "list", "--json").lines
    assert time == {
        "name": "time",
        "enabled": True,
        "command": "uvx",
        "args": ["-q", "x"],
        "env": {"A": "${B}=c"},
        "cwd": "~",
        "url": None,
        "headers": {},
        "start_seconds": 60.0,
        "call_seconds": 120.0,
    }
    assert (web["enabled"], web["headers"]) == (False, {"X-Key": "${KEY}"})
    assert cli("tools").out.splitlines()[1:] == [
        "time  yes      uvx -q x",
        "web   —        https://x.example/mcp",
    ]
    assert cli("tools", "remove", "time").status == 0
    assert [line["name"] for line in cli("tools", "--json").lines] == ["web"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "x"], 2, 'server \'x\': needs either a "command" or a "url"'),
        (["add", "x", "--url", "ftp://x"], 2, '"url" must begin with http'),
        (["add", "x", "--env", "A", "--", "y"], 2, "'A' is not NAME=VALUE"),
        (["add", "x", "--env", "API_KEY=z", "--", "y"], 2, "env API_KEY seems to hold a secret"),
        (["remove", "x"], 1, "there is no server 'x': none is added yet"),
        (["enable", "x"], 1, "there is no server 'x'"),
        (["test", "x"], 1, "there is no server 'x'"),
        (["call", "x", "{"], 2, "the arguments are no JSON"),
        (["call", "x", "[]"], 2, "the arguments must be a JSON object"),
        (["call", "x"], 1, "No enabled server has a tool 'x'."),
        (["import", "nothing.json"], 1, "nothing.json: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said(cli, words, status, said):
    done = cli("tools", *words)
    assert (done.status, done.out) == (status, "")
    assert said in done.err


def test_a_secret_in_the_file_is_noticed_and_not_shown(cli, home):
    entry = {"command": "x", "env": {"API_KEY": "1234"}}
    file = home / ".config" / "scrubber" / "mcp.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"mcpServers": {"x": entry}}))
    done = cli("tools", "--json")
    assert done.one["env"] == {"API_KEY": None}
    assert done.err == "server x: env API_KEY seems to hold a secret itself\n"


def test_import(cli, tmp_path):
    file = tmp_path / ".mcp.json"
    servers = {
        "good": {"command": "x", "env": {"API_KEY": "1234"}},
        "bad": {"type": "sse", "url": "http://x"},
    }
    file.write_text(json.dumps({"mcpServers": servers}))
    done = cli("tools", "import", file, "--json")
    assert done.status == 3
    good, bad = done.lines
    assert good == {"name": "good", "added": True, "reason": None, "needs": ["API_KEY"]}
    assert not bad["added"]
    assert cli("tools", "import", file, "bad").status == 1


@posix
def test_trying_a_server(cli, added):
    done = cli("tools", "test", "--json")
    assert done.status == 0
    assert {key: done.one[key] for key in ("server", "ok", "error", "name", "version")} == {
        "server": "odd", "ok": True, "error": None, "name": "odd", "version": "1",
    }  # fmt: skip
    assert done.one["tools"][0] == {
        "tool": "mcp__odd__echo",
        "title": None,
        "description": "It echo.",
        "schema": {"type": "object"},
        "read_only": True,
        "destructive": None,
        "idempotent": None,
        "open_world": False,
    }
    lines = cli("tools", "test", "odd").out.splitlines()
    assert lines[0].startswith("odd: odd 1, protocol 20")
    assert lines[2].split() == ["mcp__odd__echo", "only", "reads", "It", "echo."]


@posix
def test_a_server_that_does_not_start(cli, added):
    cli("tools", "add", "dead", "--", OUTER_PYTHON, "-u", SCRIPT, "dies")
    done = cli("tools", "test", "odd", "dead")
    assert done.status == 3
    assert 'server dead: it ended with status 7; its last words: "I have had' in done.err
    assert cli("tools", "test", "dead", "--json").status == 1


@posix
def test_calling_a_tool(cli, added, monkeypatch):
    assert cli("tools", "call", "odd__echo", '{"a": [1]}').out == '{"a": [1]}\n'
    assert cli("tools", "call", "image").out == "[image image/png: --json has it]\n"
    failed = cli("tools", "call", "fails")
    assert (failed.status, failed.out, failed.err) == (1, "", "no such thing\n")
    done = cli("tools", "call", "both", "--json")
    assert done.one == {
        "tool": "both",
        "is_error": False,
        "content": [{"type": "text", "text": "warm"}],
        "detail": {"server": "odd", "structuredContent": {"degrees": 21}, "_meta": {"a": 1}},
    }


@pytest.fixture
def ring(monkeypatch):
    """A key ring in memory."""
    entries = dict[tuple[str, str], str]()
    monkeypatch.setattr("keyring.set_password", lambda s, n, v: entries.update({(s, n): v}))
    monkeypatch.setattr("keyring.get_password", lambda s, n: entries.get((s, n)))
    monkeypatch.setattr("keyring.delete_password", lambda s, n: entries.pop((s, n)))
    return entries


@posix
def test_a_secret_of_the_key_ring(cli, ring, monkeypatch, home):
    words = ["--env", "TOKEN=${ODD_TOKEN}", "--", OUTER_PYTHON, "-u", SCRIPT]
    cli("tools", "add", "odd", "--enable", *words)
    missing = cli("tools", "test")
    assert missing.err == (
        "server odd: ODD_TOKEN is not set: set it in the environment, or run "
        "`scrubber tools key ODD_TOKEN`\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("s3cret\n"))
    assert cli("tools", "key", "ODD_TOKEN").err == "ODD_TOKEN is in the key ring\n"
    assert json.loads(cli("tools", "call", "environment").out)["TOKEN"] == "s3cret"
    monkeypatch.setenv("ODD_TOKEN", "mine")
    assert json.loads(cli("tools", "call", "environment").out)["TOKEN"] == "mine"
    assert b"s3cret" not in b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert cli("tools", "key", "ODD_TOKEN", "--remove").status == 0
    assert ring == {}


@pytest.mark.parametrize("name", ["my-key", "a:-b", "", "1A"])
def test_a_name_that_no_reference_can_have(cli, name):
    assert "is no name: use letters" in cli("tools", "key", name).err


def test_arguments_from_stdin(cli, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("{"))
    assert "no JSON" in cli("tools", "call", "x", "-").err
