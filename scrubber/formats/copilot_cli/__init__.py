"""GitHub Copilot CLI: the event logs of its sessions, and those of Copilot in VS Code.

Read from top to bottom: ``pieces`` (what an event tells), ``usage`` (tokens), ``reader``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.copilot_cli.pieces import pieces_of
from scrubber.formats.copilot_cli.reader import CopilotReader
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import piece_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON, Content


class CopilotCli:
    """The format of GitHub's command-line agent, versions 0.0.400 to 1.0."""

    name = "copilot-cli"
    title = "Copilot CLI"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the start of a session; less sure at an event of a typical name."""
        return max(map(_likeness, first_values(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a session's events."""
        return CopilotReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; a damaged record's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """``$COPILOT_HOME/session-state``, or ``~/.copilot/session-state``."""
        home = os.environ.get("COPILOT_HOME")
        folder = (Path(home) if home else Path.home() / ".copilot") / "session-state"
        return [FoundPlace(folder, "*.jsonl"), FoundPlace(folder, "*/events.jsonl")]


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        return 0
    kind = value.get("type")
    if not isinstance(kind, str) or "." not in kind or "parentId" not in value:
        return 0
    is_start = kind == "session.start" and value["data"].get("producer") == "copilot-agent"
    return 100 if is_start else 60


FORMAT = CopilotCli()
