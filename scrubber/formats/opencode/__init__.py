"""OpenCode: its database, the folder it had before, and what ``opencode export`` writes.

Read from top to bottom: ``database`` and ``storage`` (what is read as a stream of messages),
``parts`` and ``records`` (what a message holds), ``reader``, ``ids`` and ``writer`` (a session
that ``opencode import`` takes).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from scrubber.core.content import Content, Data, Text
from scrubber.formats import sqlite_rows
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.containers import Stamp, file_stamp, files_stamp
from scrubber.formats.json_tree import part_value
from scrubber.formats.layouts import sample
from scrubber.formats.opencode import database, storage
from scrubber.formats.opencode.places import data_folder
from scrubber.formats.opencode.reader import OpenCodeReader
from scrubber.formats.opencode.records import is_message, told_of
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import JSON


class OpenCode:
    """The format of such sessions."""

    name = "opencode"
    title = "OpenCode"
    version = 1
    endings = (".db",)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the tables of its database, and at ids in the places of an export."""
        if sqlite_rows.is_database(head):
            return 100 if sqlite_rows.table_names(path) >= database.TABLES else 0
        value = next(iter(sample(head)), None)
        if storage.place_of(path) is not None and _is_of_storage(value):
            return 90
        return 95 if _is_export(value) else 0

    def open(self, path: Path) -> BinaryIO:
        """A database or folder as lines; an exported session as it is."""
        if self.unpacks(path) and not sqlite_rows.holds_database(path):
            pieces = PieceStream(storage.lines(path))
            return cast("BinaryIO", io.BufferedReader(pieces, 128 * 1024))
        return sqlite_rows.open_rows(path, database.lines)

    def unpacks(self, path: Path) -> bool:
        """An exported session is a plain file."""
        return path.suffix == ".db" or storage.place_of(path) is not None

    def stamp(self, path: Path) -> Stamp:
        """What changes with the database's log, or with a file of the folder."""
        if path.suffix == ".db":
            return sqlite_rows.stamp(path)
        others = storage.files_of(path)
        return files_stamp(path, others) if others else file_stamp(path)

    def belongs_to(self, path: Path) -> Path | None:
        """The session's file stands for those of its messages and parts."""
        return storage.whole_of(path)

    def reader(self, path: Path) -> Reader:
        """A reader for sessions."""
        return OpenCodeReader()

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a message; that of anything else is its value."""
        value = part_value(raw)
        if is_message(value):
            told = told_of(value)
            if 0 <= part < len(told):
                return told[part].content
        if value is None:
            return Content((Text(raw.decode(errors="replace")),))
        return Content((Data(value),))

    def places(self) -> Sequence[FoundPlace]:
        """``$XDG_DATA_HOME/opencode``: its database, and the folder of older versions."""
        folder = data_folder()
        old = FoundPlace(folder / "storage" / "session", "*/*.json")
        return [FoundPlace(folder, "opencode*.db"), old]


def _is_export(value: JSON) -> bool:
    if not isinstance(value, dict):
        return False
    info, messages = value.get("info"), value.get("messages")
    if isinstance(messages, list) and messages:
        return is_message(messages[0]) or (isinstance(info, dict) and _is_session(info))
    return isinstance(info, dict) and _is_session(info)


def _is_of_storage(value: JSON) -> bool:
    return isinstance(value, dict) and (_is_session(value) or ("role" in value and "id" in value))


def _is_session(info: dict[str, JSON]) -> bool:
    return isinstance(info.get("id"), str) and ("directory" in info or "projectID" in info)


FORMAT = OpenCode()
