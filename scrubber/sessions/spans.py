"""Sets of events, as stretches of logs: what several sessions share is in a set only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.slices import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.slices import SliceList

Spans = dict[int, list[tuple[int, int]]]
"""By log, its stretches (start, stop), in order and apart from each other."""


def union(paths: Iterable[SliceList]) -> Spans:
    """The events of some paths."""
    found: Spans = {}
    for path in paths:
        for piece in path.slices:
            found.setdefault(piece.log, []).append((piece.start, piece.stop))
    return {log: _merged(stretches) for log, stretches in found.items()}


def join(one: Spans, other: Spans) -> Spans:
    """The events of either set."""
    logs = {**one, **other}
    return {log: _merged([*one.get(log, ()), *other.get(log, ())]) for log in logs}


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        elif start < stop:
            merged.append((start, stop))
    return merged


def without(one: Spans, other: Spans) -> Spans:
    """The events of one set that are not in another."""
    return {log: _cut(stretches, other.get(log, [])) for log, stretches in one.items()}


def _cut(stretches: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left: list[tuple[int, int]] = []
    for start, stop in stretches:
        for low, high in holes:
            if low < stop and high > start:
                if start < low:
                    left.append((start, low))
                start = max(start, high)
        if start < stop:
            left.append((start, stop))
    return left


def pieces(spans: Spans) -> list[Slice]:
    """The set as slices, in the order of the logs."""
    return [Slice(log, *stretch) for log in sorted(spans) for stretch in spans[log]]
