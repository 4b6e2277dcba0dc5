"""Feeds a store with what a file holds: from its beginning, or from where its records end."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.errors import OvertakenError, StoreError
from scrubber.formats import containers, registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader, Reading
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

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """``pieces``: the bytes that the store has of it."""
        self._pieces = pieces
        self._piece, self._at = b"", 0

    def check(self, data: bytes) -> None:
        """Compare the next bytes; an OutOfStepError if they are others, or the store's damaged."""
        while data:
            if self._at == len(self._piece):
                self._piece, self._at = self._next(), 0
            begin, self._at = self._at, min(self._at + len(data), len(self._piece))
            known = self._piece[begin : self._at]
            if not known or not data.startswith(known):
                raise OutOfStepError
            data = data[len(known) :]

    def _next(self) -> bytes:
        try:
            return next(self._pieces, b"")
        except StoreError as error:
            raise OutOfStepError from error


def feed(
    reader: Reader,
    stream: BinaryIO,
    writer: SourceWriter,
    prefix: Prefix,
    mtime_ns: int,
    progress: Progress,
) -> None:
    """Feed the writer; the records that the store has already must be those of ``prefix``."""
    readings = reader.read(stream)
    if writer.read_upto:
        _replay(readings, reader, writer, prefix, progress)
    for reading in readings:
        writer.add(reading.raw, reading.drafts)
        progress.advance(len(reading.raw))
        if writer.batch_is_full:
            writer.commit(dated(reader, mtime_ns), midway=True)
            progress.begun = next(iter(writer.changes.added), None)
            progress.tell()
    writer.commit(dated(reader, mtime_ns))


def _replay(
    readings: Iterable[Reading],
    reader: Reader,
    writer: SourceWriter,
    prefix: Prefix,
    progress: Progress,
) -> None:
    """Bring the reader into step: give it what the store holds, and see that it does hold that."""
    offset = 0
    for reading in readings:
        begin, offset = offset, offset + len(reading.raw)
        known = reading.raw[: writer.read_upto - begin]
        prefix.check(known)
        writer.replay(reading.drafts, reader.infos)
        progress.advance(len(reading.raw))
        if offset >= writer.read_upto:
            break
    else:
        raise OutOfStepError
    if not writer.in_step:
        raise OutOfStepError
    if offset > writer.read_upto:
        # The last record was not whole when it was read, mostly for want of a line end: then it
        # says what it said.
        if not writer.holds(reading.drafts):
            raise OutOfStepError
        writer.add(reading.raw[len(known) :], [])


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
    prefix = Prefix(store.pieces(known.id))
    try:
        with containers.open_source(format, path) as stream:
            feed(reader, stream, writer, prefix, stamp.mtime_ns, progress)
    except (OutOfStepError, OvertakenError):
        return None
    return known, reader, writer
