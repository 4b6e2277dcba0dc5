from __future__ import annotations

from array import array

import pytest

from scrubber.core.timeline.axis import Axis, SumAxis
from scrubber.core.timeline.view import Mode, View

WHOLE = View(length=1000, width=500)
SECOND_HALF = View(length=1000, width=500, first=500, span=500)
LAST_QUARTER = View(length=1000, width=500, first=750, span=250)


@pytest.mark.parametrize(
    ("view", "position", "x"),
    [
        (WHOLE, 0, 0),
        (WHOLE, 500, 250),
        (WHOLE, 1000, 500),
        (SECOND_HALF, 500, 0),
        (SECOND_HALF, 750, 250),
        (SECOND_HALF, 1000, 500),
        (SECOND_HALF, 0, -500),
        (LAST_QUARTER, 750, 0),
        (LAST_QUARTER, 875, 250),
        (LAST_QUARTER, 1000, 500),
    ],
)
def test_position_and_pixel_are_each_others_inverse(view, position, x):
    assert view.x(position) == pytest.approx(x)
    assert view.position(x) == pytest.approx(position)


@pytest.mark.parametrize("x", [0, 100, 250, 499])
@pytest.mark.parametrize("factor", [1.3, 4, 40])
def test_zooming_in_keeps_what_is_under_the_pointer(x, factor):
    zoomed = WHOLE.zoomed(factor, x)
    assert zoomed.span == pytest.approx(1000 / factor)
    assert zoomed.position(x) == pytest.approx(WHOLE.position(x))


def test_zoom_ends_at_the_whole_and_at_the_smallest_span():
    view = View(length=1000, width=500, minimum=8)
    assert view.zoomed(0.1, 250) == view
    assert view.zoomed(1e9, 250).span == 8
    assert not view.zoomed_in
    assert view.zoomed(2, 0).zoomed_in
    assert view.zoomed(2, 0).whole() == view


@pytest.mark.parametrize(("pixels", "first"), [(50, 550), (-50, 450), (-9999, 0), (9999, 500)])
def test_panning_stops_at_the_ends(pixels, first):
    assert SECOND_HALF.panned(-250).panned(250).panned(pixels).first == min(first, 500)


@pytest.mark.parametrize(
    ("position", "x"), [(760, 24), (990, 480), (700, 24), (0, 0), (1000, 500), (875, 250)]
)
def test_showing_scrolls_just_enough(position, x):
    shown = LAST_QUARTER.showing(position)
    assert shown.x(position) == pytest.approx(x)
    assert shown.span == LAST_QUARTER.span


def test_an_empty_axis_can_be_drawn():
    view = Axis(0).view(0)
    assert view.x(0) == 0
    assert Axis(0).event_at(3) == 0
    assert Axis(0).column_edges(view, 1) == [0, 0]
    assert SumAxis(array("I"), Mode.TOKENS).column_edges(view, 2) == [0, 0, 0]


def test_a_growing_axis_keeps_the_stretch_or_stays_whole():
    assert WHOLE.on(2000, 8).span == 2000
    assert (SECOND_HALF.on(2000, 8).first, SECOND_HALF.on(2000, 8).span) == (500, 500)


def widths(count: int) -> array[int]:
    return array("I", [(i * 7919) % 23 for i in range(count)])


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 128, 1000])
def test_a_sum_axis_agrees_with_plain_sums(count):
    of = widths(count)
    axis = SumAxis(of, Mode.TOKENS)
    cuts = [float(sum(of[:i])) for i in range(count + 1)]
    assert [axis.position(i) for i in range(count + 1)] == cuts
    assert axis.positions(0, count) == cuts
    for position in range(0, int(cuts[-1]) + 1, 3):
        nearest = axis.nearest_cut(position)
        assert abs(cuts[nearest] - position) == min(abs(c - position) for c in cuts)
        event = axis.event_at(position)
        assert cuts[event] <= position <= cuts[event + 1]
        assert axis.edges([position]) == [sum(1 for c in cuts[:-1] if c < position)]


@pytest.mark.parametrize(
    ("position", "cut", "event"), [(-3, 0, 0), (0, 0, 0), (0.4, 0, 0), (0.6, 1, 0), (9.7, 10, 9)]
)
def test_the_index_axis_finds_the_nearest_gap_and_the_cell(position, cut, event):
    axis = Axis(10)
    assert axis.nearest_cut(position) == cut
    assert axis.event_at(position) == event
    assert axis.nearest_cut(99) == 10


@pytest.mark.parametrize("axis", [Axis(100_000), SumAxis(widths(100_000), Mode.TOKENS)])
@pytest.mark.parametrize("zoom", [1, 7, 100, 9000])
def test_columns_hold_every_event_once_and_in_order(axis, zoom):
    view = axis.view(700).zoomed(zoom, 300)
    edges = axis.column_edges(view, 350)
    assert len(edges) == 351
    assert edges == sorted(edges)
    for column in (0, 100, 349):
        start = view.first + column * view.span / 350
        slack = 3 * view.span / 350 if zoom < 100 else 1
        assert axis.position(edges[column]) == pytest.approx(start, abs=max(slack, 23))
    if zoom == 1:
        assert (edges[0], edges[-1]) == (0, 100_000)
