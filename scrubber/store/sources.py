"""Sources: the files that were read, how far, and what was odd about them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import OvertakenError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

MAX_WARNINGS = 1000
"""Warnings kept per source; of more only their number is told."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Something odd in a source, kept and shown, never fatal."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file as far as it was read; ``path`` is None for events made in this program."""

    id: int
    path: str | None
    format: str
    reader: int
    """Version of the reader that derived its events."""
    inode: int | None
    size: int
    mtime_ns: int | None
    read_upto: int
    """Bytes that are records of the store."""
    records: int
    pending: bytes
    """An incomplete last line, kept until the file has grown."""
    complete: bool
    """Whether the file was read to its end when it had this size and time."""
    superseded: bool
    warnings: tuple[Warning, ...]

    def unchanged(self, stamp: tuple[int, int, int]) -> bool:
        """Whether it looks just as it did when it was read to its end: (size, mtime_ns, inode)."""
        return self.complete and stamp == (self.size, self.mtime_ns, self.inode)


_FIELDS = (
    "id, path, format, reader, inode, size, mtime_ns, read_upto, records, pending, complete, "
    "superseded, warnings"
)


def by_id(connection: sqlite3.Connection, source: int) -> Source:
    """The source with this id."""
    row = connection.execute(f"SELECT {_FIELDS} FROM sources WHERE id = ?", (source,)).fetchone()
    return _source(row)


def path_text(path: Path) -> str:
    """A path as the store keeps it; bytes that are no UTF-8 are spelled out."""
    text = str(path)
    return text if text.isascii() else os.fsencode(text).decode(errors="backslashreplace")


def by_path(connection: sqlite3.Connection, path: Path) -> Source | None:
    """The current version of what was read from a file."""
    row = connection.execute(
        f"SELECT {_FIELDS} FROM sources WHERE path = ? AND superseded = 0", (path_text(path),)
    ).fetchone()
    return _source(row) if row else None


def by_paths(connection: sqlite3.Connection, paths: Sequence[Path]) -> list[Source | None]:
    """The same for many files at once, in their order."""
    texts = [path_text(path) for path in paths]
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM sources WHERE superseded = 0 "
        "AND path IN (SELECT value FROM json_each(?))",
        (orjson.dumps(texts).decode(),),
    )
    found = {row[1]: row for row in rows}
    return [_source(found[text]) if text in found else None for text in texts]


def _source(row: tuple[Any, ...]) -> Source:
    id, path, format, reader, inode, size, mtime_ns, read_upto, records, pending, *rest = row
    complete, superseded, warnings = rest
    return Source(
        id,
        path,
        format,
        reader,
        inode,
        size,
        mtime_ns,
        read_upto,
        records,
        pending,
        bool(complete),
        bool(superseded),
        () if warnings == "[]" else tuple(Warning(**item) for item in orjson.loads(warnings)),
    )


def create(
    connection: sqlite3.Connection,
    path: Path | None,
    format: str,
    reader: int,
    replaces: int | None = None,
) -> int:
    """A new source; what was read from the same file before is superseded, not deleted.

    An OvertakenError if that is not the source that the caller saw, and means to replace.
    """
    if path is not None:
        present = connection.execute(
            "SELECT id FROM sources WHERE path = ? AND superseded = 0", (path_text(path),)
        ).fetchone()
        if (present[0] if present else None) != replaces:
            raise OvertakenError(f"{path}: another program is importing this file")
        connection.execute("UPDATE sources SET superseded = 1 WHERE id = ?", (replaces,))
    cursor = connection.execute(
        "INSERT INTO sources (path, format, reader, added) VALUES (?, ?, ?, ?)",
        (path and path_text(path), format, reader, time.time_ns() // 1_000_000),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def predecessor(connection: sqlite3.Connection, source: int) -> int | None:
    """The former version of a source, None if it is the first."""
    row = connection.execute(
        "SELECT max(o.id) FROM sources s JOIN sources o ON o.path = s.path AND o.superseded = 1 "
        "AND o.id < s.id WHERE s.id = ?",
        (source,),
    ).fetchone()
    return row[0] if row else None


def check_place(connection: sqlite3.Connection, source: int, records: int, read_upto: int) -> None:
    """An OvertakenError if a source has been read to another place than the caller thinks."""
    row = connection.execute(
        "SELECT records, read_upto FROM sources WHERE id = ?", (source,)
    ).fetchone()
    if row != (records, read_upto):
        raise OvertakenError(f"source {source}: another program is importing this file")


def advance(connection: sqlite3.Connection, source: int, records: int, read_upto: int) -> None:
    """Note how far a source has been read; what was read to its end, and no further, still is."""
    connection.execute(
        "UPDATE sources SET records = ?, read_upto = ?, complete = 0 WHERE id = ? AND records < ?",
        (records, read_upto, source, records),
    )


def delete_empty(connection: sqlite3.Connection, source: int, replaced: int | None) -> None:
    """Delete a source without records; the one that it replaced stands for the file again."""
    gone = connection.execute("DELETE FROM sources WHERE id = ? AND records = 0", (source,))
    if gone.rowcount:
        connection.execute("UPDATE sources SET superseded = 0 WHERE id = ?", (replaced,))


def finish(
    connection: sqlite3.Connection,
    source: int,
    read_upto: int,
    seen: tuple[int, int, int],
    pending: bytes,
    warnings: list[Warning],
) -> None:
    """Note that a source was read to its end; ``seen`` is (size, mtime_ns, inode) at the start.

    Not if another program has read on from there.
    """
    kept = [{"line": w.line, "reason": w.reason} for w in warnings[:MAX_WARNINGS]]
    connection.execute(
        "UPDATE sources SET size = ?, mtime_ns = ?, inode = ?, pending = ?, warnings = ?, "
        "complete = 1 WHERE id = ? AND read_upto = ?",
        (*seen, pending, orjson.dumps(kept).decode(), source, read_upto),
    )
