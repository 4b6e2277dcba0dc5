"""Writes Claude Code transcripts for tests."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NATIVE = "11111111-2222-4333-8444-555555555555"


def message(role: str, content: Any, session: str = NATIVE, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"role": role, "content": content}
    if role == "assistant":
        body |= {"id": f"msg_{uuid.uuid4().hex}", "model": "claude-test", "type": "message"}
    return {
        "type": role,
        "uuid": str(uuid.uuid4()),
        "parentUuid": None,
        "sessionId": session,
        "timestamp": "2026-05-01T10:00:00.000Z",
        "cwd": "/home/ada",
        "message": body,
        **more,
    }


def call(name: str = "Bash", id: str = "toolu_1", **arguments: Any) -> dict[str, Any]:
    block = {"type": "tool_use", "id": id, "name": name, "input": arguments}
    return message("assistant", [block])


def result(text: str, id: str = "toolu_1", is_error: bool = False) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": id, "content": text, "is_error": is_error}
    return message("user", [block])


def write(path: Path, *records: dict[str, Any] | str) -> Path:
    """A file with these records, or these lines, one after the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("".join(line + "\n" for line in lines))
    return path


def long(path: Path, megabytes: int) -> Path:
    """A session that takes some seconds to import."""
    filler = "word " * 100
    return write(
        path,
        *(
            message("user" if number % 2 else "assistant", f"{number} {filler}")
            for number in range(megabytes * 1200)
        ),
    )


def append(path: Path, *records: dict[str, Any]) -> None:
    """Add records to a file, as an agent does."""
    with path.open("a") as stream:
        stream.write("".join(json.dumps(record) + "\n" for record in records))
