"""harn's event log: a file beside the store with a line for everything that happens in a session.

Switched on by ``HARN_EVENT_LOG_DIR``. A line is ``{"index", "emitted_at_ms", "frame_depth": null,
"type", "session_id", …}``; the index counts from 0 and goes on through all parts of the log:
``event_log-<id>.jsonl``, then ``event_log-<id>-000001.jsonl``, each begun when the one before has
100 MiB. Unlike harn's, it holds the messages, lasts as long as the session is open, and a line is
written at once, whole.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from scrubber.formats.harn.events import envelope
from scrubber.sessions.file_names import file_name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.formats.harn.events import AgentEvent


VARIABLE = "HARN_EVENT_LOG_DIR"
ROTATE_BYTES = 100 * 1024 * 1024

_log = logging.getLogger(__name__)


def folder() -> Path | None:
    """Where logs are kept, None if none are."""
    given = os.environ.get(VARIABLE)
    return Path(given) if given else None


class EventLog:
    """The log of one session, begun anew. Holds no file open; one that breaks is given up, once."""

    def __init__(self, folder: Path, session: str, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._base = folder / f"event_log-{file_name_of(session)}.jsonl"
        self._session = session
        self._rotate_bytes = rotate_bytes
        self._index = self._part = 0
        self._lock = threading.Lock()
        self.is_broken = False
        self._try(self._begin)

    @property
    def path(self) -> Path:
        """The file that is written to now."""
        if not self._part:
            return self._base
        return self._base.with_name(f"{self._base.stem}-{self._part:06d}.jsonl")

    def write(self, event: AgentEvent) -> None:
        """Add an event; never raises."""
        with self._lock:
            if not self.is_broken:
                self._try(lambda: self._write(event))

    def _begin(self) -> None:
        """An empty file in the place of a former log, whose writer may still have that open."""
        self._base.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._base.with_name(f".{self._base.name}.{uuid.uuid4().hex}.new")
        fresh.touch(mode=0o600)
        fresh.replace(self._base)
        for part in self._base.parent.glob(f"{self._base.stem}-{'[0-9]' * 6}.jsonl"):
            part.unlink(missing_ok=True)

    def _write(self, event: AgentEvent) -> None:
        told = envelope(self._index, time.time_ns() // 1_000_000, self._session, event)
        line = orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS) + b"\n"
        with self.path.open("ab", buffering=0) as file:
            file.write(line)
            is_full = file.tell() >= self._rotate_bytes
        self._index += 1
        self._part += is_full

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, TypeError, ValueError) as error:
            self.is_broken = True
            _log.warning("session %s: its event log was given up: %s", self._session, error)
