"""Streams of bytes that come from somewhere else than a plain file."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Buffer


_STEP_BYTES = 256 * 1024


class PieceStream(io.RawIOBase):
    """Pieces of bytes as one stream; wrap it in an io.BufferedReader.

    ``problems`` are sentences about what was odd in the source; whoever makes the pieces adds to
    them while they are read. ``close`` calls ``closing``, which lets go of where they come from.
    """

    def __init__(
        self,
        pieces: Iterator[bytes],
        closing: Callable[[], object] | None = None,
        problems: list[str] | None = None,
    ) -> None:
        self.problems = problems if problems is not None else []
        self._pieces = pieces
        self._rest = memoryview(b"")
        self._closing = closing

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill the buffer as far as one piece allows."""
        target = memoryview(buffer)
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        """Let go of the source; a second call does nothing."""
        try:
            if not self.closed and self._closing is not None:
                self._closing()
        finally:
            super().close()


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """A stream whose beginning was read already, from its beginning."""
    pieces = itertools.chain([head], iter(lambda: rest.read(_STEP_BYTES), b""))
    return cast("BinaryIO", io.BufferedReader(PieceStream(pieces), _STEP_BYTES))
