"""An entry of a session file, in the shapes of versions 1 to 3."""

from __future__ import annotations

from typing import Any

import orjson

from scrubber.formats.base import parse_time
from scrubber.formats.parsing import loads

Record = dict[str, Any]

ENTRIES = frozenset(
    {
        "message",
        "model_change",
        "thinking_level_change",
        "usage",
        "compaction",
        "context_edit",
        "branch_summary",
        "custom",
        "custom_message",
        "label",
        "session_info",
        "leaf",
    }
)
"""The types of entries that some version wrote."""

_EARLIEST_MS = 10**11
"""Times of messages are milliseconds; a smaller number is no time of an agent."""
_LATEST_MS = 10**14


def parse(raw: bytes) -> Record | None:
    """A line's object; None where it has none."""
    try:
        record = loads(raw.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def text_or_none(value: object) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def message_of(record: Record) -> Record:
    """The message of an entry; empty if it has none."""
    message = record.get("message")
    return message if isinstance(message, dict) else {}


def time_of(record: Record) -> int | None:
    """When an entry was written, in milliseconds since 1970; else its message's own time."""
    ts = parse_time(record.get("timestamp"))
    own = message_of(record).get("timestamp")
    if ts is None and isinstance(own, (int, float)) and _EARLIEST_MS < own < _LATEST_MS:
        return int(own)
    return ts


def is_header(record: Record) -> bool:
    """Whether it is the line with the facts of the session, which is no entry of the tree."""
    return record.get("type") == "session"


def session_of_path(path: object) -> str | None:
    """The id of the session in a file, by the file's name: ``<time>_<id>.jsonl``."""
    if not isinstance(path, str):
        return None
    name = path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".jsonl")
    return text_or_none(name.split("_", 1)[-1])
