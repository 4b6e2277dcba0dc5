"""Harbor's Agent Trajectory Interchange Format (ATIF), versions 1.0 to 1.8.

Read from top to bottom: ``pieces`` (what a step holds), ``usage``, ``family`` (files that belong
together), ``reader`` (parts to events), ``steps`` and ``writer`` (events to a new trajectory).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats.atif.pieces import AtifDialect
from scrubber.formats.atif.reader import AtifReader
from scrubber.formats.atif.writer import AtifWriter
from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.json_tree import part_value
from scrubber.formats.layouts import sample

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.formats.base import Reader


class Atif(ConversationFormat):
    """The format of such files."""

    name = "atif"
    title = "Harbor trajectory (ATIF)"

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the version that every trajectory begins with."""
        for value in sample(head):
            version = value.get("schema_version") if isinstance(value, dict) else None
            if isinstance(version, str) and version.startswith("ATIF-"):
                return 100
        return 0

    def reader(self, path: Path) -> Reader:
        """A reader for a file of trajectories."""
        return AtifReader(path)


FORMAT = Atif(AtifDialect(), part_value)
WRITER = AtifWriter(FORMAT)
