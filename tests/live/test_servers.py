"""The servers that a user adds: what is accepted, what is refused, and what the file holds."""

from __future__ import annotations

import json
import os

import pytest

from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.live.references import MissingValueError, expand, references
from scrubber.live.server_file import ServerFile, UnknownServerError
from scrubber.live.server_import import import_servers
from scrubber.live.servers import CALL_SECONDS, Server, parse_server, plain_secrets

TIME = {"command": "uvx", "args": ["mcp-server-time"]}


def test_a_command():
    server = parse_server("time", {**TIME, "env": {"A": "b"}, "cwd": "/x", "call_seconds": 5})
    assert server == Server(
        "time",
        command="uvx",
        args=("mcp-server-time",),
        env={"A": "b"},
        cwd="/x",
        call_seconds=5,
    )
    assert not server.enabled
    assert server.line == "uvx mcp-server-time"


@pytest.mark.parametrize("key", ["url", "httpUrl", "serverUrl"])
def test_an_address(key):
    server = parse_server("web", {key: "https://a.example/mcp", "type": "http", "enabled": True})
    assert (server.url, server.enabled, server.call_seconds) == (
        "https://a.example/mcp", True, CALL_SECONDS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "must be a JSON object"),
        ({}, 'needs either a "command" or a "url"'),
        ({"command": "x", "url": "http://x"}, 'needs either a "command" or a "url"'),
        ({"command": ["x"]}, '"command" must be a text'),
        ({"command": "x\0"}, '"command" must be a text'),
        ({"command": "x", "args": "y"}, '"args" must be a list of texts'),
        ({"command": "x", "args": [1]}, '"args" must be a list of texts'),
        ({"command": "x", "env": {"A": 1}}, '"env" must be an object of texts'),
        ({"command": "x", "enabled": "yes"}, '"enabled" must be true or false'),
        ({"command": "x", "call_seconds": 0}, '"call_seconds" must be a number of seconds'),
        ({"command": "x", "start_seconds": True}, '"start_seconds" must be a number of seconds'),
        ({"command": "x", "type": "http"}, "\"type\" 'http' does not fit a server with a command"),
        ({"url": "http://x", "type": "stdio"}, "\"type\" 'stdio' does not fit a server with a url"),
        ({"url": "http://x", "type": "sse"}, "speaks the old SSE"),
        ({"url": "file:///x"}, '"url" must begin with http:// or https://'),
    ],
)
def test_what_is_wrong_is_named(entry, words):
    with pytest.raises(BadArgumentError) as raised:
        parse_server("time", entry)
    assert str(raised.value).startswith(f"server 'time': {words}")


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a\nb", "x" * 65])
def test_names_that_do_not_do(name):
    with pytest.raises(BadArgumentError, match="cannot be named"):
        parse_server(name, TIME)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"env": {"GITHUB_TOKEN": "abc"}}, [("env", "GITHUB_TOKEN")]),
        ({"env": {"GITHUB_TOKEN": "${GITHUB_TOKEN}"}}, []),
        ({"env": {"GITHUB_TOKEN": ""}}, []),
        ({"env": {"REGION": "eu", "X": "ghp_abcdef"}}, [("env", "X")]),
        ({"args": ["--key", "sk-abcdef"]}, [("command", "")]),
        ({"args": ["--task", "ask-me"]}, []),
    ],
)
def test_secrets_in_plain_text_are_noticed(entry, found):
    assert list(plain_secrets(parse_server("x", {"command": "x", **entry}))) == found


def test_references():
    values = {"A": "1", "EMPTY": ""}.get
    assert expand("${A}-${env:A}-${B:-two}-${EMPTY:-x}-$A-${not a name}", values) == (
        "1-1-two--$A-${not a name}"
    )
    assert references(["${A} ${B:-x}", "${A}"]) == ["A", "B"]
    with pytest.raises(MissingValueError, match=r"^B is not set$"):
        expand("${B}", values)


@pytest.fixture
def file(tmp_path):
    return ServerFile(tmp_path / "settings" / "mcp.json")


def test_a_file_that_is_not_there_holds_nothing(file):
    assert file.servers() == []
    assert not file.path.exists()


def test_adding_enabling_and_removing(file):
    file.add("time", TIME)
    file.add("web", {"url": "http://x", "autoApprove": ["add"]})
    assert [server.enabled for server in file.servers()] == [False, False]
    assert file.enable("web").enabled
    assert [server.name for server in file.servers() if server.enabled] == ["web"]
    assert json.loads(file.path.read_bytes())["mcpServers"]["web"] == {
        "url": "http://x", "autoApprove": ["add"], "enabled": True,
    }  # fmt: skip
    assert not file.enable("web", False).enabled
    file.remove("time")
    assert [server.name for server in file.servers()] == ["web"]
    assert os.listdir(file.path.parent) == ["mcp.json"]  # noqa: PTH208 (names are what is wanted)


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Unix")
def test_only_its_owner_may_read_it(file):
    file.add("time", TIME)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_what_else_is_in_it_stays(file):
    file.path.parent.mkdir()
    file.path.write_text('{"theme": "dark", "mcpServers": {"old": {"command": 7}}}')
    file.add("time", TIME)
    whole = json.loads(file.path.read_bytes())
    assert whole["theme"] == "dark"
    assert whole["mcpServers"]["old"] == {"command": 7}
    file.remove("old")
    assert [server.name for server in file.servers()] == ["time"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"mcpServers": {\n  "a": {,}}}', ", line 2: "),
        ("[]", ': must be an object: {"mcpServers"'),
        ('{"mcpServers": []}', ': must be an object: {"mcpServers"'),
        ('{"mcpServers": {"a": {}}}', ": server 'a': needs either"),
    ],
)
def test_a_broken_file_is_named_and_kept(file, text, words):
    file.path.parent.mkdir()
    file.path.write_text(text)
    with pytest.raises(FormatError) as raised:
        file.servers()
    assert str(raised.value).startswith(str(file.path) + words)
    assert file.path.read_text() == text


@pytest.mark.parametrize("name", ["time", "Time"])
def test_a_name_is_given_once(file, name):
    file.add("time", TIME)
    with pytest.raises(BadArgumentError, match="there is a server 'time' already"):
        file.add(name, TIME)


def test_secrets_are_refused(file):
    with pytest.raises(BadArgumentError, match=r"env API_KEY seems to hold a secret; write \$"):
        file.add("x", {"command": "x", "env": {"API_KEY": "1234"}})
    assert file.servers() == []


def test_a_name_that_is_not_there(file):
    file.add("time", TIME)
    with pytest.raises(UnknownServerError, match="there is no server 'git': time"):
        file.server("git")
    with pytest.raises(UnknownServerError):
        file.remove("git")


# ------------------------------------------------------------------------------------- import


def test_import_enables_nothing_and_takes_no_secret(file, tmp_path):
    project = tmp_path / "project" / ".mcp.json"
    project.parent.mkdir()
    servers = {
        "time": {**TIME, "enabled": True},
        "hub": {"command": "hub", "env": {"HUB-TOKEN": "abc", "REGION": "eu"}, "cwd": "/"},
        "web": {
            "type": "http",
            "url": "https://x.example/mcp",
            "headers": {"Authorization": "Bearer abc", "X-Org": "${ORG}"},
        },
        "old": {"type": "sse", "url": "https://x.example/sse"},
        "leaky": {"command": "x", "args": ["sk-abc"]},
    }
    project.write_text(json.dumps({"mcpServers": servers}))
    done = {one.name: one for one in import_servers(file, project)}
    assert [name for name, one in done.items() if one.reason] == ["old", "leaky"]
    assert done["hub"].needs == ("HUB_TOKEN",)
    assert done["web"].needs == ("WEB_AUTHORIZATION", "ORG")
    added = {server.name: server for server in file.servers()}
    assert not any(server.enabled for server in added.values())
    assert added["hub"].env == {"HUB-TOKEN": "${HUB_TOKEN}", "REGION": "eu"}
    assert added["web"].headers["Authorization"] == "Bearer ${WEB_AUTHORIZATION}"
    assert (added["time"].cwd, added["hub"].cwd) == (str(project.parent), "/")
    assert b"abc" not in file.path.read_bytes()


def test_import_of_some(file, tmp_path):
    settings = tmp_path / "mcp.json"
    settings.write_text(json.dumps({"servers": {"a": TIME, "b": TIME}}))
    assert [one.name for one in import_servers(file, settings, ["b"])] == ["b"]
    with pytest.raises(BadArgumentError, match="has no server 'c': a, b"):
        import_servers(file, settings, ["c"])
    (again,) = import_servers(file, settings, ["b"])
    assert "already" in again.reason


def test_import_from_codex(file, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text(
        """
        model = "m"
        [mcp_servers.docs]
        url = "https://docs.example/mcp"
        bearer_token_env_var = "DOCS_TOKEN"
        env_http_headers = { X-Team = "TEAM" }
        tool_timeout_sec = 30
        [mcp_servers.time]
        command = "uvx"
        args = ["mcp-server-time"]
        """
    )
    docs, _ = import_servers(file, settings)
    assert docs.needs == ("DOCS_TOKEN", "TEAM")
    server = file.server("docs")
    assert server.headers == {"Authorization": "Bearer ${DOCS_TOKEN}", "X-Team": "${TEAM}"}
    assert server.call_seconds == 30


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (".mcp.json", "{", ", line 1: "),
        (".mcp.json", "{}", ': holds no "mcpServers" object'),
        ("config.toml", "= 1", ": "),
    ],
)
def test_what_cannot_be_imported_is_named(file, tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FormatError) as raised:
        import_servers(file, path)
    assert str(raised.value).startswith(f"{path}{words}")
