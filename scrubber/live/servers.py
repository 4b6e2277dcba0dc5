"""MCP servers, whose tools branches may use: what is known of one, and the JSON that tells it.

The JSON is an entry of the well-known ``mcpServers`` object, so that people can paste what they
have in ``.mcp.json`` or in the settings of another program: ``command``, ``args``, ``env``,
``cwd``, or ``url``, ``headers``. Ours are ``enabled``, ``start_seconds`` and ``call_seconds``.
Other keys are kept in the file and not used.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrubber.core.content import JSON

START_SECONDS = 60.0
"""``uvx`` and ``npx`` may have to fetch the server first."""
CALL_SECONDS = 120.0

_URLS = ("url", "httpUrl", "serverUrl")  # the last two: Gemini CLI, Windsurf
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,64}")
_SECRET_NAME = re.compile(
    r"token|secret|passw|credential|authorization|cookie|(api|access|private)[-_]?key",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"\b(sk-|ghp_|gho_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|hf_|lin_api_)\w"
)


@dataclass(frozen=True, slots=True)
class Server:
    """One server, as the user has added it. Values may hold references such as ``${NAME}``."""

    name: str
    enabled: bool = False
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""
    """Empty: the user's home."""
    url: str = ""
    """Of a server that is spoken to by streamable HTTP; such a one has no command."""
    headers: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = START_SECONDS
    call_seconds: float = CALL_SECONDS

    @property
    def line(self) -> str:
        """How it is reached, on one line: its command or its address."""
        return self.url or shlex.join((self.command, *self.args))


def parse_server(name: str, entry: JSON) -> Server:
    """A server from its JSON; a BadArgumentError names the server and what is wrong."""
    if not _NAME.fullmatch(name):
        raise BadArgumentError(
            f"a server cannot be named {name!r}: use at most 64 characters, none of them / or \\"
        )
    if not isinstance(entry, dict):
        raise _bad(name, "must be a JSON object")
    url = next((_text(name, entry, key) for key in _URLS if entry.get(key)), "")
    command = _text(name, entry, "command")
    _check_way(name, entry, command, url)
    return Server(
        name,
        _flag(name, entry, "enabled"),
        command,
        _texts(name, entry, "args"),
        _mapping(name, entry, "env"),
        _text(name, entry, "cwd"),
        url,
        _mapping(name, entry, "headers"),
        _seconds(name, entry, "start_seconds", START_SECONDS),
        _seconds(name, entry, "call_seconds", CALL_SECONDS),
    )


def plain_secrets(server: Server) -> Iterator[tuple[str, str]]:
    """Where a server's JSON seems to hold a secret itself instead of a reference to it.

    As (``env`` or ``headers``, name of the variable or header), or (``command`` or ``url``, "").
    """
    for part, values in (("env", server.env), ("headers", server.headers)):
        for key, value in values.items():
            named = _SECRET_NAME.search(key) and value.strip()
            if "${" not in value and (named or _SECRET_VALUE.search(value)):
                yield part, key
    if _SECRET_VALUE.search(server.line):
        yield "url" if server.url else "command", ""


def _check_way(name: str, entry: dict[str, Any], command: str, url: str) -> None:
    if bool(command) == bool(url):
        raise _bad(name, 'needs either a "command" or a "url"')
    if url and not re.match(r"https?://[^/]|\$\{", url):
        raise _bad(name, f'"url" must begin with http:// or https://, not {url!r}')
    kind = entry.get("type", entry.get("transport"))
    if kind == "sse":
        raise _bad(
            name,
            "speaks the old SSE; most such servers have a streamable HTTP address, often …/mcp",
        )
    known = ("http", "streamable-http", "streamableHttp", "streamable_http") if url else ("stdio",)
    if kind is not None and kind not in known:
        raise _bad(
            name, f'"type" {kind!r} does not fit a server with a {"url" if url else "command"}'
        )


def _text(name: str, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is not None and (not isinstance(value, str) or "\0" in value):
        raise _bad(name, f'"{key}" must be a text')
    return value or ""


def _texts(name: str, entry: dict[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _bad(name, f'"{key}" must be a list of texts')
    return tuple(value)


def _mapping(name: str, entry: dict[str, Any], key: str) -> dict[str, str]:
    value = entry.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise _bad(name, f'"{key}" must be an object of texts')
    return dict(value)


def _flag(name: str, entry: dict[str, Any], key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise _bad(name, f'"{key}" must be true or false')
    return value


def _seconds(name: str, entry: dict[str, Any], key: str, usual: float) -> float:
    value = entry.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 86_400:
        raise _bad(name, f'"{key}" must be a number of seconds, at most a day')
    return float(value)


def _bad(name: str, what: str) -> BadArgumentError:
    return BadArgumentError(f"server {name!r}: {what}")
