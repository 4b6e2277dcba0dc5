"""lash: the database of a session, with its whole tree of nodes.

Read from top to bottom: ``rows`` (the database as lines), ``parts`` (of a message),
``pieces`` (what a line holds), ``reader``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats import sqlite_rows
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.jsonl import first_values
from scrubber.formats.lash import rows
from scrubber.formats.lash.pieces import pieces_of
from scrubber.formats.lash.reader import LashReader
from scrubber.formats.object_lines import piece_content
from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import Content


class Lash(sqlite_rows.RowsFormat):
    """The format of such databases; they are only ever read."""

    name = "lash"
    title = "lash"
    version = 1
    endings = (".db",)
    lines = staticmethod(rows.lines)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the tables of nodes and of the head; of lines, at the table they name."""
        if sqlite_rows.is_database(head):
            return 100 if sqlite_rows.table_names(path) >= rows.TELLING else 0
        first = next(iter(first_values(head, 1)), None)
        if not isinstance(first, dict) or not isinstance(first.get("row"), dict):
            return 0
        return 95 if first.get("table") in (rows.META, rows.NODES, rows.HEAD) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for the rows."""
        return LashReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a row; that of a damaged one is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """``$LASH_HOME/sessions``, or ``~/.lash/sessions``."""
        return [FoundPlace(environment_folder("LASH_HOME", ".lash") / "sessions", "*.db")]


FORMAT = Lash()
