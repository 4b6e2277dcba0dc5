"""Exports as they are downloaded: an archive, or the files that were in it, as one stream.

Of an archive, the bytes of its ``conversations.json``, or of all its ``conversations-000.json``
and so on, one after the other, are what the store keeps.
"""

from __future__ import annotations

import io
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, cast

from scrubber.core.errors import FormatError
from scrubber.formats import zip_entries
from scrubber.formats.containers import open_plain
from scrubber.formats.layouts import HEAD_BYTES, sample
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.zip_entries import Archive, Entry

_MEMBER = re.compile(r"(?:.*/)?conversations(?:-\d+)?\.json")


def first_values(path: Path, head: bytes) -> Sequence[JSON]:
    """The first values of a file, or of the conversations in an archive, for recognising it."""
    if not head.startswith(zip_entries.MAGIC):
        return sample(head)
    try:
        with zip_entries.opened(path) as archive:
            for entry in _members(archive):
                return sample(_beginning(archive.pieces(entry)))
    except (FormatError, OSError):
        pass
    return ()


def _beginning(pieces: Iterator[bytes]) -> bytes:
    found = b""
    for piece in pieces:
        found += piece
        if len(found) >= HEAD_BYTES:
            break
    return found[:HEAD_BYTES]


def open_export(path: Path) -> BinaryIO:
    """The conversations of a file or an archive; a FormatError if an archive has none."""
    with ExitStack() as stack:
        plain = stack.enter_context(open_plain(path))
        if not plain.peek(4).startswith(zip_entries.MAGIC):  # type: ignore[attr-defined]
            stack.pop_all()
            return plain
        archive = stack.enter_context(zip_entries.opened(path))
        members = _members(archive)
        if not members:
            raise FormatError(f"{path}: there are no conversations in the archive")
        pieces = PieceStream(_joined(archive, members), stack.pop_all().close, archive.problems)
    return cast("BinaryIO", io.BufferedReader(pieces, 128 * 1024))


def _members(archive: Archive) -> list[Entry]:
    found = [entry for entry in archive.entries if _MEMBER.fullmatch(entry.name)]
    return sorted(found, key=lambda entry: (len(entry.name), entry.name))


def _joined(archive: Archive, members: Sequence[Entry]) -> Iterator[bytes]:
    for number, entry in enumerate(members):
        if number:
            yield b"\n"
        yield from archive.pieces(entry)
