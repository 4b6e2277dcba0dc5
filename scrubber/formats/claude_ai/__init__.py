"""Claude.ai: the data export, an archive or its ``conversations.json``.

Read from top to bottom: ``messages`` (what a message holds), ``conversation`` (the tree of them).
"""

from __future__ import annotations

from typing import ClassVar

from scrubber.formats.claude_ai.conversation import ClaudeAiService
from scrubber.formats.exports.reader import ExportFormat


class ClaudeAi(ExportFormat):
    """The format of Anthropic's data export."""

    name: ClassVar[str] = "claude-ai"
    title: ClassVar[str] = "Claude.ai export"


FORMAT = ClaudeAi(ClaudeAiService())
