from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.slices import Slice, SliceList, join_neighbours

Event = tuple[int, int]
pieces = st.builds(
    lambda log, start, length: Slice(log, start, start + length),
    st.integers(1, 3),
    st.integers(0, 8),
    st.integers(0, 5),
)
slice_lists = st.lists(pieces, max_size=8).map(SliceList)
indices = st.integers(-3, 50)


def plain(slices: SliceList) -> list[Event]:
    """The same as a list of (log, seq)."""
    return [(p.log, seq) for p in slices.slices for seq in range(p.start, p.stop)]


@given(st.lists(pieces, max_size=8))
def test_joining_keeps_the_events_and_leaves_nothing_to_join(raw):
    joined = join_neighbours(raw)
    assert plain(SliceList(raw)) == [(p.log, seq) for p in raw for seq in range(p.start, p.stop)]
    assert join_neighbours(joined) == joined
    assert all(len(piece) for piece in joined)


@given(slice_lists)
def test_locating_is_indexing(slices):
    events = plain(slices)
    assert len(slices) == len(events)
    for position, event in enumerate(events):
        ordinal, log, seq = slices.locate(position)
        assert (log, seq) == event
        assert slices.first_position(ordinal) <= position
    for outside in (-1, len(events)):
        with pytest.raises(IndexError, match=str(outside)):
            slices.locate(outside)


@given(slice_lists, indices, indices)
def test_cutting_is_slicing(slices, start, stop):
    wanted = plain(slices)[max(start, 0) : max(stop, 0)]
    assert plain(slices.between(start, stop)) == wanted
    ranges = list(slices.ranges(start, stop))
    assert [
        (first + n, (p.log, p.start + n)) for first, p in ranges for n in range(len(p))
    ] == list(enumerate(wanted, max(start, 0)))


@given(slice_lists, slice_lists)
def test_adding_is_concatenation(one, other):
    assert plain(one + other) == plain(one) + plain(other)
    assert (one + other == one) == (len(other) == 0)


@given(slice_lists, st.integers(1, 4), st.integers(0, 14))
def test_position_of_finds_the_first_place(slices, log, seq):
    events = plain(slices)
    wanted = events.index((log, seq)) if (log, seq) in events else None
    assert slices.position_of(log, seq) == wanted


@given(slice_lists)
def test_equal_lists_are_equal_values(slices):
    again = SliceList([Slice(log, seq, seq + 1) for log, seq in plain(slices)])
    assert again == slices
    assert hash(again) == hash(slices)


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (3, 2)])
def test_a_slice_is_a_range(start, stop):
    with pytest.raises(ValueError, match=f"{start}…{stop} of log 7"):
        Slice(7, start, stop)
