"""harn's own store of sessions, ``session-store.sqlite``.

Read from top to bottom: ``rows`` (the database as lines), ``pieces`` (what a line holds),
``reader``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats import sqlite_rows
from scrubber.formats.harn.session_store import rows
from scrubber.formats.harn.session_store.pieces import pieces_of
from scrubber.formats.harn.session_store.reader import SessionStoreReader
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import piece_content

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import Content
    from scrubber.formats.base import FoundPlace, Reader


class HarnStore(sqlite_rows.RowsFormat):
    """The format of such databases, which are only ever read. Each project has its own."""

    name = "harn-store"
    title = "harn session store"
    version = 1
    endings = (".sqlite",)
    lines = staticmethod(rows.lines)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the two tables and the columns of a chain; of lines, at the table they name."""
        if sqlite_rows.is_database(head):
            return 100 if rows.is_store(path) else 0
        first = next(iter(first_values(head, 1)), None)
        if not isinstance(first, dict) or not isinstance(first.get("row"), dict):
            return 0
        known = first.get("table") == rows.SESSIONS and "parent_session_id" in first["row"]
        return 95 if known else 0

    def reader(self, path: Path) -> Reader:
        """A reader for the rows."""
        return SessionStoreReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a row; that of a damaged one is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere in particular: it is in the folder ``.harn`` of each project."""
        return []


FORMAT = HarnStore()
