"""Events that a filter leaves out: they have no row, and cost nothing however many they are."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from scrubber.ui.transcript.style import PLAYHEAD
from tests.ui.transcript.conftest import Open, settle
from tests.ui.transcript.feeds import ListFeed, MadeFeed, says, talk

if TYPE_CHECKING:
    from scrubber.models.cursor import Cursor
    from scrubber.ui.transcript import TranscriptView


def shown(view: TranscriptView) -> list[int]:
    """The events that have a row in sight."""
    settle(view)
    return [placed.index for placed in view.pager.page.rows if placed.row is not None]


def every(step: int, count: int) -> bytes:
    return bytes(n % step == 0 for n in range(count))


def test_only_what_fits_has_a_row(transcript: Open) -> None:
    view = transcript(ListFeed(talk(60)), index=30)
    view.set_fitting(every(10, 60))
    assert set(shown(view)) <= {0, 10, 20, 30, 40, 50}
    assert {20, 30} <= set(shown(view))
    view.set_fitting(None)
    assert 29 in shown(view)


@pytest.mark.parametrize("index", [0, 7, 500_000, 999_999, 1_000_000])
def test_the_playhead_stays_where_it_is_among_a_million(
    transcript: Open, cursor: Cursor, index: int
) -> None:
    view = transcript(MadeFeed(1_000_000, lambda n: says(n, f"event {n}")), index=index)
    view.set_fitting(every(50_000, 1_000_000))
    before = perf_counter()
    assert len(shown(view)) >= 4
    assert perf_counter() - before < 1.0
    assert cursor.index == index
    line = view.pager.page.top_of(index, 1_000_000)
    assert line is not None
    assert 0 <= line <= view.pager.height
    between = [row.index for row in view.pager.page.rows if row.index % 50_000]
    assert set(between) <= {index}


def test_the_playhead_has_its_gap_also_where_nothing_is_shown(transcript: Open) -> None:
    view = transcript(ListFeed(talk(60)), index=35)
    view.set_fitting(every(10, 60))
    settle(view)
    placed = view.pager.page.find(35)
    assert placed is not None
    assert (placed.height, placed.row) == (PLAYHEAD, None)


def test_nothing_fits(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(60)), index=35)
    view.set_fitting(bytes(60))
    assert shown(view) == []
    cursor.set_index(12)
    settle(view)
    assert view.pager.page.top_of(12, 60) is not None


def test_the_playhead_is_in_sight_once_a_filter_that_let_nothing_through_is_gone(
    transcript: Open,
) -> None:
    view = transcript(ListFeed(talk(400)), index=35)
    view.set_fitting(bytes(400))
    assert shown(view) == []
    assert view.pager.at_end()
    view.set_fitting(None)
    view.resize(view.width(), view.height() + 100)  # as when the filter's bar goes
    assert 34 in shown(view)


def test_both_ends_are_reached(transcript: Open) -> None:
    view = transcript(ListFeed(talk(400)), index=200)
    view.set_fitting(every(7, 399))
    for _ in range(80):
        view.scroll_by(-600)
        settle(view)
    assert shown(view)[0] == 0
    assert view.pager.page.rows[0].top > 0
    for _ in range(80):
        view.scroll_by(600)
        settle(view)
    assert view.pager.at_end()
    assert shown(view)[-1] == 399  # behind the end of the mask


def test_the_playhead_walks_through_what_is_left_out(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(120)), index=0)
    view.set_fitting(every(25, 120))
    for index in range(1, 121):
        cursor.set_index(index)
        settle(view)
        line = view.pager.page.top_of(index, 120)
        assert line is not None
        assert -1 <= line <= view.pager.height


def test_a_mask_that_grows_with_the_session_moves_nothing(transcript: Open) -> None:
    feed = ListFeed(talk(200))
    view = transcript(feed, index=200)
    view.set_fitting(every(5, 200))
    for _ in range(6):
        view.scroll_by(-500)
        settle(view)
    before = {row.index: row.top for row in view.pager.page.rows if row.row is not None}
    feed.add(*(says(n, "new") for n in range(200, 210)))
    view.set_fitting(every(5, 210))
    settle(view)
    after = {row.index: row.top for row in view.pager.page.rows if row.row is not None}
    assert before == after
    view.set_fitting(every(7, 210))
    settle(view)
    line = view.pager.page.top_of(200, 210)
    assert line is not None
    assert 0 <= line <= view.pager.height
