"""Packs the records of a source into blocks, as it is read."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from scrubber.store import blocks
from scrubber.store.packing import digest, pack_numbers
from scrubber.store.press import Press

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from scrubber.store import logs

BLOCK_BYTES = 128 * 1024


class BlockWriter:
    """Collects the records of one source and packs them as they fill a block."""

    def __init__(self, connection: sqlite3.Connection, source: int) -> None:
        self._source = source
        self._records: list[bytes] = []
        """Those of the block that is being filled."""
        self._size = self._packed = 0
        """Their bytes; as many of them as its row holds by now."""
        self._places: list[tuple[logs.Row, bytes]] = []
        """Of the blocks that are in the press; and where in them their records end."""
        self._press = Press()
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
            self._pack()
        return number

    def _pack(self) -> None:
        """Make a block of what was collected.

        One that is not half full is gone on with: the next block then replaces it.
        """
        place = (
            self._source,
            self._first,
            len(self._records),
            self._offset,
            self._size,
            self._lines,
        )
        self._places.append((place, pack_numbers(accumulate(map(len, self._records)))))
        self._press.add(b"".join(self._records))
        self._packed = len(self._records)
        if self._size >= BLOCK_BYTES // 2:
            self._begin_next()

    def _begin_next(self) -> None:
        self._lines += sum(map(_line_ends, self._records))
        self._first, self._offset = self.records, self.offset
        self._records, self._size, self._packed = [], 0, 0

    def take(self) -> list[logs.Row]:
        """The blocks of all that is new, for ``insert``."""
        if self._packed < len(self._records):
            self._pack()
        places, self._places = self._places, []
        return [
            (*place, ends, digest(data, ends), data)
            for (place, ends), data in zip(places, self._press.take(), strict=True)
        ]


def _line_ends(raw: bytes) -> int:
    """Mostly one, at the end: that it is the first is found sooner than all are counted."""
    return 1 if 0 < len(raw) == raw.find(b"\n") + 1 else raw.count(b"\n")


def insert(connection: sqlite3.Connection, rows: Sequence[logs.Row]) -> None:
    """Write blocks; one that begins where a block of its source began replaces that."""
    connection.executemany(
        "INSERT OR REPLACE INTO blocks (source, first, count, offset, size, lines, ends, digest,"
        " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
