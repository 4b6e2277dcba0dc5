"""Hashes, imported when the first is taken: hashlib brings all of OpenSSL, 4 MB of memory.

A window that shows sessions takes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib
    from _hashlib import HASH


def blake2b(data: bytes = b"", *, digest_size: int) -> hashlib.blake2b:
    """As in hashlib."""
    import hashlib

    return hashlib.blake2b(data, digest_size=digest_size)


def sha1(data: bytes) -> HASH:
    """As in hashlib."""
    import hashlib

    return hashlib.sha1(data)


def sha256(data: bytes) -> HASH:
    """As in hashlib."""
    import hashlib

    return hashlib.sha256(data)
