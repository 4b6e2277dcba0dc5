"""What a line of a rollout is: its type, its payload and its time, in all versions' shapes.

Since 0.32 (September 2025) a line is ``{"timestamp", "type", "payload", "ordinal"?}``. Before, the
first line was the session's facts alone, and the others were items of the Responses API, or
``{"record_type": "state"}``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from scrubber.formats.base import parse_time
from scrubber.formats.parsing import loads

Record = dict[str, Any]

BARE_ITEMS = frozenset(
    {
        "message",
        "reasoning",
        "function_call",
        "function_call_output",
        "custom_tool_call",
        "custom_tool_call_output",
        "local_shell_call",
        "web_search_call",
    }
)
"""Items that stand for themselves on a line of an old rollout."""


class Entry(NamedTuple):
    """A line, whatever version wrote it."""

    type: str
    payload: Record
    ts: int | None


def entry_of(record: Record) -> Entry | None:
    """The line that a record stands for; None if it is of no shape that Codex ever wrote."""
    kind, payload, ts = record.get("type"), record.get("payload"), _time(record)
    if isinstance(kind, str) and isinstance(payload, dict):
        return Entry(kind, payload, ts)
    if isinstance(record.get("record_type"), str):
        return Entry(record["record_type"], record, ts)
    if isinstance(kind, str) and kind in BARE_ITEMS:
        return Entry("response_item", record, ts)
    if kind is None and isinstance(record.get("id"), str) and "timestamp" in record:
        return Entry("session_meta", record, ts)
    return None


def _time(record: Record) -> int | None:
    return parse_time(record.get("timestamp", record.get("created_at")))


def parse(raw: bytes) -> Record | None:
    """The value of a line, None if it holds no object."""
    try:
        record = loads(raw.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def inner(payload: Record, *keys: str) -> Record:
    """An object within an object; empty where there is none."""
    found: Any = payload
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
