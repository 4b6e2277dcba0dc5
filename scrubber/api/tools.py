"""MCP servers, whose tools branches may use: added, enabled, tried. None of it needs a store.

from scrubber.api import tools

tools.add("time", {"command": "uvx", "args": ["mcp-server-time"]})
tools.enable("time")
box = tools.toolbox()  # for continue_branch(…, toolbox=box)
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.live import keys
from scrubber.live.mcp.errors import ServerError
from scrubber.live.mcp.toolbox import McpToolbox
from scrubber.live.references import check_name
from scrubber.live.server_file import ServerFile
from scrubber.live.server_import import ImportedServer, import_servers

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable

    from scrubber.core.content import JSON
    from scrubber.live.desk import Answer
    from scrubber.live.mcp.offers import Greeting, Offer
    from scrubber.live.servers import Server


@dataclass(frozen=True, slots=True)
class Trial:
    """How a server answered to being started, once."""

    server: Server
    seconds: float
    """From its start to the list of its tools."""
    greeting: Greeting | None
    """What it says about itself and its tools; None if it could not be used."""
    error: str
    """Why it could not be used; empty if it could."""
    offers: tuple[tuple[str, Offer], ...]
    """Its tools, each with its full name."""


def servers() -> list[Server]:
    """The servers that were added, enabled or not; a FormatError names what is wrong with them."""
    return ServerFile().servers()


def file() -> Path:
    """Where they are kept."""
    return ServerFile().path


def add(name: str, entry: JSON) -> Server:
    """Add a server, an entry of an ``mcpServers`` object; a BadArgumentError says what is wrong."""
    return ServerFile().add(name, entry)


def remove(name: str) -> None:
    """Forget a server; an UnknownServerError, a LookupError, says which there are."""
    ServerFile().remove(name)


def enable(name: str, enabled: bool = True) -> Server:
    """Let branches use a server, or not any more."""
    return ServerFile().enable(name, enabled)


def import_file(path: str | os.PathLike[str], names: Collection[str] = ()) -> list[ImportedServer]:
    """Add the servers of another program's settings (``.mcp.json`` and the like), none enabled."""
    return import_servers(ServerFile(), Path(path), names)


def store_key(name: str, value: str) -> None:
    """Put a secret into the system's key ring, where ``${NAME}`` in a server's settings finds it.

    A variable of this name in the environment goes before it. A BadArgumentError says what is wrong
    with the name or the value, a ScrubberError that there is no key ring.
    """
    check_name(name)
    keys.store(name, value)


def forget_key(name: str) -> bool:
    """Take a secret out of the key ring; whether there was one."""
    return keys.forget(name)


def toolbox(chosen: Iterable[Server] | None = None) -> McpToolbox:
    """The tools of these servers, or of all, as far as they are enabled; starts nothing yet.

    Whoever makes one has to ``await`` its ``close()``.
    """
    return McpToolbox(servers() if chosen is None else chosen)


async def test(name: str) -> Trial:
    """Start a server, enabled or not, ask for its tools, and stop it."""
    server = replace(ServerFile().server(name), enabled=True)
    box, began = toolbox([server]), time.monotonic()
    greeting, error = None, ""
    try:
        greeting = await box.greeting(name)
    except ServerError as failure:
        error = str(failure)
    finally:
        seconds = time.monotonic() - began
        await box.close()
    return Trial(server, seconds, greeting, error, box.offers)


async def call(name: str, arguments: JSON) -> Answer:
    """Call a tool of an enabled server, as a branch would; what fails is told in the answer."""
    box = toolbox()
    try:
        return await box.call(name, arguments)
    finally:
        await box.close()
