"""Claude Code: session files, and those of its sub-agents.

Read from top to bottom: ``pieces`` (what a record holds), ``content`` (its full text), ``lineage``
(orphans, rewinds, usage), ``agents``, ``titles``, ``reader`` (records to events), ``writer``
(events to a new session file).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.content import Content, Text
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.claude_code.content import content_of
from scrubber.formats.claude_code.kept import parse
from scrubber.formats.claude_code.pieces import pieces_of
from scrubber.formats.claude_code.places import projects_folder
from scrubber.formats.claude_code.reader import ClaudeCodeReader
from scrubber.formats.jsonl import first_values
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import JSON


class ClaudeCode:
    """The format of Anthropic's command-line agent, versions 1.0 to 2.1."""

    name = "claude-code"
    title = "Claude Code"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a record with the envelope; less sure at one that only may be one."""
        best = 0
        for value in first_values(head):
            if isinstance(value, dict):
                best = max(best, _likeness(value))
        return best

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return ClaudeCodeReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; a damaged record's is its text."""
        try:
            record = loads(raw.lstrip(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            record = None
        if not isinstance(record, dict):
            return Content((Text(raw.decode(errors="replace")),))
        return content_of(record, part)

    def quoted_blocks(self, raw: bytes, part: int) -> list[JSON] | None:
        """The content blocks that an event was read from; None where it is no message."""
        record = parse(raw)
        pieces = pieces_of(record)
        if record.get("type") not in ("user", "assistant") or part >= len(pieces):
            return None
        block = pieces[part].block
        return block if isinstance(block, list) else [block]

    def places(self) -> Sequence[FoundPlace]:
        """``$CLAUDE_CONFIG_DIR/projects``, or ``~/.claude/projects``."""
        return [FoundPlace(projects_folder(), "**/*.jsonl")]


def _likeness(record: dict[str, object]) -> int:
    kind, message = record.get("type"), record.get("message")
    if "systemPayload" in record or (isinstance(message, dict) and "parts" in message):
        return 0  # Qwen Code's, which has the same envelope
    if kind in ("user", "assistant", "system", "attachment", "progress") and "sessionId" in record:
        return 100 if "uuid" in record else 60
    if kind in ("user", "assistant") and isinstance(record.get("message"), dict):
        return 70 if "uuid" in record or "parentUuid" in record else 20
    if kind == "summary" and "leafUuid" in record:
        return 90
    return 90 if str(kind) in _TYPICAL else 0


_TYPICAL = {
    "file-history-snapshot",
    "queue-operation",
    "custom-title",
    "ai-title",
    "last-prompt",
    "permission-mode",
}

FORMAT = ClaudeCode()
