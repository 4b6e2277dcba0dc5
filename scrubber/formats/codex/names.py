"""The names that people gave to sessions: newer versions keep them in a file for all."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.formats.codex.records import parse

if TYPE_CHECKING:
    from pathlib import Path

_INDEX = "session_index.jsonl"
_FOLDERS = ("sessions", "archived_sessions")
_LARGEST = 32 * 1024 * 1024


def name_of(rollout: Path, session: str | None) -> str | None:
    """The name of the session of a rollout that lies in Codex's own folder, None if it has none."""
    folder = next((parent for parent in rollout.parents if parent.name in _FOLDERS), None)
    if folder is None or session is None:
        return None
    index = folder.with_name(_INDEX)
    try:
        stat = index.stat()
    except OSError:
        return None
    if stat.st_size > _LARGEST:
        return None
    return _names(index, stat.st_mtime_ns, stat.st_size).get(session)


@lru_cache(maxsize=4)
def _names(index: Path, mtime_ns: int, size: int) -> dict[str, str]:
    """The last name of each session; the time and size make a changed file be read again."""
    found: dict[str, str] = {}
    try:
        lines = index.read_bytes().split(b"\n")
    except OSError:
        return found
    for record in filter(None, map(parse, lines)):
        session, name = record.get("id"), record.get("thread_name")
        if isinstance(session, str) and isinstance(name, str):
            found[session] = name.strip()
    return found
