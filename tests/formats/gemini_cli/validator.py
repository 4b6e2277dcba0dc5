"""What Gemini CLI needs of a session file, and how it reads one: its own rules, told in Python.

Source: ``loadConversationRecord`` and ``convertSessionToClientHistory`` of version 0.61.
"""

from __future__ import annotations

import json
from typing import Any

IGNORED = ("/", "?", "<session_context>", "<hook_context>")


def load(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(facts, messages) of a file, as the client holds them."""
    facts: dict[str, Any] = {}
    messages: dict[str, dict[str, Any]] = {}
    for line in data.splitlines():
        record = json.loads(line)
        if "$rewindTo" in record:
            names = list(messages)
            at = names.index(record["$rewindTo"]) if record["$rewindTo"] in names else 0
            for name in names[at:]:
                del messages[name]
        elif "id" in record:
            messages[record["id"]] = record
        elif "$set" in record:
            if "messages" in record["$set"]:
                messages = {m["id"]: m for m in record["$set"]["messages"]}
            facts |= record["$set"]
        elif "sessionId" in record:
            facts |= record
    return facts, list(messages.values())


def check(data: bytes) -> list[dict[str, Any]]:
    """Hold a file against the rules; gives the parts that the client would send."""
    assert data.endswith(b"\n")
    assert b'": ' not in data  # compact, as the client writes it
    first = data.split(b"\n", 1)[0]
    assert len(first) < 4096  # the clean-up reads no more of it
    header = json.loads(first)
    assert header.keys() >= {"sessionId", "projectHash", "startTime", "lastUpdated", "kind"}
    facts, messages = load(data)
    assert facts["sessionId"] == header["sessionId"]
    assert facts["kind"] == "main"
    ids = [r["id"] for r in map(json.loads, data.splitlines()) if "id" in r]
    assert len(ids) == len(set(ids))
    return sent(messages)


def sent(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of the history, each with its role; thoughts are not sent."""
    history: list[dict[str, Any]] = []
    for message in messages:
        if message["type"] == "user":
            parts = _parts(message["content"])
            if not _text(parts).strip().startswith(IGNORED) and parts:
                history += [{"role": "user", **part} for part in parts]
        elif message["type"] == "gemini":
            history += _model(message)
    return [part for part in history if not part.get("thought")]


def _model(message: dict[str, Any]) -> list[dict[str, Any]]:
    parts = _parts(message["content"])
    calls = message.get("toolCalls") or []
    if not any("functionCall" in part or part.get("thought") for part in parts):
        kept = ("id", "name", "args")
        parts += [{"functionCall": {key: call[key] for key in kept}} for call in calls]
    made = [part["functionCall"]["id"] for part in parts if "functionCall" in part]
    results = [part for call in calls for part in call["result"]]
    given = [r["functionResponse"]["id"] for r in results if "functionResponse" in r]
    assert given == made, "each call needs its result, once"
    told = [{"role": "model", **part} for part in parts]
    return told + [{"role": "user", **part} for part in results]


def _parts(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"text": content}] if content else []
    return list(content)


def _text(parts: list[dict[str, Any]]) -> str:
    return "".join(part.get("text") or "[file]" for part in parts)
