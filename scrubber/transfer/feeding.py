"""Feeds a store with what a file holds: from its beginning, or from where its records end."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.errors import OvertakenError
from scrubber.formats import containers, registry
from scrubber.store.blocks import digest

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader
    from scrubber.store import Store
    from scrubber.store.sources import Source
    from scrubber.store.writer import SourceWriter
    from scrubber.transfer.progress import Progress


class OutOfStepError(Exception):
    """The store's records of a file do not give the store's events: it is read anew."""


class Prefix:
    """What a file must begin with, if it is still the one that the store has read.

    It is checked as the bytes are read for going on, not in a reading of its own: the file may
    change between two.
    """

    def __init__(self, digests: list[tuple[int, bytes]]) -> None:
        self._left = digests[::-1]
        self._data = bytearray()

    def check(self, data: bytes) -> None:
        """Compare the next bytes; an OutOfStepError if they are others."""
        self._data += data
        while self._left and len(self._data) >= self._left[-1][0]:
            size, expected = self._left.pop()
            if digest(bytes(self._data[:size])) != expected:
                raise OutOfStepError
            del self._data[:size]

    def end(self) -> None:
        """An OutOfStepError if not all of it was there."""
        if self._left:
            raise OutOfStepError


def feed(
    reader: Reader,
    stream: BinaryIO,
    writer: SourceWriter,
    prefix: Prefix,
    start: int,
    mtime_ns: int,
    progress: Progress,
) -> None:
    """Feed the writer; records in front of byte ``start`` are in the store already."""
    offset = 0
    for reading in reader.read(stream):
        begin, offset = offset, offset + len(reading.raw)
        if begin < start:
            prefix.check(reading.raw[: start - begin])
            writer.replay(reading.drafts, reader.infos)
        if offset >= start >= begin:
            prefix.end()
            _check_step(writer)
        if begin >= start:
            writer.add(reading.raw, reading.drafts)
        elif offset > start:
            # The last record was not whole when it was read, mostly for want of a line end: then
            # it says what it said.
            if not writer.holds(reading.drafts):
                raise OutOfStepError
            writer.add(reading.raw[start - begin :], [])
        progress.advance(len(reading.raw))
        if writer.batch_is_full:
            writer.commit(dated(reader, mtime_ns), midway=True)
            progress.tell()
    if offset < start:
        raise OutOfStepError
    writer.commit(dated(reader, mtime_ns))


def dated(reader: Reader, mtime_ns: int) -> dict[str, SessionInfo]:
    """What the reader knows of the sessions, with the file's time for those without times."""
    for info in reader.infos.values():
        info.file_time = mtime_ns // 1_000_000
    return reader.infos


def reader_at_end(
    store: Store, path: Path, progress: Progress
) -> tuple[Source, Reader, SourceWriter] | None:
    """What goes on with a file from where the store's records of it end, without reading it again.

    None if its format cannot, or the file is not just what the store has. Costs the file's length,
    once.
    """
    known = store.source_of(path)
    if known is None:
        return None
    format = registry.get(known.format)
    reader, stamp = containers.reader_of(format, path), containers.stamp_of(format, path)
    if not getattr(reader, "goes_on", False) or containers.is_unpacked(format, path):
        return None
    writer = store.writer_of(known)
    prefix = Prefix(store.block_digests(known.id))
    try:
        with containers.open_source(format, path) as stream:
            feed(reader, stream, writer, prefix, writer.read_upto, stamp.mtime_ns, progress)
    except (OutOfStepError, OvertakenError):
        return None
    return known, reader, writer


def _check_step(writer: SourceWriter) -> None:
    """See that the records which the store holds give just the events that it holds."""
    if not writer.in_step:
        raise OutOfStepError
