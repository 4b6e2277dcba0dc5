"""Ids, time and tokens of the sample: everything that counts."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

Record = dict[str, Any]

START = datetime(2026, 5, 18, 16, 41, 7, 318000, tzinfo=UTC)

SYSTEM_PROMPT = 13_900
"""Tokens of the instructions and tool descriptions that come before everything else."""
CHARACTERS_PER_TOKEN = 3.6
CACHE_LIFETIME = timedelta(hours=1)
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Ids:
    """Ids of every shape, the same in every run."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.used = 0

    def digest(self) -> bytes:
        self.used += 1
        return hashlib.sha256(f"{self.seed}:{self.used}".encode()).digest()

    def uuid(self) -> str:
        return str(UUID(bytes=self.digest()[:16], version=4))

    def token(self, prefix: str, length: int) -> str:
        letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in self.digest())
        return prefix + letters[: length - len(prefix)]

    def signature(self, text: str) -> str:
        """Stands for a reasoning signature: the right look, and of no value to anybody."""
        size = 180 + len(text) // 2
        noise = b"".join(self.digest() for _ in range(size // 32 + 1))[:size]
        return base64.b64encode(b"\x12" + noise).decode()


@dataclass
class Clock:
    """The story's time; it never stands still."""

    now: datetime = START
    ticks: int = 0

    def tick(self, seconds: float) -> str:
        self.ticks += 1
        self.now += timedelta(seconds=seconds, milliseconds=1 + self.ticks * 37 % 91)
        return stamp(self.now)


def stamp(moment: datetime) -> str:
    """A time as JavaScript writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


@dataclass
class Meter:
    """Counts the context, and what of it the cache still holds."""

    heft: float
    """The story's texts stand for longer ones; its tokens count so many times."""
    held: int = SYSTEM_PROMPT
    cached: int = 0
    last: datetime = field(default_factory=lambda: START - 2 * CACHE_LIFETIME)

    def add(self, text: str) -> int:
        tokens = round(len(text) / CHARACTERS_PER_TOKEN * self.heft)
        self.held += tokens
        return tokens

    def request(self, now: datetime, output: int) -> Record:
        """The usage of a request made now; the whole context is in the cache afterwards."""
        read = self.cached if now - self.last < CACHE_LIFETIME else 0
        fresh = 2 + self.held % 7
        usage = usage_of(fresh, self.held - read - fresh, read, output)
        self.cached, self.last = self.held - fresh, now
        return usage

    def compact(self) -> None:
        """Nothing but the instructions is left."""
        self.held = self.cached = SYSTEM_PROMPT


def usage_of(fresh: int, created: int, read: int, output: int) -> Record:
    """What the server says it counted."""
    return {
        "input_tokens": fresh,
        "cache_creation_input_tokens": created,
        "cache_read_input_tokens": read,
        "output_tokens": output,
        "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
        "service_tier": "standard",
        "cache_creation": {"ephemeral_1h_input_tokens": created, "ephemeral_5m_input_tokens": 0},
        "inference_geo": "",
        "iterations": [],
        "speed": "standard",
    }
