"""How full the context was, column by column: a step curve that keeps peaks and holds its value."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scrubber.core.timeline.prepare import PEAK_BLOCK as BLOCK
from scrubber.core.timeline.prepare import PreparedTrack

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence


def heights(prepared: PreparedTrack, edges: Sequence[int]) -> list[int]:
    """Tokens of context per column between edges: the peak within, else what was known before."""
    contexts, peaks = prepared.track.contexts, prepared.peaks
    if not peaks:
        return [0] * (len(edges) - 1)
    held = known_before(contexts, peaks, edges[0])
    found, dirty = [], 0
    coarse = is_coarse(edges)
    for first, stop in pairwise(edges):
        if coarse:  # no block is opened: a peak may stand one column beside its place
            peak = max(peaks[first // BLOCK : max(stop // BLOCK, first // BLOCK + 1)], default=0)
        else:
            peak = max(contexts[first:stop], default=0)
        if peak and stop > first:
            found.append(peak)
            dirty = stop
            continue
        if dirty:  # a peak is shown once; what goes on is the last value, not the highest
            held, dirty = known_before(contexts, peaks, dirty), 0
        found.append(held)
    return found


def is_coarse(edges: Sequence[int]) -> bool:
    """Whether columns hold so many events that the peaks of blocks stand for these."""
    return edges[-1] - edges[0] >= BLOCK * len(edges)


def raster(values: Sequence[int], top: int, height: int) -> bytes:
    """A curve as rows of pixels, from the top: 0 above it, 1 below it, 2 or 3 on it.

    ``height`` is at most 250. A row is one translation of all columns; where a column and the one
    before it lie on different sides of the row, the curve passes through: an XOR of long numbers.
    """
    columns = bytes([min(value * height // max(top, 1), height) for value in values])
    before = columns[:1] + columns[:-1]
    rows = []
    for y in range(height, 0, -1):
        side = bytes(y) + b"\1" * (256 - y)
        now, then = columns.translate(side), before.translate(side)
        passed = int.from_bytes(now, "little") ^ int.from_bytes(then, "little")
        on = bytes(y) + b"\2" + bytes(255 - y)
        line = int.from_bytes(columns.translate(on), "little") | passed << 1
        filled = int.from_bytes(now, "little") | line
        rows.append(filled.to_bytes(len(columns), "little"))
    return b"".join(rows)


def known_before(contexts: array[int], peaks: array[int], index: int) -> int:
    """The last size recorded in front of an index, 0 where there is none."""
    block = index // BLOCK
    found = _last(contexts, block * BLOCK, index)
    while not found and block > 0:
        block -= 1
        if peaks[block]:
            found = _last(contexts, block * BLOCK, (block + 1) * BLOCK)
    return found


def _last(contexts: array[int], first: int, stop: int) -> int:
    return next((value for value in reversed(contexts[first:stop]) if value), 0)
