"""Records in the shapes that Qwen Code writes, made for these tests."""

from __future__ import annotations

import json
from typing import Any

from scrubber.core.messages import messages
from tests.formats.gemini_cli.records import made, response, words
from tests.formats.reading import FakeTranscript, Read, read

SESSION = "90909090-0000-4000-8000-000000000001"


class File:
    """A session file: each record follows the one before unless told otherwise."""

    def __init__(self, **envelope: Any) -> None:
        self.records: list[dict[str, Any]] = []
        self._envelope = {"cwd": "/home/ada/shop", "version": "0.24.4", **envelope}
        self._last: str | None = None

    def add(self, type: str, **more: Any) -> File:
        number = len(self.records)
        record = {
            "uuid": f"u{number}", "parentUuid": self._last, "sessionId": SESSION,
            "timestamp": f"2026-02-01T08:00:{number:02d}.000Z", "type": type, **self._envelope,
            **more,
        }  # fmt: skip
        self.records.append(record)
        self._last = record["uuid"]
        return self

    def user(self, text: str, **more: Any) -> File:
        return self.add("user", message={"role": "user", "parts": words(text)}, **more)

    def model(self, *parts: Any, **more: Any) -> File:
        return self.add(
            "assistant", model="qwen-x", message={"role": "model", "parts": parts}, **more
        )

    def result(self, call: str, text: str = "done", **more: Any) -> File:
        told = {"callId": call, "status": "success", "resultDisplay": text}
        parts = [response(call, text)]
        message = {"role": "user", "parts": parts}
        return self.add("tool_result", message=message, toolCallResult=told, **more)

    def system(self, subtype: str, parent: str | None = None, **payload: Any) -> File:
        more = {"parentUuid": parent} if parent else {}
        return self.add("system", subtype=subtype, systemPayload=payload, **more)

    @property
    def data(self) -> bytes:
        return b"".join(json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in self.records)

    def read(self, path: str = f"{SESSION}.jsonl") -> Read:
        return read("qwen-code", self.data, path)

    def transcript(self) -> FakeTranscript:
        return FakeTranscript(self.read())


def thought(text: str) -> dict[str, Any]:
    return {"text": text, "thought": True}


def text(said: str) -> dict[str, Any]:
    return {"text": said}


def context(file: File) -> list[str]:
    told = file.transcript()
    return [
        content.text or str(content.arguments)
        for message in messages(told, honour_compaction=True)
        for _, content in message.items
    ]


def story() -> File:
    """A prompt, two calls at once, an answer."""
    usage = {"promptTokenCount": 100, "cachedContentTokenCount": 40, "candidatesTokenCount": 20,
             "thoughtsTokenCount": 7, "totalTokenCount": 120}  # fmt: skip
    file = File().user("fix it", systemPayload={"displayText": "fix it"})
    file.system("ui_telemetry", uiEvent={"event.name": "qwen-code.api_response"})
    calls = [made("c1", command="ls"), made("c2", "agent", prompt="look around")]
    file.model(thought("hm"), text("let me look"), *calls, usageMetadata=usage)
    return file.result("c1").result("c2", "no").model(text("all done"))
