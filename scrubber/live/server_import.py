"""MCP servers from the settings of other programs: ``.mcp.json`` and what is like it.

``{"mcpServers": …}`` (Claude Code, Claude Desktop, Cursor, Gemini CLI, …), ``{"servers": …}``
(VS Code), and ``[mcp_servers.NAME]`` in the TOML of Codex. No secret is taken over: in its place
comes a reference, and the user is told which name to set.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.live.references import references
from scrubber.live.servers import parse_server, plain_secrets

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from scrubber.live.server_file import ServerFile

_OBJECTS = ("mcpServers", "servers", "mcp_servers")
_FOREIGN = ("enabled", "disabled", "timeout")
"""Switches of the other program: what is imported is not enabled."""
_CODEX = {
    "http_headers": "headers",
    "startup_timeout_sec": "start_seconds",
    "tool_timeout_sec": "call_seconds",
}


@dataclass(frozen=True, slots=True)
class ImportedServer:
    """What became of one server of the file."""

    name: str
    reason: str = ""
    """Why it was not added; empty if it was."""
    needs: tuple[str, ...] = ()
    """The names that must be set, in the environment or the key ring, before it can run."""


def import_servers(
    file: ServerFile, path: Path, names: Collection[str] = ()
) -> list[ImportedServer]:
    """Add the servers of another program's settings, or those of these names; none is enabled.

    A FormatError says why the file cannot be read; a BadArgumentError which name is not in it.
    """
    found = entries_of(path)
    if unknown := [name for name in names if name not in found]:
        raise BadArgumentError(f"{path} has no server {unknown[0]!r}: {', '.join(found)}")
    return [_add(file, name, found[name], path) for name in names or found]


def entries_of(path: Path) -> dict[str, Any]:
    """The JSON of each server in the settings of another program."""
    whole = _load(path)
    for key in _OBJECTS:
        if isinstance(whole, dict) and isinstance(whole.get(key), dict):
            return dict(whole[key])
    raise FormatError(f'{path}: holds no "mcpServers" object')


def _load(path: Path) -> Any:
    data = path.read_bytes()
    try:
        return tomllib.loads(data.decode()) if path.suffix == ".toml" else orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{path}, line {error.lineno}: {error.msg}") from None
    except ValueError as error:  # TOML that is none, or no UTF-8
        raise FormatError(f"{path}: {error}") from None


def _add(file: ServerFile, name: str, entry: Any, path: Path) -> ImportedServer:
    try:
        clean = _without_secrets(name, _translated(entry, path))
        server = file.add(name, clean)
    except BadArgumentError as error:
        return ImportedServer(name, str(error))
    texts = (server.url, *server.args, *server.env.values(), *server.headers.values())
    return ImportedServer(name, needs=tuple(references(texts)))


def _translated(entry: Any, path: Path) -> Any:
    if not isinstance(entry, dict):
        return entry
    entry = {_CODEX.get(key, key): value for key, value in entry.items() if key not in _FOREIGN}
    variables = entry.pop("env_http_headers", None) or {}
    if bearer := entry.pop("bearer_token_env_var", None):
        entry["headers"] = {**entry.get("headers", {}), "Authorization": f"Bearer ${{{bearer}}}"}
    if isinstance(variables, dict) and variables:
        added = {header: f"${{{variable}}}" for header, variable in variables.items()}
        entry["headers"] = {**entry.get("headers", {}), **added}
    if path.name == ".mcp.json" and entry.get("command"):  # a project's: runs in its folder
        entry.setdefault("cwd", str(path.absolute().parent))
    return entry


def _without_secrets(name: str, entry: Any) -> Any:
    for part, key in list(plain_secrets(parse_server(name, entry))):
        if not key:
            continue  # in a command or an address: adding it will say so
        scheme = re.match(r"(Bearer|Basic|Token) ", entry[part][key], re.IGNORECASE)
        variable = re.sub(r"\W", "_", key if part == "env" else f"{name}_{key}", flags=re.ASCII)
        value = f"{scheme[0] if scheme else ''}${{{variable.upper()}}}"
        entry = {**entry, part: {**entry[part], key: value}}
    return entry
