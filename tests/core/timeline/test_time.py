from __future__ import annotations

import itertools
from array import array
from typing import TYPE_CHECKING

import pytest

from scrubber.core.timeline.prepare import prepare
from scrubber.core.timeline.ticks import clock_label, nice_step, short_duration, short_number, ticks
from scrubber.core.timeline.time import TimeAxis, build_time_axis
from scrubber.core.timeline.view import Mode
from scrubber.core.track import Track

if TYPE_CHECKING:
    from collections.abc import Generator

START = 1_700_000_000_000
HOUR = 3_600_000


def axis_of(*times: int) -> TimeAxis | None:
    found: list[TimeAxis | None] = []

    def take() -> Generator[None, None, None]:
        found.append((yield from build_time_axis(array("q", times))))

    assert all(step is None for step in take())
    return found[0]


def built(*times: int) -> TimeAxis:
    axis = axis_of(*times)
    assert axis is not None
    return axis


def test_events_stand_at_their_times():
    axis = built(START, START + 1000, START + 5000)
    assert [axis.position(i) for i in range(3)] == [0, 1000, 5000]
    assert axis.position(3) > axis.position(2)
    assert axis.clock(1500) == START + 1500


def test_missing_times_take_the_one_before_and_the_first_takes_the_first_known():
    axis = built(0, START, 0, START + 2000)
    assert [axis.position(i) for i in range(4)] == [0, 0, 0, 2000]


def test_time_never_runs_backwards():
    axis = built(START, START + 3000, START + 1000, START + 4000)
    assert [axis.position(i) for i in range(4)] == [0, 3000, 3000, 4000]


@pytest.mark.parametrize("times", [(), (0, 0, 0), (START,), (START, START)])
def test_without_a_stretch_of_time_there_is_no_axis(times):
    assert axis_of(*times) is None


def test_without_times_the_index_is_shown():
    track = Track(bytes(3), bytes(3), array("q", [0] * 3), array("I", [0] * 3), array("I", [0] * 3))
    assert prepare(track).axis(Mode.TIME).mode is Mode.INDEX
    assert prepare(track).axis(Mode.TOKENS).mode is Mode.INDEX


def test_a_night_is_folded_and_the_clock_knows():
    work = [START + i * 10_000 for i in range(360)]
    axis = built(*work, *(time + 14 * HOUR for time in work))
    (fold,) = axis.breaks
    assert short_duration(fold.gap) == "13 h"
    assert fold.stop - fold.start < axis.length / 20
    assert axis.clock(fold.start - 1) == work[-1] - 1
    assert axis.clock(fold.stop + 5) == START + 14 * HOUR + 5
    assert axis.breaks_between(0, fold.start - 1) == []
    assert axis.breaks_between(fold.start + 1, fold.start + 2) == [fold]
    assert axis.segments(0, axis.length) == [(0, fold.start), (fold.stop, axis.length)]


def test_a_pause_that_is_short_beside_the_work_is_not_folded():
    work = [START + i * 60_000 for i in range(600)]
    assert built(*work, work[-1] + 5 * 60_000, work[-1] + 6 * 60_000).breaks == []


def test_many_nights_leave_most_of_the_axis_to_the_days():
    times = [START + night * 20 * HOUR + i * 5000 for night in range(200) for i in range(50)]
    axis = built(*times)
    assert len(axis.breaks) == 199
    assert sum(b.stop - b.start for b in axis.breaks) < axis.length / 2


@pytest.mark.parametrize(
    ("least", "step"),
    [(0.2, 1), (1, 1), (1.1, 2), (3, 5), (7, 10), (10, 10), (101, 200), (6e5, 1e6)],
)
def test_steps_are_round(least, step):
    assert nice_step(least) == step


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (980, "980"), (1200, "1.2k"), (2000, "2k"), (150_400, "150k"), (1.5e6, "1.5M")],
)
def test_numbers_are_short(number, text):
    assert short_number(number) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (45_000, "45 s"),
        (720_000, "12 min"),
        (14 * HOUR, "14 h"),
        (30 * HOUR, "30 h"),
        (72 * HOUR, "3 d"),
    ],
)
def test_durations_are_short(milliseconds, text):
    assert short_duration(milliseconds) == text


@pytest.mark.parametrize("count", [0, 1, 12, 1032, 1_000_000])
@pytest.mark.parametrize("zoom", [1, 3, 50])
@pytest.mark.parametrize("width", [300, 1400, 2560])
def test_labels_keep_their_distance_and_are_enough(count, zoom, width):
    axis = prepare(Track(bytes(count), bytes(count))).axis(Mode.INDEX)
    labelled = [t.x for t in ticks(axis, axis.view(width).zoomed(zoom, width / 2), 84) if t.label]
    assert all(b - a >= 83.9 for a, b in itertools.pairwise(labelled))
    assert len(labelled) >= (1 if count < 2 else 2)
    assert all(-0.1 <= x <= width + 0.1 for x in labelled)


def test_clock_labels_keep_their_distance_across_folds():
    times = [START + night * 20 * HOUR + i * 5000 for night in range(9) for i in range(50)]
    axis = built(*times)
    found = ticks(axis, axis.view(900), 84)
    labelled = [t.x for t in found if t.label]
    assert labelled
    assert all(b - a >= 84 for a, b in itertools.pairwise(labelled))
    assert all(
        not any(b.start < axis.view(900).position(t.x) < b.stop for b in axis.breaks) for t in found
    )


def test_a_clock_out_of_range_is_not_an_error():
    assert clock_label(1e30) == "?"
