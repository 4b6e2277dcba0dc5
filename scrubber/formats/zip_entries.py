"""Zip archives read entry by entry, in bounded memory; names of entries are never used as paths.

Entries are stored, deflated, or compressed with Zstandard (method 93, which Python's own module
reads from 3.14 on). An archive whose end is missing, as after a crash, is read from its beginning
as far as it goes. What would unfold to more than its archive can honestly hold is refused.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from scrubber.core.errors import FormatError
from scrubber.formats.zstd_stream import MAX_WINDOW_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"PK\x03\x04"
MAX_ENTRY_BYTES = 512 * 1024 * 1024
"""What one entry may unfold to; it is the longest record, too."""

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
_MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
_FREE_BYTES = 64 * 1024 * 1024
_MAX_RATIO = 1100
"""Deflate cannot do more; beyond ``_FREE_BYTES`` nothing that is honest does."""
_STEP_BYTES = 64 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_IS_ENCRYPTED, _HAS_SIZE_BEHIND = 1, 8


class Entry(NamedTuple):
    """What the archive says of an entry; sizes are in bytes."""

    name: str
    method: int
    flags: int
    packed: int
    size: int
    checksum: int
    offset: int
    """Where its header begins."""


class Archive:
    """An open archive; ``problems`` tells what was odd about it."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path = path
        self._stream = stream
        self.problems: list[str] = []
        self.size = path.stat().st_size
        self.entries = self._directory()
        """In the order in which they were written."""
        if sum(entry.packed for entry in self.entries) > self.size:
            raise FormatError(f"{path}: its entries overlap: not an archive that a program wrote")

    def read(self, entry: Entry) -> bytes:
        """The whole of an entry; a FormatError names it and says why it cannot be read."""
        return b"".join(self.pieces(entry))

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """An entry piece by piece."""
        where = f"{self._path}, entry {entry.name!r}"
        if entry.flags & _IS_ENCRYPTED:
            raise FormatError(f"{where}: encrypted")
        most = min(MAX_ENTRY_BYTES, max(_FREE_BYTES, entry.packed * _MAX_RATIO))
        if entry.size > most:
            raise FormatError(f"{where}: unfolds to {entry.size:,} bytes, which is not read")
        given = checksum = 0
        with _translated(where):
            for piece in _unfold(self._packed(entry), entry.method):
                given += len(piece)
                if given > entry.size:
                    raise FormatError(f"{where}: unfolds to more than it says")
                checksum = zlib.crc32(piece, checksum)
                yield piece
        if given < entry.size or checksum != entry.checksum:
            raise FormatError(f"{where}: damaged, or cut off")

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        self._stream.seek(entry.offset)
        header = self._stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(MAGIC):
            raise BadZipFile("no entry begins where the directory says")
        name, extra = _LOCAL.unpack(header)[-2:]
        self._stream.seek(name + extra, 1)
        left = entry.packed
        while left and (data := self._stream.read(min(left, _STEP_BYTES))):
            left -= len(data)
            yield data

    def _directory(self) -> list[Entry]:
        try:
            self._check_directory()
            with ZipFile(self._stream) as archive:
                found = [
                    Entry(
                        one.filename, one.compress_type, one.flag_bits,
                        one.compress_size, one.file_size, one.CRC, one.header_offset,
                    )
                    for one in archive.infolist()
                    if not one.is_dir()
                ]  # fmt: skip
        except (BadZipFile, struct.error, ValueError, EOFError, NotImplementedError) as error:
            found = list(self._salvaged())
            self.problems.append(
                f"the archive is damaged or cut off ({error}); {len(found)} entries are left of it"
            )
        return sorted(found, key=attrgetter("offset"))

    def _check_directory(self) -> None:
        """Refuse a directory that would take more memory than any transcript needs."""
        self._stream.seek(max(self.size - 65_557, 0))
        tail = self._stream.read()
        at = tail.rfind(_END_SIGN)
        if at < 0:
            raise BadZipFile("its directory is missing")
        size = _END.unpack_from(tail, at)[5]
        if size == 0xFFFFFFFF and (wide := tail.rfind(b"PK\x06\x06")) >= 0:
            size = struct.unpack_from("<Q", tail, wide + 40)[0]
        if size > _MAX_DIRECTORY_BYTES:
            raise FormatError(f"{self._path}: more entries than a transcript has")

    def _salvaged(self) -> Iterator[Entry]:
        """The entries from the beginning on, by their own headers."""
        at, found = 0, 0
        while at < self.size and found * 46 < _MAX_DIRECTORY_BYTES:
            self._stream.seek(at)
            header = self._stream.read(_LOCAL.size)
            if len(header) < _LOCAL.size or not header.startswith(MAGIC):
                return
            fields = _LOCAL.unpack(header)
            flags, method, checksum, packed, size, name, extra = fields[2:4] + fields[6:]
            title = self._stream.read(name).decode(errors="replace")
            end = at + _LOCAL.size + name + extra + packed
            if flags & _HAS_SIZE_BEHIND or end > self.size:
                return
            yield Entry(title, method, flags, packed, size, checksum, at)
            at, found = end, found + 1


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at a path; a FormatError names the file if it is none."""
    with path.open("rb") as stream:
        yield Archive(path, stream)


def first_name(head: bytes) -> str:
    """Name of the entry that an archive with this beginning begins with; empty if it is none."""
    if len(head) < _LOCAL.size or not head.startswith(MAGIC):
        return ""
    length = _LOCAL.unpack_from(head)[-2]
    return head[_LOCAL.size : _LOCAL.size + length].decode(errors="replace")


def _unfold(packed: Iterator[bytes], method: int) -> Iterator[bytes]:
    if method == STORED:
        yield from packed
    elif method == DEFLATED:
        yield from _inflated(packed)
    elif method == ZSTANDARD:
        yield from _decompressed(packed)
    else:
        raise BadZipFile(f"compressed by method {method}, which is not known here")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in packed:
        while data:
            yield inflater.decompress(data, _STEP_BYTES * 16)
            data = inflater.unconsumed_tail
    yield inflater.flush()


def _decompressed(packed: Iterator[bytes]) -> Iterator[bytes]:
    from zstandard import ZstdDecompressor

    frames = ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    frame = frames.decompressobj()
    for data in packed:
        for start in range(0, len(data), 2048):
            rest = data[start : start + 2048]
            while rest:
                yield frame.decompress(rest)
                rest = frame.unused_data
                if frame.eof:
                    frame = frames.decompressobj()


@contextmanager
def _translated(where: str) -> Iterator[None]:
    try:
        yield
    except FormatError:
        raise
    except (BadZipFile, zlib.error, OSError) as error:
        raise FormatError(f"{where}: {error}") from error
    except Exception as error:
        if type(error).__name__ != "ZstdError":  # its module is loaded only where it is needed
            raise
        raise FormatError(f"{where}: {error}") from error
