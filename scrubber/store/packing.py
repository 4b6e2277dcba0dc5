"""How bytes and numbers are packed for the store, and how their packing is checked."""

from __future__ import annotations

import sys
import threading
from array import array
from typing import TYPE_CHECKING

import zstandard

from scrubber.core.errors import StoreError
from scrubber.core.hashing import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEVEL = 1
_DIGEST_BYTES = 20
_FORMER_DIGEST_BYTES = 16
"""Up to schema 6: the hash of the bytes themselves, of which there are five times as many."""


class _Tools(threading.local):
    """A thread's own: making one costs a tenth of the packing of a block."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor()


_tools = _Tools()


def compress(data: bytes) -> bytes:
    """Packed for the store, with a checksum of the bytes that each unpacking compares."""
    return _tools.compressor.compress(data)


def decompress(data: bytes) -> bytes:
    """Unpacked again; a StoreError if that cannot be done."""
    try:
        return _tools.decompressor.decompress(data)
    except zstandard.ZstdError as error:
        raise StoreError(f"the store is damaged: {error}") from error


def digest(packed: bytes, ends: bytes) -> bytes:
    """The hash that packed bytes, and the ends of the records in them, are checked against."""
    return blake2b(ends + packed, digest_size=_DIGEST_BYTES).digest()


def is_intact(kept: bytes, packed: bytes, ends: bytes, data: bytes) -> bool:
    """Whether packed bytes, and what they were unpacked to, are those that a hash was taken of."""
    if len(kept) == _FORMER_DIGEST_BYTES:
        return blake2b(data, digest_size=_FORMER_DIGEST_BYTES).digest() == kept
    return digest(packed, ends) == kept


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """32-bit unsigned numbers, little end first."""
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack_numbers(data: bytes) -> array[int]:
    """The numbers that were packed."""
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
