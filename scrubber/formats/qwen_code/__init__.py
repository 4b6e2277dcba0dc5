"""Qwen Code: sessions of Alibaba's command-line agent, and those of its sub-agents.

Read from top to bottom: ``pieces`` (what a record holds), ``chain`` (which records count),
``reader``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import piece_content
from scrubber.formats.qwen_code.pieces import pieces_of
from scrubber.formats.qwen_code.reader import REWOUND, QwenReader
from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import JSON, Content


class QwenCode:
    """The format of Qwen Code, versions 0.15 to 0.24."""

    name = "qwen-code"
    title = "Qwen Code"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a record with the envelope and parts."""
        return max(map(_likeness, first_values(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return QwenReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; a damaged record's is its text."""
        return piece_content(raw, part, pieces_of, REWOUND)

    def places(self) -> Sequence[FoundPlace]:
        """``$QWEN_HOME/projects``, or ``~/.qwen/projects``."""
        folder = environment_folder("QWEN_HOME", ".qwen") / "projects"
        patterns = ("*/chats/*.jsonl", "*/subagents/*/agent-*.jsonl")
        return [FoundPlace(folder, pattern) for pattern in patterns]


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict) or "uuid" not in value or "sessionId" not in value:
        return 0
    message = value.get("message")
    if isinstance(message, dict) and isinstance(message.get("parts"), list):
        return 100
    return 90 if value.get("type") == "system" and "systemPayload" in value else 0


FORMAT = QwenCode()
