"""Derives events from a chat history, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, Mark, Role, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.aider.blocks import blocks
from scrubber.formats.aider.pieces import model_of, piece_of, started_at, usage_of
from scrubber.formats.base import Reading
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TITLE_LENGTH = 90


class AiderReader:
    """Reads one history. A chat is a log: the first one's key is ``""``, others have numbers."""

    def __init__(self, path: Path) -> None:
        self._folder = str(path.parent) if path.name.startswith(".aider") else None
        self._key = ""
        self._chats = 0
        self._has_title = False
        self.pending = b""
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The blocks in file order."""
        for block in blocks(stream):
            if not block.raw.strip():
                yield Reading(block.raw, [])
                continue
            draft = self._tell(block.raw)
            if draft.marks & Mark.DAMAGED:
                self.warnings.append((block.number, "bytes that are no UTF-8"))
            yield Reading(block.raw, [draft])

    def _tell(self, raw: bytes) -> Draft:
        piece = piece_of(raw)
        text: str = piece.block.text
        if piece.kind is Kind.SESSION_START:
            self._begin(text)
        elif not self.infos:
            self._begin("")
        info = self.infos[self._key]
        draft = draft_of(0, piece, piece.block)
        draft.log = self._key
        if piece.kind is Kind.SESSION_START:
            draft.ts = info.created
        elif piece.kind is Kind.NOTICE:
            info.model = model_of(text) or info.model
            draft.usage = usage_of(text)
        elif piece.kind is Kind.MESSAGE and piece.role is Role.USER and not self._has_title:
            info.title, self._has_title = one_line(text, _TITLE_LENGTH), True
        return draft

    def _begin(self, text: str) -> None:
        """Begin a chat; what stands in front of the first one's start is a chat of its own."""
        self._key = str(self._chats) if self._chats else ""
        self._chats += 1
        self._has_title = False
        info = self.infos[self._key] = SessionInfo(title=text, cwd=self._folder)
        info.saw(started_at(text))
