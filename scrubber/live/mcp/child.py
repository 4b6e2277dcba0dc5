"""A server's process: started, written to and read from, and never left behind.

The SDK has a transport for this, too. This one tells how the process ended, bounds what it may
write, keeps its stderr out of the way, and stops within seconds whatever the process does.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING, Self

from scrubber.live.mcp.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrubber.live.mcp.environment import Launch
    from scrubber.live.mcp.server_log import ServerLog

LONGEST_MESSAGE = 32 * 1024 * 1024
"""Bytes of one line; a server that writes more without an end of line is stopped."""
GRACE = 1.0
"""Seconds to end by itself once its stdin is closed, and again once it was asked to."""
_SETTLE = 0.5
_STEP = 0.01
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

_running: set[int] = set()
"""Process groups that are still to be stopped."""


class Child:
    """One process. ``lines`` and ``write`` may be used by one task each."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, process: Process, log: ServerLog
    ) -> None:
        self._transport = transport
        self._process = process
        self._log = log
        self._stderr = asyncio.create_task(self._keep_stderr(), name="server's stderr")

    @classmethod
    async def start(cls, launch: Launch, log: ServerLog) -> Self:
        """Start a process in a group of its own; a ServerError says why it cannot be."""
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.subprocess_exec(
                lambda: asyncio.subprocess.SubprocessStreamProtocol(LONGEST_MESSAGE, loop),
                *launch.words,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=launch.env,
                cwd=launch.cwd,
                start_new_session=sys.platform != "win32",
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ServerError(f"{launch.words[0]} could not be started: {reason}") from None
        _running.add(transport.get_pid())
        return cls(transport, Process(transport, protocol, loop), log)

    async def lines(self) -> AsyncIterator[bytes]:
        """What it writes to its stdout, line by line, until it ends; a ServerError if too much."""
        assert self._process.stdout
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:
                raise ServerError(f"it wrote {LONGEST_MESSAGE:,} bytes on one line") from None
            except OSError:
                return
            if not line:
                return
            yield line

    async def write(self, data: bytes) -> None:
        """Write to its stdin; an OSError if it does not read any more."""
        assert self._process.stdin
        self._process.stdin.write(data)
        await self._process.stdin.drain()

    async def fate(self) -> str:
        """How it ended, in words; waits a moment for a process that has just closed its stdout."""
        await self._until(self._has_ended, _SETTLE)
        status = self._process.returncode
        if status is None:
            return "it closed its stdout"
        return (
            f"it was ended by signal {-status}" if status < 0 else f"it ended with status {status}"
        )

    async def stop(self) -> None:
        """Let it end, ask it to, and make it, with whatever it started."""
        assert self._process.stdin
        self._process.stdin.close()
        await self._until(self._has_ended, GRACE)
        if not self._is_gone():  # what it has started may still be there
            _signal(self._process.pid, signal.SIGTERM)
            if not await self._until(self._is_gone, GRACE):
                _signal(self._process.pid, _KILL)
                await self._until(self._has_ended, GRACE)
        _running.discard(self._process.pid)
        await self._close()

    def _has_ended(self) -> bool:
        """Not ``wait``: that waits for the pipes as well, which others may hold."""
        return self._process.returncode is not None

    def _is_gone(self) -> bool:
        """Whether nobody of its group is left."""
        if not self._has_ended():
            return False
        if sys.platform == "win32":
            return True
        try:
            os.killpg(self._process.pid, 0)
        except OSError:
            return True
        return False

    async def _until(self, happened: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(_STEP)
        return True

    async def _close(self) -> None:
        """Let go of the pipes, which something that got away may hold open."""
        await asyncio.wait({self._stderr}, timeout=_SETTLE)
        self._stderr.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._stderr
        self._transport.close()
        self._log.note(await self.fate())
        self._log.close()

    async def _keep_stderr(self) -> None:
        assert self._process.stderr
        with contextlib.suppress(OSError):
            while data := await self._process.stderr.read(65_536):
                self._log.write(data)


def _signal(process: int, number: int) -> None:
    if sys.platform == "win32":  # ends the whole tree, and there is no milder way
        words = ["taskkill", "/F", "/T", "/PID", str(process)]
        subprocess.run(words, capture_output=True, check=False)
        return
    with contextlib.suppress(OSError):
        os.killpg(process, number)


@atexit.register
def _stop_all() -> None:
    """The program ends without having stopped its servers."""
    for process in list(_running):
        _signal(process, _KILL)
