"""The timeline's columns: per log, in chunks of 4,096 events, so that no event row is read."""

from __future__ import annotations

import sys
from array import array
from functools import cache
from typing import TYPE_CHECKING

from scrubber.core.track import Track, pack_flags
from scrubber.store.packing import compress, decompress

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from scrubber.core.events import Kind, Mark, Origin, Role, Visibility
    from scrubber.core.slices import SliceList

CHUNK = 4096

MAX_CELL = 2**32 - 1
"""The largest size or context that a column holds."""

Cell = tuple[int, int, int, int, int]
"""kind, flags, time in ms, size in characters, context in tokens."""

Codes = tuple[int, int, int, int, int, int]
"""kind, role, visibility, origin, marks; and the flags of a cell."""


@cache
def codes(kind: Kind, role: Role, visibility: Visibility, origin: Origin, marks: Mark) -> Codes:
    """What an event is, in plain numbers; the same few combinations come again and again."""
    flags = pack_flags(role, visibility, origin, marks)
    return int(kind), int(role), int(visibility), int(origin), int(marks), flags


def cell(event: Codes, ts: int | None, size: int, context: int) -> Cell:
    """What the timeline shows of an event."""
    size = size if size <= MAX_CELL else MAX_CELL
    return event[0], event[5], ts or 0, size, context if context <= MAX_CELL else MAX_CELL


def pack(track: Track) -> bytes:
    """A chunk as the store keeps it: its columns one after the other, compressed."""
    parts = [track.kinds, track.flags]
    for column in (track.times, track.sizes, track.contexts):
        parts.append(_little(column).tobytes())
    return compress(b"".join(parts))


def unpack(data: bytes) -> Track:
    """The columns of a chunk."""
    raw = decompress(data)
    count = len(raw) // 18
    times, sizes, contexts = array("q"), array("I"), array("I")
    times.frombytes(raw[2 * count : 10 * count])
    sizes.frombytes(raw[10 * count : 14 * count])
    contexts.frombytes(raw[14 * count :])
    return Track(
        raw[:count], raw[count : 2 * count], _little(times), _little(sizes), _little(contexts)
    )


def _little(column: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return column
    swapped = array(column.typecode, column)
    swapped.byteswap()
    return swapped


def append(connection: sqlite3.Connection, log: int, length: int, cells: Sequence[Cell]) -> None:
    """Add cells behind the log's first ``length`` events."""
    done = 0
    while done < len(cells):
        chunk, filled = divmod(length + done, CHUNK)
        piece = cells[done : done + CHUNK - filled]
        track = _of_cells(piece)
        if filled:
            row = connection.execute(
                "SELECT data FROM columns WHERE log = ? AND chunk = ?", (log, chunk)
            ).fetchone()
            track = join([_cut(unpack(row[0]), 0, filled), track])
        connection.execute(
            "INSERT OR REPLACE INTO columns (log, chunk, data) VALUES (?, ?, ?)",
            (log, chunk, pack(track)),
        )
        done += len(piece)


def read(connection: sqlite3.Connection, slices: SliceList) -> Track:
    """The columns of a whole session, each filled in place: of long ones a copy is felt."""
    count = slices.length
    kinds, flags = bytearray(count), bytearray(count)
    times, sizes, contexts = (array(code, [0]) * count for code in "qII")
    at = 0
    for part in _parts(connection, slices):
        to = slice(at, at + len(part))
        kinds[to], flags[to] = part.kinds, part.flags
        times[to], sizes[to], contexts[to] = part.times, part.sizes, part.contexts
        at = to.stop
    for column in (kinds, flags, times, sizes, contexts):
        del column[at:]  # of a damaged store, which has fewer
    return Track(bytes(kinds), bytes(flags), times, sizes, contexts)


def _parts(connection: sqlite3.Connection, slices: SliceList) -> Iterator[Track]:
    for piece in slices.slices:
        rows = connection.execute(
            "SELECT chunk, data FROM columns WHERE log = ? AND chunk BETWEEN ? AND ? "
            "ORDER BY chunk",
            (piece.log, piece.start // CHUNK, (piece.stop - 1) // CHUNK),
        )
        for chunk, data in rows:
            base = chunk * CHUNK
            yield _cut(unpack(data), max(piece.start - base, 0), min(piece.stop - base, CHUNK))


def join(parts: Sequence[Track]) -> Track:
    """Tracks one after the other as one."""
    whole = Track(b"".join(part.kinds for part in parts), b"".join(part.flags for part in parts))
    for part in parts:
        whole.times.extend(part.times)
        whole.sizes.extend(part.sizes)
        whole.contexts.extend(part.contexts)
    return whole


def _cut(track: Track, start: int, stop: int) -> Track:
    if start == 0 and stop >= len(track):
        return track
    return Track(
        track.kinds[start:stop],
        track.flags[start:stop],
        track.times[start:stop],
        track.sizes[start:stop],
        track.contexts[start:stop],
    )


def _of_cells(cells: Sequence[Cell]) -> Track:
    kinds, flags, times, sizes, contexts = zip(*cells, strict=True)
    return Track(
        bytes(kinds), bytes(flags), array("q", times), array("I", sizes), array("I", contexts)
    )
