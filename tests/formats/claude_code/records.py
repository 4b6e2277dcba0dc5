"""Records in the shapes that Claude Code writes, made for these tests."""

from __future__ import annotations

import json
from typing import Any

SESSION = "11111111-2222-3333-4444-555555555555"


class File:
    """A session file: each record hangs on the one before unless told otherwise."""

    def __init__(self, **envelope: Any) -> None:
        self.records: list[dict[str, Any]] = []
        self._envelope = {
            "isSidechain": False, "sessionId": SESSION, "cwd": "/home/me/x", "version": "2.1.0",
            **envelope,
        }  # fmt: skip
        self._last: str | None = None

    def add(self, type: str, **more: Any) -> File:
        uuid = more.pop("uuid", f"u{len(self.records)}")
        record = {
            "parentUuid": self._last, "type": type, "uuid": uuid,
            "timestamp": f"2026-01-01T00:00:{len(self.records):02d}.000Z", **self._envelope, **more,
        }  # fmt: skip
        self.records.append({key: value for key, value in record.items() if value != "-"})
        self._last = uuid
        return self

    def bare(self, **record: Any) -> File:
        self.records.append(record)
        return self

    def user(self, content: Any, **more: Any) -> File:
        return self.add("user", message={"role": "user", "content": content}, **more)

    def assistant(
        self, *blocks: Any, id: str | None = "msg_1", usage: Any = None, **more: Any
    ) -> File:
        message: dict[str, Any] = {"role": "assistant", "model": "opus", "content": list(blocks)}
        message |= {"id": id} if id else {}
        message |= {"usage": usage} if usage else {}
        return self.add("assistant", message=message, **more)

    def result(self, call: str, text: str = "done", **more: Any) -> File:
        block = {"type": "tool_result", "tool_use_id": call, "content": text}
        return self.user([block], **more)

    @property
    def lines(self) -> list[bytes]:
        return [json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in self.records]

    @property
    def data(self) -> bytes:
        return b"".join(self.lines)


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def thinking(words: str, seal: str = "seal") -> dict[str, Any]:
    return {"type": "thinking", "thinking": words, "signature": seal}


def call(id: str, name: str = "Bash", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": name, "input": arguments}


def story() -> File:
    """A prompt, parallel calls with interleaved results, an answer."""
    file = File().user("fix it")
    file.assistant(thinking("hm")).assistant(call("a", command="ls"))
    first = file.records[-1]["uuid"]
    file.result("a")
    file.assistant(call("b", command="pwd"), parentUuid=first)
    return file.result("b", "bad").assistant(text("all done"), id="msg_2")
