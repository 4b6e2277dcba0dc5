"""The transcript on the screen: anchored scrolling, playhead, folding, following."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.ui import theme
from scrubber.ui.transcript.painter import fork_rect
from scrubber.ui.transcript.pieces import Line
from scrubber.ui.transcript.style import PLAYHEAD
from tests.ui.transcript.conftest import Open, settle
from tests.ui.transcript.feeds import LateFeed, ListFeed, MadeFeed, event, says, talk
from tests.ui.transcript.story import made, story

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from scrubber.models.cursor import Cursor
    from scrubber.ui.transcript import TranscriptView

LONG = "\n".join(f"output line {n}" for n in range(84))


def tops(view: TranscriptView) -> dict[int, float]:
    return {placed.index: placed.top for placed in view.pager.page.rows}


def words(view: TranscriptView, index: int) -> str:
    """All words on the lines of a row."""
    row = view.pager.row(index)
    assert row is not None
    lines = [piece for piece in row.pieces if isinstance(piece, Line)]
    return " | ".join(" ".join(run.text for run in (*line.runs, *line.right)) for line in lines)


def texts(view: TranscriptView, index: int) -> list[str]:
    row = view.pager.row(index)
    assert row is not None
    return [piece.document.toPlainText() for _, piece in row.texts()]


def click(view: TranscriptView, qtbot: QtBot, at: QPoint, double: bool = False) -> None:
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(view)


def line_at(view: TranscriptView, index: int, number: int = 0) -> QPoint:
    """A point on a piece of a row."""
    placed = view.pager.page.find(index)
    assert placed is not None
    assert placed.row is not None
    gap = PLAYHEAD if index == view.pager.playhead else 0
    piece = placed.row.pieces[number]
    return QPoint(
        int(view.pager.style.left) + 6, int(placed.top + gap + piece.top + piece.height / 2)
    )


def test_only_what_is_in_sight_is_laid_out(transcript: Open) -> None:
    asked: set[int] = set()

    def make(index: int) -> tuple[object, object]:
        asked.add(index)
        return made(index)

    view = transcript(MadeFeed(1_000_000, make), 500_000)  # type: ignore[arg-type]
    assert len(view.pager.cache) < 120
    assert len(asked) < 400


def test_the_cache_is_bounded(transcript: Open, cursor: Cursor) -> None:
    view = transcript(MadeFeed(1_000_000, made), 0)
    for index in range(0, 1_000_000, 12_345):
        cursor.set_index(index)
        settle(view)
    assert len(view.pager.cache) <= 160


def test_late_content_does_not_move_what_is_read(transcript: Open) -> None:
    feed = LateFeed(talk(100, 12), here=range(40, 60))
    view = transcript(feed, 50)
    view.pager.show(45, 10)
    view.refresh()
    settle(view)
    for _ in range(5):
        view.scroll_by(-450)
        settle(view)
    before = tops(view)
    read = [i for i in before if 40 <= i < 60]
    assert read
    assert min(before) < 40
    feed.arrive(20, 40)
    settle(view)
    after = tops(view)
    assert {i: after[i] for i in read} == {i: before[i] for i in read}
    placed = view.pager.page.find(39)
    assert placed is not None
    assert placed.row is not None


def test_a_jump_into_the_unknown_keeps_the_playhead_still(transcript: Open, cursor: Cursor) -> None:
    feed = LateFeed(talk(1_000, 6))
    view = transcript(feed, 0)
    cursor.set_index(700)
    settle(view)
    line = view.pager.page.top_of(700, 1_000)
    assert line is not None
    assert 0 < line < 700
    feed.arrive(650, 750)
    settle(view)
    assert view.pager.page.top_of(700, 1_000) == line


def test_the_budget_is_kept_and_the_rest_follows(transcript: Open) -> None:
    view = transcript(ListFeed(talk(40, 20)), 20)
    view.pager.cache.clear()
    view.pager.lay_out(0.0)
    assert view.pager.pending
    assert len(view.pager.cache) == 1
    settle(view)
    assert not view.pager.pending


def test_resizing_keeps_the_row_that_is_read(transcript: Open) -> None:
    view = transcript(ListFeed(talk(200, 8)), 100)
    view.pager.show(90, 5)
    view.refresh()
    settle(view)
    view.resize(500, 700)
    settle(view)
    assert tops(view)[90] == 5


def test_wheel_steps_are_taken_back_exactly(transcript: Open) -> None:
    view = transcript(ListFeed(talk(200, 8)), 100)
    before = tops(view)
    for by in (130, 700, -130, -700):
        view.scroll_by(by)
        settle(view)
    assert tops(view) == before


def test_the_scroll_bar_reaches_both_ends(transcript: Open) -> None:
    view = transcript(MadeFeed(1_000_000, made), 500)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    settle(view)
    assert view.pager.at_end()
    bar.setValue(0)
    settle(view)
    assert tops(view)[0] >= 0


def test_a_session_that_fits_needs_no_scroll_bar(transcript: Open) -> None:
    view = transcript(ListFeed(talk(2)), 0)
    assert view.verticalScrollBar().maximum() == 0
    assert transcript(ListFeed(), 0).pager.page.rows == ()


@pytest.mark.parametrize("index", [0, 1, 20, 39, 40])
def test_the_playhead_line_stands_between_events(transcript: Open, index: int) -> None:
    view = transcript(ListFeed(talk(40)), index)
    line = view.pager.page.top_of(index, 40)
    assert line is not None
    assert 0 <= line <= view.pager.height - PLAYHEAD
    if index:
        before = view.pager.page.find(index - 1)
        assert before is not None
        assert before.bottom == line
        assert before.top >= 0


def test_steps_move_the_line_and_not_the_page(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(100, 1)), 50)
    start = tops(view)
    cursor.step(-1)
    settle(view)
    assert tops(view)[48] == start[48]
    assert tops(view)[51] == start[51]
    cursor.step(1)
    settle(view)
    assert tops(view) == start


def test_many_steps_keep_the_line_in_sight(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(story() * 1), 0)
    for index in range(len(view.pager.feed) + 1):
        cursor.set_index(index)
        settle(view)
        line = view.pager.page.top_of(index, view.pager.count)
        assert line is not None
        assert 0 <= line <= view.pager.height - PLAYHEAD, index


def ink(image: QImage, top: float, bottom: float, left: float, right: float) -> int:
    """How dark the darkest pixel of an area is, 0…255."""
    ratio = image.devicePixelRatio()
    xs = range(int(left * ratio), int(right * ratio))
    ys = range(int(top * ratio), int(bottom * ratio))
    return max(255 - image.pixelColor(x, y).lightness() for x in xs for y in ys)


def test_what_follows_is_dimmed(transcript: Open) -> None:
    view = transcript(ListFeed(talk(6, 1)), 3)
    image = view.viewport().grab().toImage()
    style = view.pager.style
    darkness = {}
    for placed in view.pager.page.rows[2:5]:
        top = placed.top + (PLAYHEAD if placed.index == 3 else 0)
        darkness[placed.index] = ink(image, top + 44, placed.bottom, style.left, style.left + 90)
    assert darkness[2] > 200
    assert 60 < darkness[3] < 140
    assert 60 < darkness[4] < 140


def test_the_playhead_is_painted_in_its_colour(transcript: Open) -> None:
    view = transcript(ListFeed(talk(6, 1)), 3)
    image = view.viewport().grab().toImage()
    line = view.pager.page.top_of(3, 6)
    assert line is not None
    x = int((view.pager.style.right - 20) * image.devicePixelRatio())
    y = int((line + PLAYHEAD / 2) * image.devicePixelRatio())
    near = [image.pixelColor(x, y + d).name() for d in (-1, 0, 1)]
    assert theme.current().accent.name() in near


def test_hidden_events_have_no_row_unless_asked_for(transcript: Open) -> None:
    items = talk(4)
    items[1] = (event(1, Kind.UI_STATE, "scroll", visibility=Visibility.HIDDEN), Content())
    view = transcript(ListFeed(items), 4)
    assert view.pager.row(1) is None
    view.set_show_hidden(True)
    settle(view)
    assert words(view, 1) == "ui state scroll"


def test_folding_shows_the_first_lines_and_keeps_the_row_in_place(
    transcript: Open, qtbot: QtBot
) -> None:
    call = event(0, Kind.TOOL_CALL, "Bash", Role.ASSISTANT, name="Bash", call_id="a")
    result = event(1, Kind.TOOL_RESULT, LONG, Role.TOOL, name="Bash", call_id="a")
    items = [(call, Content(arguments={"command": "npm test"})), (result, Content((Text(LONG),)))]
    view = transcript(ListFeed([*items, *talk(30)[2:]]), 2)
    assert "84 lines of output" in words(view, 1)
    assert texts(view, 1) == ["\n".join(LONG.split("\n")[:6])]
    top = tops(view)[1]
    click(view, qtbot, line_at(view, 1))
    assert len(texts(view, 1)[0].split("\n")) > 6
    assert tops(view)[1] == top
    click(view, qtbot, line_at(view, 1))
    assert texts(view, 1) == ["\n".join(LONG.split("\n")[:6])]


def test_a_call_unfolds_to_its_arguments(transcript: Open, qtbot: QtBot) -> None:
    arguments = {"command": "npm test -- login", "timeout": 5}
    call = event(0, Kind.TOOL_CALL, "Bash", Role.ASSISTANT, name="Bash", call_id="a")
    view = transcript(ListFeed([(call, Content(arguments=arguments)), *talk(3)[1:]]), 1)
    assert words(view, 0).startswith("Bash npm test -- login timeout=5")
    view.toggle_fold(0)
    settle(view)
    assert texts(view, 0) == ["npm test -- login", '{\n  "timeout": 5\n}']


def test_a_result_apart_from_its_call_names_it(transcript: Open) -> None:
    view = transcript(ListFeed(story()), 13)
    assert words(view, 11).startswith("Read /home/sam/shop/src/router.ts ok 80 lines of output")
    assert words(view, 6).startswith("error · exit 1 82 lines of output")


def test_a_huge_text_is_shown_in_steps(transcript: Open, qtbot: QtBot) -> None:
    text = "word " * 100_000
    view = transcript(ListFeed([says(0, text)]), 1)
    assert len(texts(view, 0)[0]) <= 2_000
    assert "show more of (500 kB, 1 line)" in words(view, 0)
    row = view.pager.row(0)
    assert row is not None
    view.pager.folds.show_more(0)
    view.pager.cache.clear()
    view.refresh()
    settle(view)
    assert 150_000 < len(texts(view, 0)[0]) <= 200_000


def test_folding_all_of_a_kind(transcript: Open) -> None:
    view = transcript(ListFeed(story()), 7)
    view.fold_kind(Kind.TOOL_CALL, False, 5)
    settle(view)
    assert texts(view, 5)[0] == "npm test -- login"
    assert len(texts(view, 14)) == 2


def test_a_click_in_the_gutter_moves_the_playhead(
    transcript: Open, qtbot: QtBot, cursor: Cursor
) -> None:
    view = transcript(ListFeed(talk(10)), 2)
    at = line_at(view, 4)
    click(view, qtbot, QPoint(40, at.y()))
    assert cursor.index == 5


def test_a_double_click_beside_the_text_moves_the_playhead(
    transcript: Open, qtbot: QtBot, cursor: Cursor
) -> None:
    view = transcript(ListFeed(talk(10)), 2)
    click(view, qtbot, line_at(view, 3), double=True)
    assert cursor.index == 4


def test_the_fork_button_asks_for_a_fork(transcript: Open, qtbot: QtBot, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(10)), 2)
    placed = view.pager.page.find(3)
    assert placed is not None
    at = fork_rect(placed, 2, view.pager.style).center().toPoint()
    with qtbot.waitSignal(view.fork_requested) as asked:
        click(view, qtbot, at)
    assert asked.args == [3]
    assert cursor.index == 2


def test_a_subagent_can_be_opened(transcript: Open, qtbot: QtBot) -> None:
    view = transcript(ListFeed(story()), 18)
    with qtbot.waitSignal(view.subagent_activated) as asked:
        click(view, qtbot, line_at(view, 16))
    assert asked.args == [16]


def test_a_growing_session_is_followed_at_its_end(transcript: Open) -> None:
    feed = ListFeed(talk(30))
    view = transcript(feed, 30)
    view.scroll_to_end()
    settle(view)
    feed.add(says(30, "new"), says(31, "newer"))
    settle(view)
    assert view.pager.at_end()
    assert 31 in tops(view)
    assert view._new_button.isHidden()


def test_who_reads_further_up_is_told_and_not_moved(transcript: Open, qtbot: QtBot) -> None:
    feed = ListFeed(talk(60))
    view = transcript(feed, 10)
    before = tops(view)
    feed.add(says(60, "new"), says(61, "newer"))
    settle(view)
    assert tops(view) == before
    assert view._new_button.isVisible()
    assert view._new_button.text() == "2 new events ↓"
    qtbot.mouseClick(view._new_button, Qt.MouseButton.LeftButton)
    settle(view)
    assert view.pager.at_end()
    assert view._new_button.isHidden()


def test_a_reset_forgets_what_was_folded(transcript: Open, cursor: Cursor) -> None:
    feed = ListFeed(story())
    view = transcript(feed, 7)
    view.toggle_fold(5)
    feed.items = talk(10)
    cursor.open("t", 10, 3)
    feed.reset.emit()
    settle(view)
    assert words(view, 0).startswith("You")
    assert not view.pager.folds._events


def test_revealing_scrolls_and_lights_up(transcript: Open, qtbot: QtBot) -> None:
    view = transcript(ListFeed(talk(300)), 3)
    view.reveal(200)
    settle(view)
    assert 200 in tops(view)
    qtbot.waitUntil(lambda: view._flash is not None and view._flash[0] == 200, timeout=2_000)
    qtbot.waitUntil(lambda: view._flash is None, timeout=3_000)


def test_matches_are_marked_and_counted_in_what_is_folded(transcript: Open) -> None:
    call = event(0, Kind.TOOL_RESULT, LONG, Role.TOOL, name="Bash", call_id="a")
    view = transcript(ListFeed([(call, Content((Text(LONG),)))]), 1)
    view.set_highlight("LINE 8")
    row = view.pager.row(0)
    assert row is not None
    line = row.pieces[0]
    assert isinstance(line, Line)
    assert line.matches(view._needle) == 5
    view.toggle_fold(0)
    settle(view)
    assert len(view.pager.row(0).texts()[0][1].matches(view._needle)) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["\0" * 5_000, "x" * 1_000_000, "\u202egnp.exe\u202c", "\ud800 lone \udfff",
     "\ufffc\u2029\u2028",
     "```\n" * 4_000, "| a " * 3_000, "> " * 900, "*" * 3_000, "[" * 3_000, "\x1b]0;title\x07" * 99,
     "- " * 500, "<!--" * 900],
)  # fmt: skip
@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.TOOL_RESULT, Kind.REASONING, Kind.NOTICE])
def test_hostile_text_is_painted(transcript: Open, text: str, kind: Kind) -> None:
    made_event = event(0, kind, text, Role.ASSISTANT, name=text[:50], marks=Mark.ERROR)
    view = transcript(ListFeed([(made_event, Content((Text(text),)))]), 1, 500, 400)
    view.set_highlight(text[:5])
    view.viewport().repaint()
    assert view.pager.page.rows[0].row is not None


@pytest.mark.parametrize("arguments", ["raw text", ["a", 1], 7, {"edits": [1]}, {"command": None}])
def test_odd_arguments_are_shown(transcript: Open, arguments: object) -> None:
    call = event(0, Kind.TOOL_CALL, "", Role.ASSISTANT, call_id="a")
    view = transcript(ListFeed([(call, Content(arguments=arguments))]), 1)
    view.toggle_fold(0)
    settle(view)
    assert view.pager.row(0) is not None


def test_the_playhead_event_is_described(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(10)), 2)
    cursor.set_index(4)
    settle(view)
    assert view.accessibleName() == "Transcript"
    assert view.accessibleDescription().startswith("event 4, Assistant: Turn 3.")


def test_nothing_is_asked_for_before_what_is_in_sight(transcript: Open) -> None:
    feed = LateFeed(talk(400, 6))
    view = transcript(feed, 200)
    feed.asked.clear()
    assert not view.pager.prefetch()
    assert not feed.asked
    feed.arrive(180, 220)
    settle(view)
    view.pager.prefetch(1.0)
    assert max(feed.asked) > max(tops(view))


def test_scrubbing_between_two_frames_lays_out_once(transcript: Open, cursor: Cursor) -> None:
    feed = LateFeed(talk(2_000))
    view = transcript(feed, 0)
    feed.asked.clear()
    for index in range(100, 1_900, 7):
        cursor.set_index(index)
    assert not feed.asked
    settle(view)
    assert min(feed.asked) > 1_850


def test_steps_over_the_edge_scroll_just_enough(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(talk(100, 4)), 50)
    for step in (1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1):
        cursor.step(step)
        settle(view)
        line = view.pager.page.top_of(cursor.index, 100)
        assert line is not None
    assert line is not None
    assert line < 0.6 * view.pager.height
    before = view.pager.page.find(cursor.index - 1)
    assert before is not None
    assert 0 <= before.top < 20
