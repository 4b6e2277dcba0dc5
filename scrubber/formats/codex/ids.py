"""Session ids as Codex makes them, and what else a new rollout is called by."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from scrubber.core.transcript import Transcript

_NAMESPACE = UUID("0c3df6a1-58c3-4a8e-9a66-54c8b06cf2b1")


def random_id(transcript: Transcript) -> UUID:
    """A session id that no other export has: a UUID of version 7, of this moment."""
    return _version_7(int(time.time() * 1000), secrets.token_bytes(10))


def derived_id(transcript: Transcript) -> UUID:
    """The same session id for the same session and index."""
    name = uuid5(_NAMESPACE, f"{transcript.session.id} {transcript.index}")
    return _version_7(transcript.session.created, name.bytes)


def _version_7(ms: int, rest: bytes) -> UUID:
    head = (max(ms, 0) & (1 << 48) - 1).to_bytes(6, "big")
    value = int.from_bytes(head + rest[:10], "big")
    value = value & ~(0xF << 76) | 7 << 76  # the version
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)  # the variant


def moment_of(id: UUID) -> int:
    """The time in such an id, in milliseconds since 1970."""
    return id.int >> 80


def stamp(ms: int) -> str:
    """A time as lines have it."""
    when = datetime.fromtimestamp(ms / 1000, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def file_name(id: UUID) -> str:
    """The name of a rollout, without which Codex does not find it; its time is local."""
    when = datetime.fromtimestamp(moment_of(id) / 1000)
    return f"{when:%Y/%m/%d}/rollout-{when:%Y-%m-%dT%H-%M-%S}-{id}.jsonl"
