"""Logs of UK AISI's Inspect: ``.eval`` archives, ``.json`` logs, and samples by themselves.

Read from top to bottom: ``samples``, ``archive`` and ``document`` (the layouts), ``attachments``,
``context`` and ``scopes`` (what a model saw, and which agent it was), ``unfold`` (a sample to
records), ``messages``, ``events`` and ``records`` (what a record holds), ``reader``.
"""

from __future__ import annotations

import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import orjson

from scrubber.core.content import Content, Data, Text
from scrubber.formats import zip_entries
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.containers import open_plain
from scrubber.formats.inspect_ai import document
from scrubber.formats.inspect_ai.lines import archive_lines, document_lines
from scrubber.formats.inspect_ai.reader import InspectReader
from scrubber.formats.inspect_ai.records import pieces_of
from scrubber.formats.jsonl import first_values
from scrubber.formats.layouts import sample
from scrubber.formats.parsing import loads
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Sequence


class Inspect:
    """The format of such logs."""

    name = "inspect"
    title = "Inspect AI"
    version = 2
    endings = (".eval",)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the names of an archive's entries, and at what a log or a sample begins with."""
        if name := zip_entries.first_name(head):
            return 100 if _is_of_log(name) else 0
        if any(_is_record(value) for value in first_values(head, 1)):
            return 100
        if document.begins_log(head):
            return 95
        values = sample(head)
        return 80 if values and document.is_sample(values[0]) else 0

    def open(self, path: Path) -> BinaryIO:
        """The log as records; what was unfolded before is given as it is."""
        problems: list[str] = []
        with ExitStack() as stack:
            stream = stack.enter_context(open_plain(path))
            head = stream.read(1024 * 64)
            if head.startswith(zip_entries.MAGIC):
                archive = stack.enter_context(zip_entries.opened(path))
                lines = archive_lines(archive)
                problems = archive.problems
            elif any(_is_record(value) for value in first_values(head, 1)):
                stack.close()
                return open_plain(path)
            else:
                lines = document_lines(stack.enter_context(open_plain(path)), problems)
            pieces = PieceStream(lines, stack.pop_all().close, problems)
        return cast("BinaryIO", io.BufferedReader(pieces, 128 * 1024))

    def reader(self, path: Path) -> Reader:
        """A reader for the records of a log."""
        return InspectReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; that of a damaged record is its text."""
        try:
            record = loads(raw)
        except orjson.JSONDecodeError:
            record = None
        if not _is_record(record):
            return Content((Text(raw.decode(errors="replace")),))
        pieces = pieces_of(record)
        return pieces[part].content if 0 <= part < len(pieces) else Content((Data(record),))

    def places(self) -> Sequence[FoundPlace]:
        """``$INSPECT_LOG_DIR``; else logs lie in ``logs`` of whatever folder Inspect ran in."""
        folder = os.environ.get("INSPECT_LOG_DIR", "")
        return [FoundPlace(Path(folder), "**/*.eval")] if folder and "://" not in folder else []


def _is_of_log(name: str) -> bool:
    return name == "header.json" or name.startswith(("_journal/", "samples/", "summaries"))


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("inspect"), str)


FORMAT = Inspect()
