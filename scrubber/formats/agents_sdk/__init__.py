"""SQLite sessions of OpenAI's Agents SDK, plain ones and those with branches.

Read from top to bottom: ``rows`` (the database as lines), ``items`` (what a line holds),
``reader``, ``writer`` (a new database).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.content import Content, Data, Text
from scrubber.core.errors import FormatError
from scrubber.formats import sqlite_rows
from scrubber.formats.agents_sdk import rows
from scrubber.formats.agents_sdk.items import table_of, told_of
from scrubber.formats.agents_sdk.reader import AgentsReader
from scrubber.formats.jsonl import first_values
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.formats.base import FoundPlace, Reader


class AgentsSdk(sqlite_rows.RowsFormat):
    """The format of such databases; where they are, each program decides itself."""

    name = "agents-sdk"
    title = "OpenAI Agents SDK"
    version = 1
    endings = (".db", ".sqlite", ".sqlite3")
    lines = staticmethod(rows.lines)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the table of items; of lines, at the table they name."""
        if not sqlite_rows.is_database(head):
            values = first_values(head, 1)
            tables = (rows.MESSAGES, rows.STRUCTURE)
            return 90 if values and table_of(values[0]) in tables else 0
        try:
            with sqlite_rows.opened(path) as database:
                table = rows.messages_table(database)
        except (FormatError, OSError):
            return 0
        return 0 if table is None else 100 if table == rows.MESSAGES else 70

    def reader(self, path: Path) -> Reader:
        """A reader for the rows."""
        return AgentsReader()

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a row; that of a damaged one is its text."""
        try:
            record = loads(raw)
        except orjson.JSONDecodeError:
            record = None
        if not table_of(record):
            return Content((Text(raw.decode(errors="replace")),))
        told = told_of(record)
        return told[part].content if 0 <= part < len(told) else Content((Data(record),))

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere in particular."""
        return []


FORMAT = AgentsSdk()
