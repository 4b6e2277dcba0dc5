"""What a session used, in the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from scrubber.core.ages import amount
from scrubber.core.usage.sums import by_model, by_tool, by_turn, total
from scrubber.ui.inspector.chart import MOST_POINTS, Chart, Series, series_of
from scrubber.ui.inspector.usage_page import ANSWERS, MODELS, TOOLS, TURNS, UsagePage
from tests.ui.inspector.test_inspector import go_to

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.ui.inspector import Inspector


@pytest.fixture
def page(qtbot: QtBot, inspector: Inspector) -> UsagePage:
    inspector.show_page(UsagePage)
    qtbot.waitUntil(lambda: inspector.is_settled)
    return inspector.page(UsagePage)


def test_sums_follow_the_playhead_and_charts_stay(qtbot, inspector, cursor, library, page):
    go_to(qtbot, inspector, cursor, 100)
    series = page.look.charts.tokens
    assert len(series.points) == len(library.store.usage(cursor.session).whole.answers)
    for at in (60, 20):
        go_to(qtbot, inspector, cursor, at)
        found = total(library.store.usage(cursor.session, at).upto)
        told = f"{amount(found.usage.total)} in {found.answers} answers"
        assert page.headings[0].value.full == told
        assert page.look.charts.tokens is series


@pytest.mark.parametrize("view", [TURNS, MODELS, TOOLS, ANSWERS])
def test_rows(qtbot, inspector, cursor, library, page, view):
    page.switch.choose(view)
    go_to(qtbot, inspector, cursor, 100)
    account = library.store.usage(cursor.session, 100).upto
    expected = (by_turn(account), by_model(account), by_tool(account), account.answers)[view]
    assert page.rows.rows.rowCount() == len(expected)
    row = page.rows.rows.rows[0]
    page.rows.setCurrentIndex(page.rows.rows.index(0))
    qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert cursor.index == row.target


def test_where_there_is_little_room_one_chart_stays_to_be_read(page):
    parts = (page.cost, page.time, page.times)
    page.resize(280, 240)
    assert not any(part.isVisible() for part in parts)
    page.layout().activate()
    for part in (page.switch, *page.headings):
        assert part.height() >= part.sizeHint().height()
    assert page.tokens.height() >= page.tokens.sizeHint().height() // 2
    page.resize(280, 700)
    assert all(part.isVisible() for part in parts)


def test_a_click_on_a_chart_moves_the_playhead(qtbot, inspector, cursor, page):
    chart = page.cost
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() // 2, 10))
    assert cursor.index == pytest.approx(cursor.length / 2, abs=1)


def test_points_of_one_column_add_up_or_the_largest_stands_for_all(qtbot: QtBot) -> None:
    chart = Chart("Tokens", str)
    qtbot.addWidget(chart)
    chart.resize(8, 44)  # two columns
    points = ((0, (1.0, 1.0)), (1, (5.0, 0.0)), (9, (2.0, 2.0)))
    chart.show_series(Series(("USER", "RESULTS"), points, 10), 5, "")
    assert chart.columns() == [(0, (6.0, 1.0)), (1, (2.0, 2.0))]
    chart.show_series(Series(("USER", "RESULTS"), points, 10, is_sum=False), 5, "")
    assert chart.columns() == [(0, (5.0, 0.0)), (1, (2.0, 2.0))]


def test_a_chart_without_points_is_only_a_line(qtbot: QtBot) -> None:
    chart = Chart("Tokens", str)
    qtbot.addWidget(chart)
    chart.show_series(Series(("USER",), (), 10), 5, "not recorded")
    assert not chart.grab().isNull()
    assert chart.accessibleDescription() == "not recorded"


def test_what_a_chart_goes_through_does_not_grow_with_the_session() -> None:
    length = 300_000
    points = [(index, (1.0, float(index % 7))) for index in range(0, length, 3)]
    summed = series_of(("USER", "RESULTS"), iter(points), length)
    assert len(summed.points) <= MOST_POINTS
    assert [index for index, _ in summed.points] == sorted(index for index, _ in summed.points)
    assert sum(values[0] for _, values in summed.points) == len(points)
    largest = series_of(("USER", "RESULTS"), iter(points), length, is_sum=False)
    assert {values for _, values in largest.points} == {(1.0, 6.0)}
    assert series_of(("USER",), [(3, (1.0,)), (9, (2.0,))], 10).points == ((3, (1.0,)), (9, (2.0,)))
