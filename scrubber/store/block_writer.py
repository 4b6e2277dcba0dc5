"""Packs the records of a source into blocks, as it is read."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from scrubber.store import blocks
from scrubber.store.packing import compress, digest, pack_numbers

if TYPE_CHECKING:
    import sqlite3

BLOCK_BYTES = 128 * 1024


class BlockWriter:
    """Collects the records of one source and packs them as they fill a block."""

    def __init__(self, connection: sqlite3.Connection, source: int) -> None:
        self._source = source
        self._records: list[bytes] = []
        """Those of the block that is being filled."""
        self._size = self._packed = 0
        """Their bytes; as many of them as its row holds by now."""
        self._rows: list[tuple[object, ...]] = []
        """Blocks that were packed, and are not in the store."""
        row = connection.execute(
            "SELECT records, read_upto FROM sources WHERE id = ?", (source,)
        ).fetchone()
        self._first: int = row[0]
        self._offset: int = row[1]
        self._lines = 0
        self._reopen_last(connection)

    def _reopen_last(self, connection: sqlite3.Connection) -> None:
        """Go on filling a block that small additions left unfilled."""
        row = connection.execute(
            "SELECT id, size FROM blocks WHERE source = ? ORDER BY first DESC LIMIT 1",
            (self._source,),
        ).fetchone()
        if row is None:
            return
        last = blocks.load(connection, row[0])
        assert last is not None
        if row[1] < BLOCK_BYTES // 2:
            self._first, self._offset, self._lines = last.first, last.offset, last.lines
            self._records = list(last.records())
            self._size, self._packed = len(last.data), len(self._records)
        else:
            self._lines = last.lines + last.data.count(b"\n")

    @property
    def records(self) -> int:
        """Records of the source so far."""
        return self._first + len(self._records)

    @property
    def offset(self) -> int:
        """Bytes of the source so far."""
        return self._offset + self._size

    def add(self, raw: bytes) -> int:
        """Take the next record; gives its number."""
        number = self.records
        self._records.append(raw)
        self._size += len(raw)
        if self._size >= BLOCK_BYTES:
            self.pack()
        return number

    def pack(self) -> None:
        """Make a row of what was collected, if there is anything new.

        A block that is not half full is gone on with: its next row replaces this one.
        """
        if self._packed == len(self._records):
            return
        packed = compress(b"".join(self._records))
        row = (
            self._source,
            self._first,
            len(self._records),
            self._offset,
            self._size,
            self._lines,
            digest(packed),
            pack_numbers(accumulate(map(len, self._records))),
            packed,
        )
        self._rows.append(row)
        self._packed = len(self._records)
        if self._size >= BLOCK_BYTES // 2:
            self._begin_next()

    def _begin_next(self) -> None:
        self._lines += sum(map(_line_ends, self._records))
        self._first, self._offset = self.records, self.offset
        self._records, self._size, self._packed = [], 0, 0

    def insert(self, connection: sqlite3.Connection) -> None:
        """Write what was packed; a row that begins where another did replaces it."""
        connection.executemany(
            "INSERT OR REPLACE INTO blocks (source, first, count, offset, size, lines, digest,"
            " ends, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._rows,
        )
        self._rows = []


def _line_ends(raw: bytes) -> int:
    """Mostly one, at the end: that it is the first is found sooner than all are counted."""
    return 1 if 0 < len(raw) == raw.find(b"\n") + 1 else raw.count(b"\n")
