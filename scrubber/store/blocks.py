"""The bytes of sources: records packed into compressed blocks of about 128 KB.

The records of a source, one after the other, are its bytes: separators and line ends belong to
the record they follow. So a source can be written out again byte for byte, and a record's line is
the number of line ends in front of it. Compressing neighbours together is cheaper than storing
them raw: there is less to write.
"""

from __future__ import annotations

import sys
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

import zstandard

from scrubber.core.errors import StoreError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

BLOCK_BYTES = 128 * 1024
_CACHED_BLOCKS = 48
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its source a record stands: line from 1, byte offset from 0."""

    line: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring records of a source, unpacked."""

    first: int
    offset: int
    lines: int
    data: bytes
    ends: array[int]

    def record(self, number: int) -> bytes:
        """The bytes of the record with this number in the source."""
        start, end = self._bounds(number)
        return self.data[start:end]

    def place(self, number: int) -> Place:
        """Where that record stands in the source."""
        start, end = self._bounds(number)
        return Place(
            self.lines + self.data.count(b"\n", 0, start) + 1, self.offset + start, end - start
        )

    def _bounds(self, number: int) -> tuple[int, int]:
        at = number - self.first
        return (self.ends[at - 1] if at else 0), self.ends[at]


def digest(data: bytes) -> bytes:
    """The hash that a block is checked against."""
    return blake2b(data, digest_size=16).digest()


def compress(data: bytes) -> bytes:
    """Packed for the store."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def decompress(data: bytes) -> bytes:
    """Unpacked again; a StoreError if that cannot be done."""
    try:
        return zstandard.ZstdDecompressor().decompress(data)
    except zstandard.ZstdError as error:
        raise StoreError(f"the store is damaged: {error}") from error


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """32-bit unsigned numbers, little end first."""
    packed = (
        numbers if isinstance(numbers, array) and numbers.typecode == "I" else array("I", numbers)
    )
    if sys.byteorder == "big":
        packed = array("I", packed)
        packed.byteswap()
    return packed.tobytes()


def unpack_numbers(data: bytes) -> array[int]:
    """The numbers that were packed."""
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class BlockReader:
    """Reads records, keeping the blocks that were read last."""

    def __init__(self) -> None:
        # By hash too: after a purge an id may stand for another block.
        self._cache: OrderedDict[tuple[int, bytes], Block] = OrderedDict()
        self._lock = Lock()

    def find(self, connection: sqlite3.Connection, source: int, record: int) -> Block:
        """The block that holds a record; a StoreError if no block does.

        Whoever appends to the source meanwhile packs its last block anew: then it is looked for
        again.
        """
        while (block := self._find(connection, source, record)) is None:
            pass
        return block

    def _find(self, connection: sqlite3.Connection, source: int, record: int) -> Block | None:
        row = connection.execute(
            "SELECT id, first, count, digest FROM blocks WHERE source = ? AND first <= ? "
            "ORDER BY first DESC LIMIT 1",
            (source, record),
        ).fetchone()
        if row is None or not row[1] <= record < row[1] + row[2]:
            raise StoreError(f"record {record} of source {source} is missing from the store")
        key = row[0], row[3]
        with self._lock:
            cached = self._cache.get(key)
            if cached is not None:
                self._cache.move_to_end(key)
                return cached
        block = load(connection, *key)
        if block is None:
            return None
        with self._lock:
            self._cache[key] = block
            while len(self._cache) > _CACHED_BLOCKS:
                self._cache.popitem(last=False)
        return block

    def record(self, connection: sqlite3.Connection, source: int, record: int) -> bytes:
        """The bytes of a record."""
        return self.find(connection, source, record).record(record)


def load(connection: sqlite3.Connection, block: int, digest: bytes | None = None) -> Block | None:
    """Unpack the block with this id (and hash); None if there is no such block any more."""
    row = connection.execute(
        "SELECT first, offset, lines, ends, data FROM blocks WHERE id = ? AND digest = "
        "coalesce(?, digest)",
        (block, digest),
    ).fetchone()
    return None if row is None else _unpacked(*row)


def _unpacked(first: int, offset: int, lines: int, ends: bytes, data: bytes) -> Block:
    return Block(first, offset, lines, decompress(data), unpack_numbers(ends))


def blocks_of(connection: sqlite3.Connection, source: int) -> Iterator[Block]:
    """All blocks of a source, in order, one at a time in memory."""
    record = 0
    while row := connection.execute(
        "SELECT first, offset, lines, ends, data FROM blocks WHERE source = ? AND first >= ? "
        "ORDER BY first LIMIT 1",
        (source, record),
    ).fetchone():
        block = _unpacked(*row)
        record = block.first + len(block.ends)
        yield block


class BlockWriter:
    """Collects the records of one source and packs them as they fill a block."""

    def __init__(self, connection: sqlite3.Connection, source: int) -> None:
        self._source = source
        self._data = bytearray()
        self._ends = array("I")
        self._packed = 0
        row = connection.execute(
            "SELECT records, read_upto FROM sources WHERE id = ?", (source,)
        ).fetchone()
        self.records: int = row[0]
        self.offset: int = row[1]
        self._first, self._offset, self._lines = self.records, self.offset, 0
        self._reopen_last(connection)

    def _reopen_last(self, connection: sqlite3.Connection) -> None:
        """Go on filling a block that small additions left unfilled."""
        row = connection.execute(
            "SELECT id, size FROM blocks WHERE source = ? ORDER BY first DESC LIMIT 1",
            (self._source,),
        ).fetchone()
        if row is None:
            return
        last = load(connection, row[0])
        assert last is not None
        if row[1] < BLOCK_BYTES // 2:
            self._first, self._offset, self._lines = last.first, last.offset, last.lines
            self._data += last.data
            self._ends = last.ends
            self._packed = len(last.ends)
        else:
            self._lines = last.lines + last.data.count(b"\n")

    @property
    def full(self) -> bool:
        """Whether what was collected fills a block."""
        return len(self._data) >= BLOCK_BYTES

    def add(self, raw: bytes) -> int:
        """Take a record; gives its number."""
        self._data += raw
        self._ends.append(len(self._data))
        self.records += 1
        self.offset += len(raw)
        return self.records - 1

    def pack(self) -> tuple[object, ...] | None:
        """What was collected as a row for the store; None if there is nothing new.

        A block that is not half full is gone on with: its next row replaces this one.
        """
        if not self._ends or self._packed == len(self._ends):
            return None
        data = bytes(self._data)
        row = (
            self._source,
            self._first,
            len(self._ends),
            self._offset,
            len(data),
            self._lines,
            digest(data),
            pack_numbers(self._ends),
            compress(data),
        )
        self._packed = len(self._ends)
        if len(data) >= BLOCK_BYTES // 2:
            self._first, self._offset = self.records, self.offset
            self._lines += data.count(b"\n")
            self._data, self._ends, self._packed = bytearray(), array("I"), 0
        return row


def insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Write packed blocks; one that begins where a block of the source began replaces it."""
    connection.executemany(
        "INSERT OR REPLACE INTO blocks (source, first, count, offset, size, lines, digest, ends,"
        " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
