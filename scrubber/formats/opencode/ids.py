"""Ids as OpenCode makes them: they sort by age, and it goes by that order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PER_MS = 0x1000
_MASK = (1 << 48) - 1


class Ids:
    """The ids of one new session; those of messages and parts rise, and are older than now."""

    def __init__(self, seed: UUID, now_ms: int, count: int, session: str | None = None) -> None:
        """``count``: how many messages and parts there will be, at most."""
        self._seed = seed
        self._next = now_ms * _PER_MS - count - _PER_MS
        fresh = f"ses_{~(now_ms * _PER_MS) & _MASK:012x}{self._tail('session')}"
        self.session = session or fresh
        """Sessions sort the other way round: the newest comes first."""

    def message(self) -> str:
        """The id of the next message."""
        return self._id("msg")

    def part(self) -> str:
        """The id of the next part."""
        return self._id("prt")

    def _id(self, prefix: str) -> str:
        self._next += 1
        return f"{prefix}_{self._next & _MASK:012x}{self._tail(str(self._next))}"

    def _tail(self, word: str) -> str:
        digest = hashlib.blake2b(word.encode(), key=self._seed.bytes, digest_size=14).digest()
        return "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest)
