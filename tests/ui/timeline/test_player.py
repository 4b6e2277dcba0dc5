from __future__ import annotations

from array import array

import pytest

from scrubber.core.track import Track
from scrubber.models.cursor import Cursor
from scrubber.models.player import LONGEST_GAP, RECORDED, SHORTEST_GAP, Player


@pytest.fixture
def cursor(qapp):
    return Cursor()


@pytest.fixture
def player(cursor):
    player = Player(cursor)
    yield player
    player.pause()


def with_times(player, cursor, *times, index=0):
    cursor.open("session", len(times), index)
    player.set_track(Track(kinds=bytes(len(times)), times=array("q", times)))


def test_it_plays_to_the_end_and_stops(player, cursor, qtbot):
    cursor.open("session", 5, 0)
    player.set_speed(100)
    with qtbot.waitSignal(player.playing_changed) as began:
        player.play()
    assert began.args == [True]
    with qtbot.waitSignal(player.playing_changed, timeout=3000) as ended:
        pass
    assert ended.args == [False]
    assert cursor.index == 5
    assert not player.playing


def test_at_the_end_it_begins_anew(player, cursor):
    cursor.open("session", 5, 5)
    player.play()
    assert cursor.index == 0
    assert player.playing


@pytest.mark.parametrize("touch", [lambda c: c.set_index(3), lambda c: c.open("other", 9, 0)])
def test_it_stops_when_somebody_else_moves_the_playhead(player, cursor, qtbot, touch):
    cursor.open("session", 9, 0)
    player.play()
    with qtbot.waitSignal(player.playing_changed) as stopped:
        touch(cursor)
    assert stopped.args == [False]
    assert not player.playing


def test_growth_of_the_session_does_not_stop_it(player, cursor):
    cursor.open("session", 5, 0)
    player.play()
    cursor.set_length(9)
    assert player.playing


def test_an_empty_session_does_not_play(player):
    player.toggle()
    assert not player.playing


def test_toggle(player, cursor):
    cursor.open("session", 5, 0)
    player.toggle()
    assert player.playing
    player.toggle()
    assert not player.playing


@pytest.mark.parametrize(("speed", "delay"), [(1, 250), (4, 62), (16, 16)])
def test_the_speed_is_so_many_times_four_events_a_second(player, cursor, speed, delay):
    cursor.open("session", 5, 0)
    player.set_speed(speed)
    assert player._delay() == delay
    assert player._events() == 1


@pytest.mark.parametrize(
    ("index", "delay", "events"),
    [
        (0, 250, 2),  # nothing is before the first; the second comes with it
        (2, 500, 1),
        (3, LONGEST_GAP, 1),
        (4, 250, 1),  # no time
        (5, 250, 2),  # after one without; the one behind it runs backwards
        (6, SHORTEST_GAP, 1),  # backwards
    ],
)
def test_recorded_gaps_are_kept_and_capped(player, cursor, index, delay, events):
    with_times(player, cursor, 1000, 1000, 1500, 99_000, 0, 99_500, 90_000, index=index)
    player.set_speed(RECORDED)
    assert (player._delay(), player._events()) == (delay, events)


def test_recorded_without_any_track_still_advances(player, cursor, qtbot):
    cursor.open("session", 3, 0)
    player.set_speed(RECORDED)
    player.play()
    qtbot.waitUntil(lambda: cursor.index == 3, timeout=3000)
