from __future__ import annotations

import itertools
import random
from array import array

import pytest

from scrubber.core.events import Kind, Role
from scrubber.core.timeline.curve import heights, raster
from scrubber.core.timeline.layout import share_out
from scrubber.core.timeline.marks import bars, clusters, event_under, marked
from scrubber.core.timeline.prepare import LANES, Tick, prepare, tick_of
from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.timeline.view import Mode
from scrubber.core.track import AgentSpan, Flag, ForkMark, Lane, Track, lane_of
from scrubber.core.visible import visible


def track_of(count: int, **columns: object) -> Track:
    pick = random.Random(count)
    roles = [pick.choice(list(Role)) for _ in range(count)]
    errors = [Flag.ERROR if pick.random() < 0.1 else 0 for _ in range(count)]
    track = Track(
        kinds=bytes(pick.choice(list(Kind)) for _ in range(count)),
        flags=bytes(role | error for role, error in zip(roles, errors, strict=True)),
        times=array("q", range(count)),
        sizes=array("I", [pick.randrange(900) for _ in range(count)]),
        contexts=array("I", [pick.choice((0, 0, pick.randrange(9000))) for _ in range(count)]),
    )
    for name, column in columns.items():
        setattr(track, name, column)
    return track


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("role", list(Role))
def test_ticks_and_errors_stand_in_the_lane_of_their_event(kind, role):
    track = track_of(1, kinds=bytes([kind]), flags=bytes([role | Flag.ERROR]))
    prepared = prepare(track)
    assert LANES[prepared.ticks[0]] is lane_of(kind, role)
    assert prepared.ticks[0] == tick_of(kind, role)
    assert prepared.errors[0] == lane_of(kind, role) + 1
    assert prepared.lanes == (lane_of(kind, role),)


def test_calls_and_results_differ():
    assert tick_of(Kind.TOOL_CALL, Role.ASSISTANT) is Tick.CALL
    assert tick_of(Kind.TOOL_RESULT, Role.TOOL) is Tick.RESULT


def test_kinds_of_a_newer_version_are_other():
    assert prepare(track_of(1, kinds=b"\xc8", flags=b"\x00")).ticks == bytes([Tick.OTHER])


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 5000])
@pytest.mark.parametrize("columns", [1, 3, 700])
def test_counts_by_column_are_those_of_the_events(count, columns):
    prepared = prepare(track_of(count))
    axis = prepared.axis(Mode.INDEX)
    edges = axis.column_edges(axis.view(700), columns)
    for tick in prepared.sums:
        counts = prepared.counts(tick, edges)
        assert counts == [prepared.ticks[a:b].count(tick) for a, b in itertools.pairwise(edges)]
        assert sum(counts) == prepared.ticks.count(tick)


@pytest.mark.parametrize("columns", [2, 50, 5000])
def test_no_error_is_lost_however_few_the_columns(columns):
    prepared = prepare(track_of(5000))
    axis = prepared.axis(Mode.INDEX)
    edges = axis.column_edges(axis.view(700), columns)
    for lane in prepared.lanes:
        where = [i for i, value in enumerate(prepared.errors) if value == lane + 1]
        expected = {max(j for j, e in enumerate(edges) if e <= i) for i in where}
        assert marked(prepared.errors, lane + 1, edges) == sorted(expected)


def test_nothing_is_kept_of_what_does_not_occur():
    clean = prepare(track_of(9, flags=bytes(9), contexts=array("I", [0] * 9)))
    assert (clean.errors, clean.added, len(clean.peaks)) == (b"", b"", 0)
    assert prepare(Track()).lanes == ()


def test_a_span_shows_its_lane_even_without_events():
    assert prepare(Track(spans=(AgentSpan(0, 1, None, ""),))).lanes == (Lane.SUBAGENTS,)


def test_the_curve_keeps_peaks_and_holds_the_last_value():
    contexts = array("I", [0] * 3 + [10, 0, 50, 20] + [0] * 4)
    prepared = prepare(track_of(11, contexts=contexts))
    assert heights(prepared, [0, 3, 4, 7, 9, 9, 11]) == [0, 10, 50, 20, 20, 20]
    assert heights(prepared, [5, 5, 6]) == [10, 50]
    assert heights(prepare(Track()), [0, 0]) == [0]


def test_the_curve_keeps_its_peak_at_every_zoom():
    contexts = array("I", [100] * 100_000)
    contexts[77_777] = 9999
    prepared = prepare(track_of(100_000, contexts=contexts))
    axis = prepared.axis(Mode.INDEX)
    for columns in (3, 100, 700, 900, 5000):
        found = heights(prepared, axis.column_edges(axis.view(700), columns))
        assert max(found) == 9999
        assert found.index(9999) == pytest.approx(77_777 * columns / 100_000, abs=1.1)


def test_the_raster_fills_below_the_curve_and_joins_its_steps():
    assert raster([1, 3, 3], 3, 3) == bytes([0, 3, 3, 0, 3, 1, 3, 1, 1])


def test_forks_that_are_near_share_a_mark():
    forks = tuple(ForkMark(i, f"s{i}", "") for i in (0, 500, 505, 510, 1000))
    axis = prepare(track_of(1000)).axis(Mode.INDEX)
    whole = clusters(forks, axis, axis.view(500), 15)
    assert [[f.index for f in c.forks] for c in whole] == [[0], [500, 505, 510], [1000]]
    assert [c.x for c in whole] == [0, 250, 500]
    near = clusters(forks, axis, axis.view(500).zoomed(20, 250), 15)
    assert [[f.index for f in c.forks] for c in near] == [[500], [505], [510]]


def test_overlapping_spans_get_rows_and_tiny_ones_do_not_pile_up():
    spans = (AgentSpan(10, 60, "a", ""), AgentSpan(5, 40, "b", ""), AgentSpan(70, 90, "c", ""))
    prepared = prepare(track_of(100, spans=spans))
    axis = prepared.axis(Mode.INDEX)
    found = bars(prepared, axis, axis.view(1000), 2)
    assert [(b.span.session, b.row) for b in found] == [("b", 0), ("a", 1), ("c", 0)]
    zoomed = bars(prepared, axis, axis.view(1000).zoomed(5, 1000), 2)
    assert [b.span.session for b in zoomed] == ["c"]
    many = prepare(
        track_of(60_000, spans=tuple(AgentSpan(i, i + 2, None, "") for i in range(59_000)))
    )
    axis = many.axis(Mode.INDEX)
    assert len(bars(many, axis, axis.view(700), 2)) <= 240


def test_the_pointer_means_the_error_before_the_lane_before_the_nearest():
    call, said = bytes([Kind.TOOL_CALL]), bytes([Kind.MESSAGE])
    kinds = (said * 50 + call * 50) * 20
    flags = bytearray([Role.USER] * len(kinds))
    flags[75] |= Flag.ERROR
    prepared = prepare(track_of(len(kinds), kinds=kinds, flags=bytes(flags)))
    axis = prepared.axis(Mode.INDEX)
    view = axis.view(40)  # fifty events a pixel
    assert event_under(prepared, axis, view, 1.2, Lane.TOOLS) == 75
    assert event_under(prepared, axis, view, 20.1, Lane.TOOLS, 1.5) == 950
    assert event_under(prepared, axis, view, 20.1, None) == 1005
    assert event_under(prepare(Track()), axis, view, 3, None) is None


@pytest.mark.parametrize("height", [60, 110, 150, 176, 400])
@pytest.mark.parametrize("count", [0, 1, 6])
@pytest.mark.parametrize(("minimap", "curve"), [(False, False), (True, True)])
def test_rows_follow_each_other_without_overlap(height, count, minimap, curve):
    rows = share_out(height, list(Lane)[:count], minimap, curve)
    stack = [rows.minimap, rows.marks, *(row for _, row in rows.lanes), rows.curve, rows.axis]
    assert all(a.bottom <= b.top for a, b in itertools.pairwise(stack))
    assert rows.axis.bottom <= max(height, 60)
    for lane, row in rows.lanes:
        assert row.height == 0 or rows.lane_at(row.top) is lane


def test_text_is_shown_and_never_acts():
    assert visible("a\x00b\x1b[0m\x7f") == "a␀b␛[0m␡"
    assert visible("x\u202ey") == "x⟦RLO⟧y"
    assert "<b>" not in plain_tooltip("<b>bold</b>")
    assert "&lt;b&gt;" in plain_tooltip("<b>bold</b>")
