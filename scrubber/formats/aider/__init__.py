"""aider: the chat history that it keeps as Markdown in the repository it works on.

Read from top to bottom: ``blocks`` (a file's records), ``pieces`` (what a block tells), ``reader``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.formats.aider.blocks import START
from scrubber.formats.aider.pieces import piece_of
from scrubber.formats.aider.reader import AiderReader
from scrubber.formats.base import FoundPlace, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import Content

HISTORY = ".aider.chat.history.md"


class Aider:
    """The format of aider's chat histories."""

    name = "aider"
    title = "aider"
    version = 1
    endings = (HISTORY,)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a line that tells when a chat started."""
        is_chat = head.startswith(START) or b"\n" + START in head
        return (100 if head.lstrip().startswith(START) else 90) if is_chat else 0

    def reader(self, path: Path) -> Reader:
        """A reader for a history; each chat in it is a session."""
        return AiderReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of a block."""
        content: Content = piece_of(raw).block
        return content

    def places(self) -> Sequence[FoundPlace]:
        """The home folder; histories of projects lie in their repositories."""
        return [FoundPlace(Path.home(), HISTORY)]


FORMAT = Aider()
