"""How a source becomes the stream of bytes that its reader is given.

Most sources are plain files, and their bytes are the stream. A format may have any of the parts of
``Container`` for sources that are none: archives, databases, folders of many small files. What its
``open`` gives, JSON Lines as a rule, is then what the store keeps as the source's bytes. Files
compressed with Zstandard are unfolded here for every format.
"""

from __future__ import annotations

from io import BufferedReader
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from scrubber.formats import zstd_stream

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scrubber.formats.base import Format, Reader

HEAD_BYTES = 256 * 1024
"""How much of a file is read to recognise it."""

_BUFFER_BYTES = 256 * 1024
"""Python's own buffer of 8 KB makes most long lines out of several pieces."""

_ENDINGS = (".jsonl", ".json", ".zst")


class Stamp(NamedTuple):
    """What tells that a source has not changed since it was read."""

    size: int
    mtime_ns: int
    inode: int


class Container(Protocol):
    """What a format may have beside what ``Format`` asks for; each part may be left out."""

    endings: Sequence[str]
    """Endings of its files other than ``.jsonl``, ``.json`` and ``.zst``, to be looked at in
    folders. What they are, their content tells."""

    def open(self, path: Path) -> BinaryIO:
        """The source as a stream, in bounded memory; a FormatError names the file and why not.

        The same records in the same order as before, new ones behind them, make an import go on
        where it ended; anything else is read anew. See ``streams.PieceStream``.
        """
        ...

    def unpacks(self, path: Path) -> bool:
        """Whether ``open`` gives other bytes for such a file than those that are in it.

        Told by the name alone. Left out, it is so for all that has ``open``.
        """
        ...

    def stamp(self, path: Path) -> Stamp:
        """What changes with the source: also its siblings, or a database's write-ahead log."""
        ...

    def belongs_to(self, path: Path) -> Path | None:
        """The file that stands for a source of many files, if this one is a part of such a source.

        That file itself belongs to itself. Asked of every file of a folder: look at names only,
        and at whether a file is there.
        """
        ...


def open_source(format: Format, path: Path) -> BinaryIO:
    """The bytes of a source, as the format's reader is to be given them."""
    own = getattr(format, "open", None)
    stream: BinaryIO = own(path) if own is not None else open_plain(path)
    return stream


def open_plain(path: Path) -> BinaryIO:
    """The bytes of a file, unfolded if they are compressed."""
    stream = BufferedReader(path.open("rb", 0), _BUFFER_BYTES)
    try:
        is_compressed = stream.peek(4).startswith(zstd_stream.MAGIC)
    except BaseException:
        stream.close()
        raise
    return zstd_stream.open_zstd(stream, str(path)) if is_compressed else stream


def head_of(path: Path) -> bytes:
    """The beginning of a file, unfolded if it is compressed."""
    with open_plain(path) as stream:
        return stream.read(HEAD_BYTES)


def problems_of(stream: BinaryIO) -> list[str]:
    """What was odd about a source as a container, once its stream was read."""
    problems: list[str] = getattr(getattr(stream, "raw", stream), "problems", [])
    return problems


def stamp_of(format: Format, path: Path, seen: Stamp | None = None) -> Stamp:
    """What tells whether a source has changed; ``seen`` is what its file alone told."""
    own = getattr(format, "stamp", None)
    if own is not None:
        stamp: Stamp = own(path)
        return stamp
    return seen or file_stamp(path)


def file_stamp(path: Path | os.DirEntry[str]) -> Stamp:
    """What tells whether one file has changed."""
    stat = path.stat()
    return Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def files_stamp(path: Path, others: Iterable[Path]) -> Stamp:
    """What tells whether a file, or one of some others, has changed, come or gone."""
    stamp = file_stamp(path)
    for other in others:
        try:
            one = file_stamp(other)
        except FileNotFoundError:
            continue
        stamp = Stamp(stamp.size + one.size, max(stamp.mtime_ns, one.mtime_ns), stamp.inode)
    return stamp


def is_unpacked(format: Format, path: Path) -> bool:
    """Whether the stream of a source is other bytes than those that are in its file."""
    if getattr(format, "open", None) is None:
        return path.suffix == ".zst"
    own = getattr(format, "unpacks", None)
    return own is None or bool(own(path))


def reader_of(format: Format, path: Path) -> Reader:
    """A reader for a source; it is told the name without the ending of the compression."""
    return format.reader(path.with_suffix("") if path.suffix == ".zst" else path)


def endings_of(formats: Iterable[Format]) -> tuple[str, ...]:
    """The endings of files that are looked at in folders."""
    found = set(_ENDINGS)
    for format in formats:
        found.update(getattr(format, "endings", ()))
    return tuple(sorted(found))


def whole_of(formats: Iterable[Format], path: Path) -> Path:
    """The file that stands for the source that a file is a part of; most stand for themselves."""
    for format in formats:
        own = getattr(format, "belongs_to", None)
        if own is not None and (found := own(path)) is not None:
            whole: Path = found
            return whole
    return path
