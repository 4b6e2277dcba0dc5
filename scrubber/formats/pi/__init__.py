"""pi: sessions of the agent of badlogic/pi-mono, now earendil-works/pi; trees in one file.

Read from top to bottom: ``records`` (an entry in every version's shape), ``pieces`` (what it
holds), ``content`` (its full text), ``reader`` (entries to events), ``writer`` (events to a new
session that pi resumes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Content, Text
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.jsonl import first_values
from scrubber.formats.pi.content import content_of
from scrubber.formats.pi.places import sessions_folder
from scrubber.formats.pi.reader import PiReader
from scrubber.formats.pi.records import ENTRIES, parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Pi:
    """The format of pi, in its versions 1, 2 and 3."""

    name = "pi"
    title = "pi"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a header with entries behind it, less sure at one of them alone."""
        values = [value for value in first_values(head) if isinstance(value, dict)]
        if not values:
            return 0
        entries = sum(_is_entry(value) for value in values)
        if _is_header(values[0]):
            first = "thinkingLevel" in values[0] and "modelId" in values[0]
            return 95 if entries or first or "version" in values[0] else 60
        return 40 if entries > 1 and _is_entry(values[0]) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return PiReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of an entry; a damaged line's is its text."""
        record = parse(raw)
        if record is None:
            return Content((Text(raw.decode(errors="replace")),))
        return content_of(record, part)

    def places(self) -> Sequence[FoundPlace]:
        """``$PI_CODING_AGENT_SESSION_DIR``, or ``sessions`` in ``$PI_CODING_AGENT_DIR``."""
        return [FoundPlace(sessions_folder(), "**/*.jsonl")]


def _is_header(value: dict[str, object]) -> bool:
    known = isinstance(value.get("id"), str) and isinstance(value.get("timestamp"), str)
    return value.get("type") == "session" and known and "cwd" in value


def _is_entry(value: dict[str, object]) -> bool:
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in ENTRIES or "sessionId" in value:
        return False
    if kind == "message":
        message = value.get("message")
        return isinstance(message, dict) and "role" in message and "parentId" in value
    return "parentId" in value and isinstance(value.get("id"), str)


FORMAT = Pi()
