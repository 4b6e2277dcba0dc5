"""The bytes of sources: records packed into compressed blocks of about 128 KB.

The records of a source, one after the other, are its bytes: separators and line ends belong to
the record they follow. So a source can be written out again byte for byte, and a record's line is
the number of line ends in front of it. Compressing neighbours together is cheaper than storing
them raw: there is less to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

from scrubber.core.errors import StoreError
from scrubber.core.recent import Recent
from scrubber.store import packing

if TYPE_CHECKING:
    import sqlite3
    from array import array
    from collections.abc import Iterator

_CACHED_BYTES = 2_000_000
_CACHED_BLOCKS = 2
"""So many stay however large they are: a record of some MB is a block of its own."""


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

    @property
    def numbers(self) -> range:
        """The numbers of its records."""
        return range(self.first, self.first + len(self.ends))

    def record(self, number: int) -> bytes:
        """The bytes of the record with this number in the source."""
        start, end = self._bounds(number)
        return self.data[start:end]

    def records(self) -> Iterator[bytes]:
        """The bytes of its records, in order."""
        return (self.data[start:end] for start, end in pairwise((0, *self.ends)))

    def place(self, number: int) -> Place:
        """Where that record stands in the source."""
        start, end = self._bounds(number)
        return Place(
            self.lines + self.data.count(b"\n", 0, start) + 1, self.offset + start, end - start
        )

    def _bounds(self, number: int) -> tuple[int, int]:
        at = number - self.first
        return (self.ends[at - 1] if at else 0), self.ends[at]


class BlockReader:
    """Reads records, keeping the blocks that were read last."""

    def __init__(self) -> None:
        # By hash too: after a purge an id may stand for another block.
        self._cache: Recent[tuple[int, bytes], Block] = Recent(_CACHED_BYTES, _CACHED_BLOCKS)
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
            return cached
        block = load(connection, *key)
        if block is not None:
            with self._lock:
                self._cache.put(key, block, len(block.data))
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


def is_intact(connection: sqlite3.Connection, block: int, data: bytes) -> bool:
    """Whether what a block was unpacked to, and was unpacked from, is what was packed."""
    row = connection.execute(
        "SELECT digest, data, ends FROM blocks WHERE id = ?", (block,)
    ).fetchone()
    return row is not None and packing.is_intact(row[0], row[1], row[2], data)


def _unpacked(first: int, offset: int, lines: int, ends: bytes, data: bytes) -> Block:
    return Block(first, offset, lines, packing.decompress(data), packing.unpack_numbers(ends))


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
