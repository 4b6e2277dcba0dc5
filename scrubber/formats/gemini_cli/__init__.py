"""Gemini CLI: session files of Google's command-line agent, old (JSON) and new (JSON Lines).

Read from top to bottom: ``layout`` (a file's records), ``messages`` and ``pieces`` (what a record
holds), ``thread`` (the conversation after each record), ``teller`` (its events), ``reader``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.core.content import JSON, Content, Text
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.gemini_cli.about import content_about
from scrubber.formats.gemini_cli.pieces import record_of
from scrubber.formats.gemini_cli.places import gemini_home
from scrubber.formats.gemini_cli.reader import GeminiReader
from scrubber.formats.gemini_cli.sniffing import likeness
from scrubber.formats.json_tree import load_part
from scrubber.formats.layouts import sample

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.formats.pieces import Piece


class GeminiCli:
    """The format of Gemini CLI, versions 0.1 to 0.61."""

    name = "gemini-cli"
    title = "Gemini CLI"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a header with a project's hash, or at a message of type ``gemini``."""
        return max(map(likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return GeminiReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; a damaged record's is its text."""
        if part < 0:
            return content_about(part)
        pieces = _pieces(raw)
        if part < len(pieces):
            content: Content = pieces[part].block
            return content
        return Content((Text(raw.decode(errors="replace")),))

    def places(self) -> Sequence[FoundPlace]:
        """``~/.gemini/tmp``, in the home that ``$GEMINI_CLI_HOME`` names if it is set."""
        return [FoundPlace(gemini_home() / "tmp", "*/chats/**/*.json*")]


@lru_cache(maxsize=16)
def _pieces(raw: bytes) -> list[Piece]:
    """The pieces of a record, none of one that cannot be read; a checkpoint has thousands."""
    value: JSON = load_part(raw)[0]
    return record_of(value).pieces() if isinstance(value, dict) else []


FORMAT = GeminiCli()
