"""ChatGPT: the data export, an archive or its ``conversations.json``.

Read from top to bottom: ``messages`` (what a message holds), ``conversation`` (the tree of them).
"""

from __future__ import annotations

from typing import ClassVar

from scrubber.formats.chatgpt.conversation import ChatGPTService
from scrubber.formats.exports.reader import ExportFormat


class ChatGPT(ExportFormat):
    """The format of OpenAI's data export."""

    name: ClassVar[str] = "chatgpt"
    title: ClassVar[str] = "ChatGPT export"


FORMAT = ChatGPT(ChatGPTService())
