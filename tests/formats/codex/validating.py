"""What Codex asks of a rollout that it is to resume, as tried with the clients themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from scrubber.core.events import Kind
from scrubber.core.lint import INTERRUPTED
from scrubber.core.messages import messages

if TYPE_CHECKING:
    from scrubber.core.transcript import Transcript

NEEDED = {"id", "timestamp", "cwd", "originator", "cli_version", "model_provider"}
CALLS = ("function_call", "custom_tool_call", "local_shell_call", "tool_search_call")
GONE = ("history_base", "parent_thread_id", "forked_from_ordinal_exclusive")


def valid(data: bytes) -> list[dict[str, Any]]:
    """The lines of a rollout that Codex resumes; an AssertionError says what it would refuse."""
    lines = well_formed(data)
    _check_calls(lines)
    assert not any(line["payload"].get("type") == "thread_rolled_back" for line in lines)
    return lines


def well_formed(data: bytes) -> list[dict[str, Any]]:
    """The lines of a rollout that Codex reads, whatever it makes of what is said in them."""
    assert data.startswith(b"{"), "a byte order mark, or nothing"
    assert data.endswith(b"\n"), "no line end at the end"
    lines: list[dict[str, Any]] = []
    for raw in data.split(b"\n")[:-1]:
        line = json.loads(raw)
        assert {"timestamp", "type", "payload"} <= set(line), raw[:200]
        lines.append(line)
    _check_meta(lines)
    _check_numbers(lines)
    return lines


def _check_meta(lines: list[dict[str, Any]]) -> None:
    meta = lines[0]["payload"]
    assert [line["type"] == "session_meta" for line in lines].count(True) == 1
    assert lines[0]["type"] == "session_meta"
    assert set(meta) >= NEEDED
    assert not [key for key in GONE if key in meta]
    assert UUID(meta["id"]).version in (4, 7)
    assert meta.get("session_id", meta["id"]) == meta["id"]
    assert meta["source"] in ("cli", "vscode")


def _check_numbers(lines: list[dict[str, Any]]) -> None:
    if lines[0]["payload"].get("history_mode") == "paginated":
        assert [line["ordinal"] for line in lines] == list(range(len(lines)))


def _check_calls(lines: list[dict[str, Any]]) -> None:
    """Each call has its result in front of the next prompt, and each result its call."""
    waiting: set[str] = set()
    for line in lines:
        item = line["payload"]
        if line["type"] == "compacted":
            assert not waiting
        if line["type"] != "response_item":
            continue
        kind = item["type"]
        if kind in CALLS:
            waiting.add(item["call_id"])
        elif kind.endswith("_output"):
            waiting.remove(item["call_id"])
        elif kind == "message" and item["role"] == "user":
            assert not waiting
    assert not waiting


def context(transcript: Transcript) -> list[Any]:
    """What the model sees, but for results that were made up, are empty, or answer no call."""
    calls = set[str | None]()
    found: list[Any] = []
    for message in messages(transcript, honour_compaction=True):
        for event, content in message.items:
            if event.kind is Kind.TOOL_CALL:
                calls.add(event.call_id)
            elif event.kind is Kind.TOOL_RESULT and (
                event.call_id not in calls or content.text == INTERRUPTED or not content.blocks
            ):
                continue
            name = event.name if event.kind is Kind.TOOL_CALL else None
            kind = Kind.MESSAGE if event.kind in (Kind.CONTEXT, Kind.COMPACTION) else event.kind
            told = (content.blocks, content.arguments, content.signature)
            found.append((kind, message.role, name, event.call_id, *told))
    return found
