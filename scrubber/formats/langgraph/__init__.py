"""Checkpoints of LangGraph's ``SqliteSaver``.

Read from top to bottom: ``msgpack`` (values without classes), ``rows`` (the database as lines),
``messages`` (what a line holds), ``reader``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.content import Content, Data, Text
from scrubber.core.errors import FormatError
from scrubber.formats import sqlite_rows
from scrubber.formats.jsonl import first_values
from scrubber.formats.langgraph import rows
from scrubber.formats.langgraph.messages import checkpoint_of, told_of
from scrubber.formats.langgraph.reader import LangGraphReader
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.formats.base import FoundPlace, Reader


class LangGraph(sqlite_rows.RowsFormat):
    """The format of such databases; where they are, each program decides itself."""

    name = "langgraph"
    title = "LangGraph"
    version = 1
    endings = (".db", ".sqlite", ".sqlite3")
    lines = staticmethod(rows.lines)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the columns of its table; of lines, at what they hold."""
        if not sqlite_rows.is_database(head):
            values = first_values(head, 1)
            found = checkpoint_of(values[0]) if values else None
            return 90 if found is not None and "thread" in found else 0
        try:
            with sqlite_rows.opened(path) as database:
                return 100 if set(database.columns("checkpoints")) >= rows.COLUMNS else 0
        except (FormatError, OSError):
            return 0

    def reader(self, path: Path) -> Reader:
        """A reader for the checkpoints."""
        return LangGraphReader()

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a checkpoint; that of a damaged line is its text."""
        try:
            value = loads(raw)
        except orjson.JSONDecodeError:
            return Content((Text(raw.decode(errors="replace")),))
        checkpoint = checkpoint_of(value)
        told = told_of(checkpoint) if checkpoint is not None else []
        return told[part].content if 0 <= part < len(told) else Content((Data(value),))

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere in particular."""
        return []


FORMAT = LangGraph()
