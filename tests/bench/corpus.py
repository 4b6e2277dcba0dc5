"""Claude-Code-like sessions, the same bytes for the same arguments.

The mix and the sizes of the records are those of real sessions of 2025 and 2026: most bytes are in
tool results and what sub-agents tell, most records in progress reports and calls. As in those, a
reader finds escapes, letters beyond ASCII, calls side by side, and here and there a line of several
megabytes. No word of it is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from tests.bench.toolbox import Toolbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.toolbox import Call

Record = dict[str, Any]

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MODEL = "claude-opus-4-5-20251101"


@dataclass
class Session:
    """One session as its agent writes it, record by record."""

    seed: int | str = 0
    scale: float = 1.0
    """Factor on the length of all texts; 1 gives 3.6 KB a record."""
    random: Random = field(init=False)
    tools: Toolbox = field(init=False)
    id: str = field(init=False)
    parent: str | None = None
    now: datetime = START
    context: int = 20_000
    number: int = 0

    def __post_init__(self) -> None:
        self.random = Random(f"session {self.seed}")
        self.tools = Toolbox(self.random, self.scale)
        self.id = self.uuid()

    def uuid(self) -> str:
        """A random id, the same each time."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def text(self, low: int, high: int) -> str:
        """Words, short texts more often than long ones."""
        return self.tools.text(low, high)

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
            "version": "2.1.37",
            "gitBranch": "ada/faster-checkout",
            "slug": "quiet-humming-lantern",
            "type": kind,
            **body,
            "uuid": uuid,
            "timestamp": self.timestamp(),
        }
        self.parent = uuid
        return made

    def timestamp(self) -> str:
        """Now."""
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def records(self) -> Iterator[Record]:
        """Turn after turn, without end."""
        while True:
            yield self.record(
                "user", message={"role": "user", "content": self.text(20, 3000).strip() or "go on"}
            )
            for _ in range(self.random.randint(1, 15)):
                yield from self.step()
            yield self.reply({"type": "text", "text": self.text(60, 3000)}, self.message())
            told = {
                "hookCount": 1,
                "hookInfos": [{"command": "make quick-check"}],
                "hookErrors": [],
            }
            yield self.record("system", subtype="stop_hook_summary", **told, hasOutput=True)
            yield self.record("system", subtype="turn_duration", durationMs=90_000, isMeta=False)
            yield self.snapshot()

    def step(self) -> Iterator[Record]:
        """A message of the model with its calls, and their results."""
        message = self.message()
        if self.random.random() < 0.6:
            block = {"type": "thinking", "thinking": self.text(50, 2000)}
            yield self.reply({**block, "signature": self.tools.noise(280, 2000)}, message)
        if self.random.random() < 0.4:
            yield self.reply({"type": "text", "text": self.text(20, 1500)}, message)
        calls = [self.tools.call() for _ in range(self.random.choice([1] * 12 + [2, 3]))]
        for call in calls:
            yield self.reply(call.block, message)
            yield from self.progress(call)
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
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 1500},
            "output_tokens": self.random.randrange(20, 900),
            "service_tier": "standard",
        }
        name = f"msg_{self.number:06}{self.uuid()[:12]}"
        return {"model": MODEL, "id": name, "type": "message", "role": "assistant", "usage": usage}

    def reply(self, block: Record, message: Record) -> Record:
        """A block of a message, which has a record of its own."""
        told = {**message, "content": [block], "stop_reason": None, "stop_sequence": None}
        return self.record("assistant", message=told, requestId=f"req_{message['id'][4:]}")

    def progress(self, call: Call) -> Iterator[Record]:
        """The signs of life of a running tool, or of a sub-agent."""
        for data in call.progress:
            yield self.record("progress", data=data, toolUseID="run-1", parentToolUseID=call.id)

    def result(self, call: Call) -> Record:
        """What a call gave, said twice: to the model, and structured beside it."""
        block: Record = {"tool_use_id": call.id, "type": "tool_result", "content": call.content}
        if call.failed:
            block["is_error"] = True
        message = {"role": "user", "content": [block]}
        return self.record("user", message=message, toolUseResult=call.told)

    def snapshot(self) -> Record:
        """Which files were saved, and may be gone back to."""
        saved = {
            one.path: {"backupFileName": f"{self.uuid()[:8]}@v1", "version": 1}
            for one in self.tools.near(self.random.randrange(12))
        }
        told = {
            "messageId": self.uuid(),
            "trackedFileBackups": saved,
            "timestamp": self.timestamp(),
        }
        return {"type": "file-history-snapshot", "messageId": told["messageId"], "snapshot": told}


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
