"""The log that simonw's ``llm`` keeps of all prompts and answers, in its older and newer tables.

Read from top to bottom: ``rows`` (the database as lines), ``calls`` (what a line holds),
``reader``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.core.content import Content, Data, Text
from scrubber.formats import sqlite_rows
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.jsonl import first_values
from scrubber.formats.llm_logs import rows
from scrubber.formats.llm_logs.calls import parse, row_of, told_of
from scrubber.formats.llm_logs.reader import LlmReader

if TYPE_CHECKING:
    from collections.abc import Sequence


_OLD = frozenset({"responses", "conversations"})


class LlmLogs(sqlite_rows.RowsFormat):
    """The format of such logs."""

    name = "llm"
    title = "llm"
    version = 1
    endings = (".db",)
    lines = staticmethod(rows.lines)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at its tables; of lines, at those they name."""
        if sqlite_rows.is_database(head):
            tables = sqlite_rows.table_names(path)
            return 100 if tables >= _OLD or tables >= rows.OF_TURNS else 0
        values = first_values(head, 1)
        table = values[0].get("table") if values and isinstance(values[0], dict) else None
        return 90 if table in (rows.TURNS, rows.RESPONSES) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for the calls."""
        return LlmReader()

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a call; that of a damaged line is its text."""
        value = parse(raw)
        row = row_of(value)
        told = told_of(row) if row is not None else []
        if 0 <= part < len(told):
            return told[part].content
        return Content((Data(value) if value is not None else Text(raw.decode(errors="replace")),))

    def places(self) -> Sequence[FoundPlace]:
        """``$LLM_USER_PATH``, or where this system keeps a program's settings."""
        import os

        from platformdirs import user_config_path

        home = os.environ.get("LLM_USER_PATH")
        folder = Path(home) if home else user_config_path("io.datasette.llm", appauthor=False)
        return [FoundPlace(folder, "logs.db")]


FORMAT = LlmLogs()
