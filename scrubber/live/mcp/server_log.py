"""What a server says beside the protocol, in a file that stays small."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 512 * 1024
"""Bytes of a file; one older file is kept beside it."""
_TAIL = 4096


class ServerLog:
    """A server's log. A file that cannot be written costs only the log."""

    def __init__(self, folder: Path, server: str) -> None:
        name = re.sub(r"[^\w.-]", "_", server, flags=re.ASCII)
        self.path = folder / f"mcp-{name}.log"
        self._file: BinaryIO | None = None
        self._size = 0
        self._tail = b""

    def write(self, data: bytes) -> None:
        """Keep what the server wrote to its stderr."""
        self._tail = (self._tail + data[-_TAIL:])[-_TAIL:]
        self._write(data)

    def note(self, text: str) -> None:
        """Keep a line of ours about it, with the time."""
        now = datetime.now().isoformat(sep=" ", timespec="seconds")
        self._write(f"--- {now} {text}\n".encode(errors="backslashreplace"))

    def last_words(self) -> str:
        """The last line that the server wrote to its stderr; empty if it wrote none."""
        lines = [line.strip() for line in self._tail.decode(errors="replace").splitlines()]
        return next((line[-300:] for line in reversed(lines) if line), "")

    def begin(self) -> None:
        """The server starts anew: what it said before are not its last words."""
        self._tail = b""
        self.note("started")

    def close(self) -> None:
        """Let go of the file; it is opened again if there is more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, data: bytes) -> None:
        try:
            if self._file is None or self._size > LIMIT:
                self._open()
            assert self._file is not None
            self._size += self._file.write(data[-LIMIT:])
        except OSError:
            self.close()

    def _open(self) -> None:
        self.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and self.path.stat().st_size > LIMIT:
            self.path.replace(self.path.with_suffix(".log.1"))
        number = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file = os.fdopen(number, "ab", buffering=0)
        self._size = self.path.stat().st_size
