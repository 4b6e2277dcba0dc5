"""Codex CLI: rollouts of OpenAI's command-line agent.

Read from top to bottom: ``records`` (a line in all versions' shapes), ``pieces`` and ``messages``
(what a line holds), ``content`` and ``sentences`` (its full text), ``injected``, ``turns``,
``twins``, ``usage``, ``outputs``, ``agents`` (what lines tell of each other), ``history`` and
``reader`` (lines to events), ``writer`` (events to a new rollout).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Content, Text
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.codex.content import content_of
from scrubber.formats.codex.places import codex_home
from scrubber.formats.codex.reader import CodexReader
from scrubber.formats.codex.records import entry_of, inner, parse
from scrubber.formats.jsonl import first_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Codex:
    """The format of OpenAI's command-line agent, all versions up to 0.169."""

    name = "codex"
    title = "Codex CLI"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the facts of a session, less sure at lines that only have the envelope."""
        best = 0
        for value in first_values(head):
            if isinstance(value, dict):
                best = max(best, _likeness(value))
        return best

    def reader(self, path: Path) -> Reader:
        """A reader for a rollout."""
        return CodexReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a line; a damaged line's is its text."""
        record = parse(raw)
        if record is None:
            return Content((Text(raw.decode(errors="replace")),))
        return content_of(record, part)

    def places(self) -> Sequence[FoundPlace]:
        """``sessions`` and ``archived_sessions`` in ``$CODEX_HOME``, or ``~/.codex``."""
        names = ("sessions", "archived_sessions")
        endings = ("**/*.jsonl", "**/*.jsonl.zst")
        return [FoundPlace(codex_home() / name, ending) for name in names for ending in endings]

    def belongs_to(self, path: Path) -> Path | None:
        """The rollout beside a compressed copy of it: Codex itself takes the plain one."""
        if not path.name.startswith("rollout-") or path.suffix != ".zst":
            return None
        plain = path.with_suffix("")
        return plain if plain.is_file() else None


_ENVELOPED = {"response_item", "event_msg", "turn_context", "compacted", "world_state"}


def _likeness(record: dict[str, object]) -> int:
    entry = entry_of(record)
    if entry is None:
        return 0
    if entry.type == "session_meta":
        if "payload" in record:
            return 100 if "id" in entry.payload else 60
        return 70 if "instructions" in record or inner(record, "git") else 0  # before 0.32
    if entry.type in _ENVELOPED and "payload" in record:
        return 90 if "timestamp" in record else 40
    return 0


FORMAT = Codex()
