from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import Kind, Role
from scrubber.core.session import Session
from scrubber.core.timeline.layout import STRIP, share_out
from scrubber.core.timeline.prepare import Tick, prepare
from scrubber.core.timeline.strips import STUB, Strip, flagged, placed, reach, sampled
from scrubber.core.timeline.view import Mode, View
from scrubber.core.track import Flag, Lane, Track

SESSION = Session(
    "id", "title", "format", "fork", "parent", 10, "completed", None, None, None, None,
    0, 0, 0, 0, 0, 0, 0, "", None, 0,
)  # fmt: skip


def track(count: int, size: int = 10) -> Track:
    return Track(
        kinds=bytes([Kind.MESSAGE] * count),
        flags=bytes([Role.ASSISTANT] * count),
        times=array("q", [1_000_000 + n * 1000 for n in range(count)]),
        sizes=array("I", [size] * count),
        contexts=array("I", [0] * count),
    )


def strip(start: int, own: int, size: int = 10) -> Strip:
    return Strip(SESSION, start, prepare(track(own, size)))


def test_a_strip_begins_where_it_parts_and_one_event_is_as_wide_as_another():
    axis = prepare(track(100)).axis(Mode.INDEX)
    found = placed(strip(40, 30), axis, axis.view(1000))
    assert found is not None
    assert (found.left, found.right) == (400, 700)
    assert (found.begins, found.ends) == (True, True)
    assert (found.view.first, found.view.span) == (0, 30)


def test_a_longer_branch_runs_out_of_the_picture():
    axis = prepare(track(100)).axis(Mode.INDEX)
    found = placed(strip(90, 50), axis, axis.view(1000))
    assert found is not None
    assert (found.left, found.right, found.ends) == (900, 1000, False)
    assert (found.view.first, found.view.span) == (0, 10)


def test_zoomed_in_the_middle_of_it_is_seen():
    axis = prepare(track(100)).axis(Mode.INDEX)
    found = placed(strip(40, 60), axis, View(100, 1000, first=50, span=20))
    assert found is not None
    assert (found.left, found.right) == (0, 1000)
    assert (found.begins, found.ends) == (False, False)
    assert (found.view.first, found.view.span) == (10, 20)
    assert placed(strip(90, 5), axis, View(100, 1000, first=50, span=20)) is None


def test_a_branch_without_events_is_a_stub():
    axis = prepare(track(100)).axis(Mode.INDEX)
    found = placed(strip(40, 0), axis, axis.view(1000))
    assert found is not None
    assert found.right - found.left == STUB


@pytest.mark.parametrize("mode", Mode)
def test_a_unit_is_as_wide_on_every_axis(mode):
    axis = prepare(track(100)).axis(mode)
    view = axis.view(1000)
    found = placed(strip(50, 20), axis, view)
    assert found is not None
    assert found.left == pytest.approx(view.x(axis.position(50)))
    assert found.right - found.left == pytest.approx(found.axis.length * view.scale)


def test_strips_stand_above_the_axis_and_the_lanes_keep_their_height():
    lanes = list(Lane)[:6]
    rows = share_out(210, lanes, False, True, 3)
    assert len(rows.strips) == 3
    assert rows.strips[-1].bottom == rows.axis.top
    assert rows.lanes_stop == rows.strips[0].top == rows.curve.bottom
    assert all(row.height >= 15 for _, row in rows.lanes)
    assert rows.more.height == 0


def test_what_there_is_no_room_for_is_counted():
    lanes = list(Lane)[:6]
    rows = share_out(210, lanes, False, True, 8, 4)
    assert 0 < len(rows.strips) < 8
    assert rows.more.top == rows.strips[-1].bottom
    assert rows.more.bottom == rows.axis.top
    small = share_out(110, lanes, False, True, 8)
    assert (small.strips, small.more.height) == ((), 0)
    assert small.lanes_stop == small.axis.top
    assert small == share_out(110, lanes, False, True)


@given(
    st.integers(60, 600), st.integers(1, 6), st.booleans(), st.booleans(),
    st.integers(0, 8), st.integers(0, 40),
)  # fmt: skip
def test_rows_never_overlap(height, lanes, minimap, curve, strips, more):
    rows = share_out(height, list(Lane)[:lanes], minimap, curve, strips, more)
    stack = [row for _, row in rows.lanes] + ([rows.curve] if rows.curve.height else [])
    stack += [*rows.strips, *([rows.more] if rows.more.height else []), rows.axis]
    for upper, lower in pairwise(stack):
        assert upper.bottom <= lower.top
    assert all(row.height == STRIP for row in rows.strips)
    assert len(rows.strips) <= strips
    assert not rows.strips or len(rows.strips) == strips or rows.more.height


def test_columns_show_one_of_their_events_and_what_is_marked_in_them():
    ticks = bytes([Tick.MODEL, Tick.CALL, Tick.RESULT, Tick.YOU, Tick.MODEL, Tick.MODEL])
    assert sampled(ticks, [0, 2, 2, 5, 6]) == bytes(
        [Tick.CALL + 1, 0, Tick.YOU + 1, Tick.MODEL + 1]
    )
    many = bytes([Tick.YOU] + [Tick.CALL] * 20)
    assert sampled(many, [0, 21]) == bytes([Tick.CALL + 1])
    assert flagged(bytes([0, 1, 0, 0, 0, 1]), [0, 2, 2, 5, 6]) == bytes([1, 0, 0, 1])
    assert flagged(b"", [0]) == b""


def test_which_events_failed_in_whatever_lane():
    failing = track(4)
    failing.flags = bytes([Role.ASSISTANT, Role.ASSISTANT | Flag.ERROR, Role.TOOL, Role.ASSISTANT])
    assert Strip(SESSION, 0, prepare(failing)).failed == bytes([0, 1, 0, 0])
    assert strip(0, 3).failed == b""


@pytest.mark.parametrize("mode", Mode)
def test_there_is_room_for_branches_that_go_on_where_the_session_ends(mode):
    axis = prepare(track(100)).axis(mode)
    assert reach(axis, []) == axis.length
    assert reach(axis, [strip(50, 20), strip(100, 0)]) == axis.length
    some = strip(100, 10)
    assert reach(axis, [some]) == axis.length + some.prepared.axis(mode).length
    assert reach(axis, [strip(100, 500)]) == axis.length * 1.25
