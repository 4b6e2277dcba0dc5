"""What pi asks of a session file to resume it, as tried with versions 0.73 and 0.87."""

from __future__ import annotations

from typing import Any

import orjson

ANSWER = ("usage", "api", "provider", "model", "content", "stopReason", "timestamp")


def check_rules(data: bytes) -> list[dict[str, Any]]:
    """An AssertionError for whatever would keep it from resuming; gives the entries."""
    assert data.endswith(b"\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    header, *entries = [orjson.loads(line) for line in data.splitlines()]
    assert (header["type"], header["version"]) == ("session", 3)
    assert isinstance(header["id"], str)
    last = None
    known: set[str] = set()
    for entry in entries:
        assert entry["type"] != "session"
        assert entry["parentId"] == last, "a file of one way hangs on the entry in front"
        assert entry["id"] not in known
        last = entry["id"]
        known.add(last)
        if entry["type"] == "compaction":
            assert entry["firstKeptEntryId"] in known
            assert "firstKeptEntryIndex" not in entry
    messages = [entry["message"] for entry in entries if entry["type"] == "message"]
    check_messages(messages)
    return entries


def check_messages(messages: list[dict[str, Any]]) -> None:
    """Answers have all that pi needs, and every call its result before anybody goes on."""
    open_calls: set[str] = set()
    for message in messages:
        assert message["role"] != "hookMessage"
        if message["role"] == "toolResult":
            open_calls.discard(message["toolCallId"])
            assert isinstance(message["content"], list) or message["content"]
        elif message["role"] in ("user", "assistant", "custom"):
            assert not open_calls, "a call that was never answered"
        if message["role"] == "assistant":
            assert not [key for key in ANSWER if key not in message]
            assert isinstance(message["usage"]["cost"]["total"], (int, float))
            if message["stopReason"] not in ("error", "aborted"):
                open_calls = {b["id"] for b in message["content"] if b["type"] == "toolCall"}
    assert not open_calls
