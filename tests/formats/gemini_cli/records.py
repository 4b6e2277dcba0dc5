"""Records in the shapes that Gemini CLI writes, made for these tests."""

from __future__ import annotations

import json
from typing import Any

from scrubber.core.messages import messages
from tests.formats.reading import FakeTranscript, Read, read

SESSION = "0a1b2c3d-0000-4000-8000-00000000beef"
CONTEXT = (
    "<session_context>\nThis is the Gemini CLI.\n- **Workspace Directories:**\n  - /home/me/x\n"
)


class File:
    """A session file; messages are given the times of their places in it."""

    def __init__(self, kind: str = "main", header: bool = True) -> None:
        self.records: list[dict[str, Any]] = []
        if header:
            self.header(kind)

    def header(self, kind: str = "main", **more: Any) -> File:
        facts = {"sessionId": SESSION, "projectHash": "ab" * 32, "startTime": self._time()}
        return self.bare(**facts, lastUpdated=self._time(), kind=kind, **more)

    def bare(self, **record: Any) -> File:
        self.records.append(record)
        return self

    def set(self, **changes: Any) -> File:
        return self.bare(**{"$set": changes})

    def rewind(self, message: str) -> File:
        return self.bare(**{"$rewindTo": message})

    def user(self, content: Any, id: str | None = None, **more: Any) -> File:
        return self.bare(**self.message("user", content, id), **more)

    def model(self, content: Any, id: str | None = None, **more: Any) -> File:
        return self.bare(**self.message("gemini", content, id), model="gemini-x", **more)

    def message(self, type: str, content: Any, id: str | None = None) -> dict[str, Any]:
        name = id or f"m{len(self.records)}"
        return {"id": name, "timestamp": self._time(), "type": type, "content": content}

    def _time(self) -> str:
        return f"2026-05-01T10:00:{len(self.records):02d}.000Z"

    @property
    def lines(self) -> list[bytes]:
        return [json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in self.records]

    @property
    def data(self) -> bytes:
        return b"".join(self.lines)

    def read(self) -> Read:
        return read("gemini-cli", self.data, f"session-2026-05-01T10-00-{SESSION[:8]}.jsonl")

    def transcript(self, index: int | None = None) -> FakeTranscript:
        return FakeTranscript(self.read(), "", index)


def words(text: str) -> list[dict[str, Any]]:
    return [{"text": text}]


def thought(subject: str, text: str) -> dict[str, Any]:
    return {"subject": subject, "description": text, "timestamp": "2026-05-01T10:00:59.000Z"}


def response(id: str, output: Any = "done", name: str = "shell") -> dict[str, Any]:
    given = {"output": output} if isinstance(output, str) else output
    return {"functionResponse": {"id": id, "name": name, "response": given}}


def call(id: str, output: Any = "done", name: str = "shell", **args: Any) -> dict[str, Any]:
    """A call as the client records it, with its result; without one if ``output`` is None."""
    found = {"id": id, "name": name, "args": args, "status": "success"}
    result = None if output is None else [response(id, output, name)]
    return found | {"result": result, "timestamp": "2026-05-01T10:00:58.000Z"}


def made(id: str, name: str = "shell", **args: Any) -> dict[str, Any]:
    """A call as a part of what the model says."""
    return {"functionCall": {"id": id, "name": name, "args": args}}


def tokens(input: int, output: int, cached: int = 0, thoughts: int = 0) -> dict[str, int]:
    return {
        "input": input, "output": output, "cached": cached, "thoughts": thoughts, "tool": 0,
        "total": input + output + thoughts,
    }  # fmt: skip


def story() -> File:
    """A prompt, two calls at once with their results, an answer; as the client writes it."""
    file = File().set(messages=[File().message("user", words(CONTEXT), "ctx")], lastUpdated="x")
    file.user(words("fix it")).set(lastUpdated="2026-05-01T10:00:30.000Z")
    begun: dict[str, Any] = {"thoughts": [thought("Plan", "hm")], "tokens": tokens(100, 5, 40, 3)}
    file.model("let me look", "a", **begun)
    file.model("let me look", "a", **begun, toolCalls=[call("c1", command="ls"), call("c2", "no")])
    file.user([response("c1"), response("c2", "no")])
    return file.model("all done", "b", thoughts=[], tokens=tokens(120, 7))


def context(transcript: FakeTranscript) -> list[tuple[str, str]]:
    """(kind, text) of all that the model is sent at the end, summaries in the place of the past."""
    return [
        (event.kind.label, content.text or str(content.arguments))
        for message in messages(transcript, honour_compaction=True)
        for event, content in message.items
        if not content.text.startswith("<session_context>")
    ]
