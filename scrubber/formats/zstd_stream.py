"""Zstandard-compressed files as the stream of what they hold.

A frame that is cut off or damaged ends the stream: what came before is kept, and a problem told.
Memory is bounded: by the window that a frame may ask for, and by feeding the decompressor in small
steps, of which each gives some megabytes at most. A file of a few bytes that would unfold to more
than a disk holds is refused.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from scrubber.core.errors import FormatError
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\x28\xb5\x2f\xfd"
MAX_WINDOW_BYTES = 128 * 1024 * 1024
"""What ``zstd --long`` uses; a frame that needs more is not one of an agent."""

_STEP_BYTES = 2048
_FREE_BYTES = 1024 * 1024 * 1024
_MAX_RATIO = 1000
"""Beyond the first gigabyte, what is unfolded may be this much larger than the file."""


def open_zstd(stream: BinaryIO, name: str) -> BinaryIO:
    """What a compressed stream holds; ``name`` is for messages. Closing it closes the other."""
    problems: list[str] = []
    pieces = PieceStream(_unfold(stream, name, problems), stream.close, problems)
    return cast("BinaryIO", io.BufferedReader(pieces, 128 * 1024))


def _unfold(stream: BinaryIO, name: str, problems: list[str]) -> Iterator[bytes]:
    from zstandard import ZstdDecompressor, ZstdError

    frames = ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    frame, taken, given = frames.decompressobj(), 0, 0
    is_open = False
    while data := stream.read(_STEP_BYTES):
        taken += len(data)
        while data:
            try:
                piece = frame.decompress(data)
            except ZstdError as error:
                problems.append(
                    f"what is compressed is damaged ({error}); what came before is kept"
                )
                return
            given += len(piece)
            if given > max(_FREE_BYTES, taken * _MAX_RATIO):
                raise FormatError(f"{name}: unfolds to more than {given:,} bytes: not a transcript")
            yield piece
            data, is_open = frame.unused_data, not frame.eof
            if frame.eof:
                frame = frames.decompressobj()
    if is_open:
        problems.append("what is compressed is cut off; what is there of it is kept")
