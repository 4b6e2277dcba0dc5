"""OpenTelemetry's GenAI spans: OTLP/JSON, and the database that Copilot Chat keeps of them.

Read from top to bottom: ``rows`` (the database as lines), ``attributes``, ``messages`` and
``spans`` (what a span holds), ``threads`` (conversations out of calls), ``reader``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.formats import sqlite_rows
from scrubber.formats.containers import Stamp, open_plain
from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.json_tree import part_value
from scrubber.formats.layouts import sample
from scrubber.formats.otel import rows
from scrubber.formats.otel.reader import LISTS, OtelReader
from scrubber.formats.otel.spans import OtelDialect

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.formats.base import Reader

_GENERATIVE = (b'"gen_ai.', b'"llm.', b'"openinference.', b'"traceloop.')


class Otel(ConversationFormat):
    """The format of such files."""

    name = "otel"
    title = "OpenTelemetry GenAI spans"
    version = 1
    endings = (".db",)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at spans with attributes of a model; less so at spans of anything."""
        if sqlite_rows.is_database(head):
            return 95 if sqlite_rows.table_names(path) >= rows.TABLES else 0
        for value in sample(head):
            if isinstance(value, dict) and any(isinstance(value.get(k), list) for k in LISTS):
                return 95 if any(sign in head for sign in _GENERATIVE) else 30
        return 0

    def open(self, path: Path) -> BinaryIO:
        """A database's spans as lines; any other file as it is."""
        stream = open_plain(path)
        head = stream.read(len(sqlite_rows.MAGIC))
        stream.close()
        if sqlite_rows.is_database(head):
            return sqlite_rows.row_stream(path, rows.lines)
        return open_plain(path)

    def unpacks(self, path: Path) -> bool:
        """Databases, and what is compressed."""
        return path.suffix in (".db", ".zst")

    def stamp(self, path: Path) -> Stamp:
        """What changes with the file, or a database's log."""
        return sqlite_rows.stamp(path)

    def reader(self, path: Path) -> Reader:
        """A reader for a file of spans."""
        return OtelReader()


FORMAT = Otel(OtelDialect(), part_value)
