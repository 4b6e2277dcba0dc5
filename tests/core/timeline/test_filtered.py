from __future__ import annotations

from array import array
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import Kind, Mark, Origin, Role, Visibility
from scrubber.core.timeline.prepare import Tick, filtered, prepare
from scrubber.core.track import Track, pack_flags

SORTS = [
    (Kind.MESSAGE, Role.USER, Origin.RECORDED, Mark.NONE),
    (Kind.MESSAGE, Role.ASSISTANT, Origin.EDITED, Mark.NONE),
    (Kind.TOOL_CALL, Role.ASSISTANT, Origin.RECORDED, Mark.NONE),
    (Kind.TOOL_RESULT, Role.TOOL, Origin.RECORDED, Mark.ERROR),
]


def track(sorts: list[int]) -> Track:
    chosen = [SORTS[n] for n in sorts]
    flags = (pack_flags(role, Visibility.IN_CONTEXT, o, marks) for _, role, o, marks in chosen)
    zeros = [0] * len(chosen)
    return Track(
        kinds=bytes(kind for kind, *_ in chosen),
        flags=bytes(flags),
        times=array("q", zeros),
        sizes=array("I", zeros),
        contexts=array("I", zeros),
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=600))
def test_what_fits_is_painted_as_before_and_nothing_else(events):
    whole = prepare(track([sort for sort, _ in events]))
    mask = bytes(fits for _, fits in events)
    left = filtered(whole, mask)
    for index, fits in enumerate(mask):
        assert left.ticks[index] == (whole.ticks[index] if fits else 255)
        if whole.errors:
            assert left.errors[index] == (whole.errors[index] if fits else 0)
        if whole.added:
            assert left.added[index] == (whole.added[index] if fits else 0)
    edges = [0, len(events) // 3, len(events)]
    for tick in left.sums:
        assert left.counts(tick, edges) == [left.ticks[a:b].count(tick) for a, b in pairwise(edges)]
    assert left.lanes == whole.lanes
    assert left.axes is whole.axes


def test_events_behind_the_mask_are_shown():
    whole = prepare(track([0, 0, 2]))
    assert filtered(whole, b"\0").ticks == bytes([255, Tick.YOU, Tick.CALL])
