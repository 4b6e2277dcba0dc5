"""The file with the MCP servers that the user has added: an ``mcpServers`` object to paste into.

``mcp.json`` in the folder of the program's settings. What is not known here stays in it as it is.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, FormatError, ScrubberError
from scrubber.live.servers import Server, parse_server, plain_secrets
from scrubber.places import config_folder

if TYPE_CHECKING:
    from scrubber.core.content import JSON

KEY = "mcpServers"


class UnknownServerError(ScrubberError, LookupError):
    """No server has this name."""


class ServerFile:
    """Reads and changes the file; each change is whole or not at all."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "mcp.json"

    def servers(self) -> list[Server]:
        """All servers, in the file's order; a FormatError names the file and what is wrong."""
        try:
            return [parse_server(name, entry) for name, entry in self.entries().items()]
        except BadArgumentError as error:
            raise FormatError(f"{self.path}: {error}") from None

    def server(self, name: str) -> Server:
        """One of them; an UnknownServerError says which there are."""
        return parse_server(name, self._existing(self.entries(), name))

    def entries(self) -> dict[str, JSON]:
        """The JSON of each server, unchecked."""
        found: dict[str, JSON] = self._whole()[KEY]
        return found

    def add(self, name: str, entry: JSON) -> Server:
        """Add a server; a BadArgumentError says what does not do, or that the name is taken."""
        server = parse_server(name, entry)
        refuse_secrets(server)
        whole = self._whole()
        taken = {tool_prefix(other): other for other in whole[KEY]}
        if other := taken.get(tool_prefix(name)):
            raise BadArgumentError(f"there is a server {other!r} already; remove it first")
        whole[KEY][name] = entry
        self._write(whole)
        return server

    def remove(self, name: str) -> None:
        """Forget a server."""
        whole = self._whole()
        self._existing(whole[KEY], name)
        del whole[KEY][name]
        self._write(whole)

    def enable(self, name: str, enabled: bool = True) -> Server:
        """Let branches use a server, or not any more."""
        whole = self._whole()
        entry = self._existing(whole[KEY], name)
        parse_server(name, entry)  # what is wrong with it is said before it is needed
        entry["enabled"] = enabled
        self._write(whole)
        return parse_server(name, entry)

    def _whole(self) -> dict[str, Any]:
        try:
            whole = orjson.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {KEY: {}}
        except orjson.JSONDecodeError as error:
            raise FormatError(f"{self.path}, line {error.lineno}: {error.msg}") from None
        if not isinstance(whole, dict) or not isinstance(whole.setdefault(KEY, {}), dict):
            raise FormatError(f'{self.path}: must be an object: {{"{KEY}": {{NAME: …}}}}')
        return whole

    def _existing(self, entries: dict[str, Any], name: str) -> Any:
        if name in entries:
            return entries[name]
        known = ", ".join(entries) or "none is added yet"
        raise UnknownServerError(f"there is no server {name!r}: {known}")

    def _write(self, whole: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=".mcp-", dir=self.path.parent)  # readable by us only
        try:
            with os.fdopen(number, "wb") as file:
                file.write(orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n")
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def refuse_secrets(server: Server) -> None:
    """A BadArgumentError if the server's JSON seems to hold a secret itself."""
    for part, key in plain_secrets(server):
        where = f"{part} {key}" if key else part
        raise BadArgumentError(
            f"server {server.name!r}: {where} seems to hold a secret; write ${{NAME}} in its place "
            "and the secret into the environment or the key ring (`scrubber tools key NAME`)"
        )


def tool_prefix(name: str) -> str:
    """What a server's name becomes in the names of its tools, case aside."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name).lower()
