"""What Claude Code asks of a session file to resume it, as tried with versions 1.0 to 2.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

if TYPE_CHECKING:
    from pathlib import Path

CHAIN = ("user", "assistant", "attachment", "system")


def check_rules(path: Path, former: set[str]) -> list[dict[str, Any]]:
    """An AssertionError for whatever would keep it from resuming; ``former``: ids of the source."""
    data = path.read_bytes()
    assert str(UUID(path.stem)) == path.stem
    assert data.endswith(b"\n")
    records = [orjson.loads(line) for line in data.splitlines()]
    assert data == b"".join(orjson.dumps(record) + b"\n" for record in records), "not compact"
    check_chain([record for record in records if record["type"] in CHAIN])
    check_calls(records)
    for record in records:
        assert record["sessionId"] == path.stem
        assert not former & set(texts({k: v for k, v in record.items() if k != "forkedFrom"}))
    return records


def check_chain(records: list[dict[str, Any]]) -> None:
    """Each record hangs on one in front of it; only a compaction begins anew."""
    known: set[str] = set()
    for number, record in enumerate(records):
        assert record["isSidechain"] is False
        parent, anew = record["parentUuid"], record.get("subtype") == "compact_boundary"
        assert parent in known if parent is not None else number == 0 or anew
        assert record["uuid"] not in known
        known.add(record["uuid"])
        if record["type"] in ("user", "assistant"):
            assert record["message"]["role"] == record["type"]
        if record["type"] == "assistant":
            assert record["message"]["id"]
    times = [record["timestamp"] for record in records]
    assert times == sorted(set(times)), "times must rise"


def check_calls(records: list[dict[str, Any]]) -> None:
    """Every call is answered, in front of whatever follows its message, and nothing else is."""
    open_calls: dict[str, str] = {}
    for record in records:
        message: Any = record.get("message")
        content = message["content"] if message else []
        blocks = content if isinstance(content, list) else [{"type": "text"}]
        for block in blocks:
            if block["type"] == "tool_use":
                assert set(open_calls.values()) <= {message["id"]}
                open_calls[block["id"]] = message["id"]
            elif block["type"] == "tool_result":
                assert block["tool_use_id"] in open_calls
                del open_calls[block["tool_use_id"]]
            elif message["role"] == "user":
                assert not open_calls
    assert not open_calls


def texts(value: Any) -> list[str]:
    """All texts in a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in texts(item)] if isinstance(value, list) else []
