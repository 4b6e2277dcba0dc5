"""Servers to talk to: an odd one of our own, and the real ones that the set-up has installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.live.mcp.toolbox import McpToolbox
from scrubber.live.servers import Server, parse_server
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

INSTALLED = REPOSITORY / ".venv" / "servers"
OUTER_PYTHON = getattr(sys, "_base_executable", sys.executable)
"""Not of the environment that the tests run in, in which no server may run."""


def odd(*how: str, name: str = "odd", **entry: Any) -> Server:
    """The odd server, misbehaving in these ways."""
    script = str(Path(__file__).with_name("odd_server.py"))
    words = {"command": OUTER_PYTHON, "args": ["-u", script, *how], "enabled": True}
    return parse_server(name, {**words, **entry})


@pytest.fixture
def using(tmp_path: Path) -> Callable[..., Any]:
    """using(work, server, …): what work(toolbox) gives, run in a loop of its own."""

    def run(work: Callable[[McpToolbox], Awaitable[Any]], *servers: Server, **kwargs: Any) -> Any:
        async def main() -> Any:
            toolbox = McpToolbox(servers, tmp_path / "logs", **kwargs)
            try:
                return await work(toolbox)
            finally:
                await toolbox.close()

        return asyncio.run(main())

    return run


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that only waits to be buried has."""
    stat = Path(f"/proc/{process}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until_gone(process: int, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not is_gone(process):
        assert time.monotonic() < end, f"process {process} is still there"
        time.sleep(0.02)


async def seconds_to_cancel(work: Coroutine[Any, Any, Any], after: float) -> float:
    """How long it takes until a cancelled work lets go; it must not have ended before."""
    task = asyncio.create_task(work)
    await asyncio.sleep(after)
    start = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    return time.monotonic() - start


@pytest.fixture
def installed() -> Callable[[str], str]:
    """installed("mcp-server-time"): the path of a server; skips where it is not."""

    def path(name: str) -> str:
        if name == "mcp-server-filesystem":
            found = INSTALLED / "node" / "node_modules" / ".bin" / name
            if not (found.exists() and shutil.which("node")):
                pytest.skip("packaging/others.sh installs this server only where npm is")
        else:
            found = INSTALLED / "bin" / name
            if not found.exists():
                reason = f"{found} is not there: packaging/others.sh installs it"
                pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        return str(found)

    return path


@pytest.fixture(scope="module")
def loopback() -> Iterator[str]:
    """The address of an MCP server that is spoken to over HTTP."""
    script = Path(__file__).with_name("http_server.py")
    with started_http(script) as (address, _):
        yield address


class started_http:  # noqa: N801 (used like a function)
    def __init__(self, script: Path) -> None:
        self._script = script

    def __enter__(self) -> tuple[str, subprocess.Popen[str]]:
        words = [sys.executable, str(self._script)]
        self._process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout
        return f"http://127.0.0.1:{int(self._process.stdout.readline())}/mcp", self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
