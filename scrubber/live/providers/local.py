"""GGUF files that this program runs: a server for each, started when it is first asked.

In a process of its own, as a crash in native code must not take the window along; on this
machine's own address, behind a key that nobody else has.
"""

from __future__ import annotations

import atexit
import json
import secrets
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import one_line
from scrubber.live.errors import ProviderError
from scrubber.live.keys import Key

if TYPE_CHECKING:
    from scrubber.live.endpoints import Endpoint

CONTEXT = 16_384
"""Tokens for which there is room where the user does not say: what a laptop can hold."""

SIBLINGS = 4
"""Requests answered side by side."""

IDLE_S = 900
"""After so long without a request a model leaves the memory, until the next."""

_PROGRAM = "scrubber.live.providers.local_server"
_TOLD = 4
_PROPS_S = 5.0


class LocalServer:
    """A running file."""

    def __init__(self, endpoint: Endpoint, threads: int | None = None) -> None:
        """Start it and wait until it is loaded; a ProviderError says why it cannot be.

        ``threads``: None for as many as llama.cpp finds right.
        """
        self._threads = threads
        if find_spec("xllamacpp") is None:
            raise ProviderError("A file is run by xllamacpp: pip install 'scrubber[local]'")
        self.key = Key(secrets.token_urlsafe(24), "made by this program")
        self._log: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115, closed in stop
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        try:
            self.url = self._wait(endpoint) + "/v1"
            self.window = self._ask_for_window()
        except BaseException:
            self.stop()
            raise

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End its process; a second call does nothing."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait(self, endpoint: Endpoint) -> str:
        wanted = {
            "file": endpoint.file,
            "model": endpoint.model,
            "key": self.key.value,
            "context": endpoint.window or CONTEXT,
            "parallel": SIBLINGS,
            "threads": self._threads,
            "idle_seconds": IDLE_S,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
            self._process.stdin.flush()
            said = json.loads(self._process.stdout.readline() or b"{}")
        except (OSError, ValueError):
            said = {}
        if "url" not in said:
            raise ProviderError(f"{endpoint.file} cannot be run: {self._why(said.get('error'))}")
        return str(said["url"])

    def _ask_for_window(self) -> int | None:
        """Tokens for which it has found room."""
        from scrubber.live.providers.transport import plain_client

        url = self.url.removesuffix("/v1") + "/props"
        with plain_client(url, _PROPS_S) as http:
            told = http.get(url, headers={"authorization": f"Bearer {self.key.value}"})
            try:
                return int(told.json()["default_generation_settings"]["n_ctx"])
            except (ValueError, KeyError, TypeError):
                return None

    def _why(self, error: str | None) -> str:
        """The last of what it had to say."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").splitlines()
        telling = [line for line in lines if " E " in line or "error" in line.lower()] or lines
        told = "; ".join(one_line(line) for line in telling[-_TOLD:])
        return "; ".join(filter(None, (error, told))) or f"it ended ({self._process.poll()})"


_servers: dict[tuple[str, int | None], LocalServer] = {}
_locks: defaultdict[str, Lock] = defaultdict(Lock)


def server_of(endpoint: Endpoint) -> LocalServer:
    """The server of a file, started if it is not running: that may take minutes."""
    with _locks[endpoint.file]:
        wanted = endpoint.file, endpoint.window
        server = _servers.get(wanted)
        if server is None or not server.is_running:
            if server is not None:
                server.stop()
            server = _servers[wanted] = LocalServer(endpoint)
        return server


def window_of(endpoint: Endpoint) -> int:
    """Tokens for which a file has room, or will have at most."""
    server = _servers.get((endpoint.file, endpoint.window))
    return (server.window if server else None) or endpoint.window or CONTEXT


@atexit.register
def stop_all() -> None:
    """End all of them: they would end with this program anyway, but not as soon."""
    while _servers:
        _servers.popitem()[1].stop()
