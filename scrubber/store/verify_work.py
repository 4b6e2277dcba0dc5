"""Checks what is at work on sessions: landmarks lie on events, and their blobs are what they were.

A part of ``verify``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.hashing import sha256
from scrubber.store import landmarks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def faults(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(where, what) of all that is wrong."""
    hashes: set[str] = set()
    for digest, data in connection.execute("SELECT hash, data FROM blobs"):
        hashes.add(digest)
        if sha256(data).hexdigest() != digest:
            yield f"blob {digest}", "its bytes do not match its hash"
    rows = connection.execute(
        "SELECT m.log, m.seq, m.kind, m.value, l.length FROM landmarks m "
        "LEFT JOIN logs l ON l.id = m.log"
    )
    for log, seq, kind, value, length in rows:
        where = f"log {log}, event {seq}"
        if length is None or not 0 <= seq < length:
            yield where, f"a {kind} lies on an event that is not there"
        elif kind == landmarks.CHECKPOINT:
            for digest in _blobs(value):
                if digest not in hashes:
                    yield where, f"its checkpoint's blob {digest} is missing"


def _blobs(value: str) -> list[str]:
    return list(orjson.loads(value).get("blobs", ()))
