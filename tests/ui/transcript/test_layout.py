"""Where rows stand, as arithmetic."""

from __future__ import annotations

import pytest

from scrubber.ui.transcript.layout import Anchor, anchor_for, fraction_of, place

HEIGHT = 100.0
NO_MARGINS = (0.0, 0.0)


def even(index: int) -> tuple[float, None]:
    return 20.0, None


def test_the_anchor_stays_where_it_is() -> None:
    page = place(Anchor(50, 33.0), 1_000_000, HEIGHT, NO_MARGINS, even)
    assert page.top_of(50, 1_000_000) == 33.0
    assert [row.index for row in page.rows] == [48, 49, 50, 51, 52, 53]


@pytest.mark.parametrize(("anchor", "top"), [(Anchor(0, 60.0), 0.0), (Anchor(0, -15.0), -15.0)])
def test_there_is_no_space_before_the_first_row(anchor: Anchor, top: float) -> None:
    assert place(anchor, 50, HEIGHT, NO_MARGINS, even).rows[0].top == top


def test_there_is_no_space_behind_the_last_row() -> None:
    page = place(Anchor(9, -50.0), 10, HEIGHT, NO_MARGINS, even)
    assert page.end == HEIGHT
    assert [row.index for row in page.rows] == [5, 6, 7, 8, 9]


def test_a_short_session_begins_at_the_top() -> None:
    page = place(Anchor(2, 90.0), 3, HEIGHT, (8.0, 0.0), even)
    assert (page.rows[0].top, page.end) == (8.0, 68.0)
    assert place(Anchor(0, 0.0), 0, HEIGHT, NO_MARGINS, even).rows == ()


def test_the_end_can_be_the_anchor() -> None:
    page = place(Anchor(100, 60.0), 100, HEIGHT, NO_MARGINS, even)
    assert page.end == HEIGHT


def test_rows_without_height_are_passed_over() -> None:
    page = place(
        Anchor(500, 0.0), 1_000, HEIGHT, NO_MARGINS, lambda i: (20.0 if i % 10 == 0 else 0.0, None)
    )
    assert sum(row.height > 0 for row in page.rows) == 5


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 0.987, 1.0])
@pytest.mark.parametrize("count", [12, 1_000, 1_000_000])
def test_the_scroll_bar_and_the_page_agree(fraction: float, count: int) -> None:
    anchor = anchor_for(fraction, count, HEIGHT, even)
    page = place(anchor, count, HEIGHT, NO_MARGINS, even)
    assert fraction_of(page, count, HEIGHT) == pytest.approx(fraction, abs=0.002)
