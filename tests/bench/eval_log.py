"""What a session of the corpus says, as a log of Inspect: one sample, in an archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import orjson

from tests.bench import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AT = "2026-03-01T09:00:00+00:00"
_EVAL = {
    **{"run_id": "run", "eval_id": "eval", "task_id": "task", "task": "shop", "created": _AT},
    **{"model": "mock/one", "dataset": {"name": "shop", "samples": 1}, "config": {}},
}


def write(path: Path, size: int) -> Path:
    """A log with about ``size`` bytes of messages."""
    sample = {"id": 1, "epoch": 1, "input": "go", "target": "", "messages": list(_up_to(size))}
    start = {"version": 2, "eval": _EVAL, "plan": {"name": "plan", "steps": [], "config": {}}}
    header = {**start, "status": "success", "stats": {"started_at": _AT, "completed_at": _AT}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_journal/start.json", orjson.dumps(start))
        archive.writestr("samples/1_epoch_1.json", orjson.dumps(sample))
        archive.writestr("header.json", orjson.dumps(header))
    return path


def _up_to(size: int) -> Iterator[dict[str, Any]]:
    written = 0
    for record in corpus.Session().records():
        if record["type"] not in ("user", "assistant"):
            continue
        for message in _messages(record):
            yield message
            written += len(orjson.dumps(message))
        if written >= size:
            return


def _messages(record: corpus.Record) -> Iterator[dict[str, Any]]:
    content, id = record["message"]["content"], record["uuid"]
    if isinstance(content, str):
        yield {"id": id, "role": "user", "content": content}
        return
    (block,) = content
    if block["type"] == "tool_result":
        told = block["content"] if isinstance(block["content"], str) else "a picture"
        yield {"id": id, "role": "tool", "content": told, "tool_call_id": block["tool_use_id"]}
    elif block["type"] == "tool_use":
        call = {"id": block["id"], "function": block["name"], "arguments": block["input"]}
        yield {"id": id, "role": "assistant", "content": "", "tool_calls": [call]}
    elif block["type"] == "thinking":
        thought = {"type": "reasoning", "reasoning": block["thinking"]}
        yield {"id": id, "role": "assistant", "content": [thought]}
    else:
        yield {"id": id, "role": "assistant", "content": block["text"]}
