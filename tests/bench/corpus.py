"""Claude-Code-like sessions, the same bytes for the same arguments.

The mix and the sizes of the records are those of real sessions of 2025 and 2026: most bytes are in
tool results, most records in progress reports and calls. No word of it is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Record = dict[str, Any]

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MODEL = "claude-opus-4-5-20251101"
_TEXT_LENGTH = 2_000_000


@cache
def _text() -> str:
    """A long text of made-up words, some much more frequent than others."""
    random = Random("text")
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = ["".join(random.choices(letters, k=random.randint(1, 11))) for _ in range(3000)]
    weights = [1 / (rank + 2) ** 1.3 for rank in range(len(words))]
    marks = [" "] * 11 + [", ", ".\n", "\n    ", ' = "', '", ', "(", ") ", "\t", "\n\n"]
    pieces: list[str] = []
    length = 0
    while length < _TEXT_LENGTH:
        for word in random.choices(words, weights, k=1000):
            pieces.append(word + random.choice(marks))
            length += len(pieces[-1])
    return "".join(pieces)


@dataclass
class Session:
    """One session as its agent writes it, record by record."""

    seed: int | str = 0
    scale: float = 1.0
    """Factor on the length of all texts; 1 gives 4 KB a record."""
    random: Random = field(init=False)
    id: str = field(init=False)
    parent: str | None = None
    now: datetime = START
    context: int = 20_000
    number: int = 0

    def __post_init__(self) -> None:
        self.random = Random(f"session {self.seed}")
        self.id = self.uuid()

    def uuid(self) -> str:
        """A random id, the same each time."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def text(self, low: int, high: int) -> str:
        """Words, short ones more often than long ones."""
        length = int(low * (high / low) ** self.random.random() * self.scale) + 1
        at = self.random.randrange(_TEXT_LENGTH - min(length, _TEXT_LENGTH - 1))
        return _text()[at : at + length]

    def record(self, kind: str, **body: Any) -> Record:
        """A record in its envelope, hanging on the one before."""
        self.now += timedelta(milliseconds=self.random.randrange(20, 9000))
        uuid = self.uuid()
        made: Record = {
            "parentUuid": self.parent,
            "isSidechain": False,
            "userType": "external",
            "cwd": "/home/ada/shop",
            "sessionId": self.id,
            "version": "2.1.29",
            "gitBranch": "main",
            "type": kind,
            **body,
            "uuid": uuid,
            "timestamp": self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        self.parent = uuid
        return made

    def records(self) -> Iterator[Record]:
        """Turn after turn, without end."""
        while True:
            yield self.record("user", message={"role": "user", "content": self.text(20, 3000)})
            for _ in range(self.random.randint(1, 12)):
                yield from self.step()
            yield self.reply({"type": "text", "text": self.text(100, 4000)}, self.message())
            yield self.record("system", subtype="turn_duration", durationMs=90_000, isMeta=False)
            yield {"type": "file-history-snapshot", "messageId": self.uuid(), "snapshot": {}}

    def step(self) -> Iterator[Record]:
        """A message of the model with its calls, and their results."""
        message = self.message()
        if self.random.random() < 0.5:
            block = {"type": "thinking", "thinking": self.text(100, 5000), "signature": "c" * 400}
            yield self.reply(block, message)
        if self.random.random() < 0.3:
            yield self.reply({"type": "text", "text": self.text(40, 2000)}, message)
        calls = [f"toolu_{self.uuid()[:20]}" for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
        for call in calls:
            arguments = {"command": self.text(20, 1200), "description": self.text(10, 60)}
            yield self.reply(
                {"type": "tool_use", "id": call, "name": "Bash", "input": arguments}, message
            )
            for _ in range(self.random.choice([0, 1, 1, 3])):
                yield self.progress(call)
        for call in calls:
            yield self.result(call)

    def message(self) -> Record:
        """The frame that all records of one message share."""
        self.number += 1
        self.context += self.random.randrange(200, 3000)
        usage = {
            "input_tokens": self.random.randrange(3, 90),
            "cache_creation_input_tokens": 1500,
            "cache_read_input_tokens": self.context,
            "output_tokens": self.random.randrange(20, 900),
            "service_tier": "standard",
        }
        name = f"msg_{self.number:06}{self.uuid()[:12]}"
        return {"model": MODEL, "id": name, "type": "message", "role": "assistant", "usage": usage}

    def reply(self, block: Record, message: Record) -> Record:
        """A block of a message, which has a record of its own."""
        return self.record("assistant", message={**message, "content": [block]}, requestId="req_1")

    def progress(self, call: str) -> Record:
        """A sign of life of a running tool."""
        data = {"type": "bash_progress", "output": self.text(100, 6000), "elapsedTimeSeconds": 3}
        return self.record("progress", data=data, toolUseID="bash-1", parentToolUseID=call)

    def result(self, call: str) -> Record:
        """What a call gave, said twice: to the model, and structured beside it."""
        output, failed = self.text(60, 40_000), self.random.random() < 0.07
        block = {"tool_use_id": call, "type": "tool_result", "content": output, "is_error": failed}
        told = {"stdout": output, "stderr": "", "interrupted": False, "isImage": False}
        return self.record("user", message={"role": "user", "content": [block]}, toolUseResult=told)


def lines(seed: int | str, count: int, scale: float = 1.0) -> list[bytes]:
    """The first lines of a session's file."""
    records = Session(seed, scale).records()
    return [orjson.dumps(next(records)) + b"\n" for _ in range(count)]


def write(path: Path, size: int, seed: int | str = 0, scale: float = 1.0) -> Path:
    """A session file of about ``size`` bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records, written = Session(seed, scale).records(), 0
    with path.open("wb") as stream:
        while written < size:
            written += stream.write(orjson.dumps(next(records)) + b"\n")
    return path


def write_events(path: Path, events: int, seed: int | str = 0, scale: float = 0.01) -> Path:
    """A session file of just so many events, with next to nothing in each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = Session(seed, scale).records()
    with path.open("wb") as stream:
        for _ in range(events):
            stream.write(orjson.dumps(next(records)) + b"\n")
    return path
