"""Derives events from a session file of Gemini CLI, record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.formats.base import Reading
from scrubber.formats.gemini_cli.layout import Records
from scrubber.formats.gemini_cli.pieces import record_of
from scrubber.formats.gemini_cli.teller import Teller
from scrubber.formats.pieces import damaged_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.formats.jsonl import Line


class GeminiReader:
    """Reads one session file, or one sub-agent's file."""

    def __init__(self, path: Path) -> None:
        self._records = Records()
        self.warnings: list[tuple[int, str]] = []
        self._teller = Teller(path, self._warn)
        self._number = 0
        self.infos: dict[str, SessionInfo] = {"": self._teller.info}

    @property
    def pending(self) -> bytes:
        """A torn last record."""
        return self._records.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in file order."""
        for line in self._records.read(stream):
            yield Reading(line.raw, self._drafts(line))
        if self.pending:
            self.warnings.append((-1, "the file ends within a record; what is there of it is kept"))

    def _warn(self, reason: str) -> None:
        self.warnings.append((self._number, reason))

    def _drafts(self, line: Line) -> list[Draft]:
        self._number = line.number
        if line.problem is not None:
            self._warn(line.problem or "several JSON objects on one line, read one by one")
        if isinstance(line.value, dict):
            return self._teller.record(record_of(line.value))
        if line.value is None and line.problem is None:
            return []  # a blank line, or a bracket with the key of the list that it opens
        if line.problem is None:
            self._warn("neither a message nor a change of the session")
        return self._teller.other(damaged_draft(line.raw))
