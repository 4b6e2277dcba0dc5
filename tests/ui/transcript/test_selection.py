"""Selecting and copying text, with the mouse and from the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Role
from scrubber.ui.transcript.copying import as_markdown, fenced
from scrubber.ui.transcript.selection import Place, Selection
from tests.ui.transcript.conftest import Open, settle
from tests.ui.transcript.feeds import ListFeed, event, says, talk
from tests.ui.transcript.story import story

if TYPE_CHECKING:
    from scrubber.models.cursor import Cursor
    from scrubber.ui.transcript import TranscriptView


def drag(view: TranscriptView, start: QPoint, stop: QPoint) -> None:
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(port, left, pos=start)
    QTest.mouseMove(port, (start + stop) / 2)
    QTest.mouseMove(port, stop)
    QTest.mouseRelease(port, left, pos=stop)


def start_of(view: TranscriptView, index: int) -> QPoint:
    placed = view.pager.page.find(index)
    assert placed is not None
    assert placed.row is not None
    _number, piece = placed.row.texts()[0]
    return QPoint(int(piece.x(view.pager.style)) - 2, int(placed.top + piece.top) + 6)


def end_of(view: TranscriptView, index: int) -> QPoint:
    placed = view.pager.page.find(index)
    assert placed is not None
    assert placed.row is not None
    _number, piece = placed.row.texts()[-1]
    bottom = placed.top + piece.top + piece.height
    return QPoint(int(view.pager.style.right) - 5, int(bottom) - 4)


def test_a_drag_across_rows_copies_exactly_what_is_read(transcript: Open) -> None:
    items = [
        says(0, "Hello **world** 😀"),
        says(1, "second `code` row", Role.ASSISTANT),
        says(2, "third"),
    ]
    view = transcript(ListFeed(items), 3)
    drag(view, start_of(view, 0), end_of(view, 2))
    assert view.selected_text() == "Hello world 😀\nsecond code row\nthird"
    view.setFocus()
    QTest.keySequence(view, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == "Hello world 😀\nsecond code row\nthird"


def test_a_drag_upwards_selects_the_same(transcript: Open) -> None:
    view = transcript(ListFeed([says(0, "first"), says(1, "second")]), 2)
    drag(view, end_of(view, 1), start_of(view, 0))
    assert view.selected_text() == "first\nsecond"


def test_output_is_copied_with_its_blanks(transcript: Open) -> None:
    text = "  indented\n\n\ttab\nend"
    result = event(0, Kind.TOOL_RESULT, text, Role.TOOL, name="Bash")
    view = transcript(ListFeed([(result, Content((Text(text),)))]), 1)
    drag(view, start_of(view, 0), end_of(view, 0))
    assert view.selected_text() == text


def test_rows_out_of_sight_are_part_of_a_selection(transcript: Open) -> None:
    view = transcript(ListFeed([says(i, f"row {i}") for i in range(300)]), 0)
    view._selection = Selection(Place(2, 1, 0), Place(250, 1, 7))
    rows = view.selected_text().split("\n")
    assert rows == [f"row {i}" for i in range(2, 251)]


def test_a_selection_spans_a_bounded_number_of_rows() -> None:
    selection = Selection(Place(0, 0, 0), Place(10, 0, 0))
    assert selection.moved(Place(400, 0, 0)).stop.index == 400
    assert selection.moved(Place(9_000, 0, 0)).stop.index == 10


def test_a_double_click_on_text_selects_the_word(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed([says(0, "Hello world"), says(1, "second")]), 2)
    at = start_of(view, 0) + QPoint(8, 4)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "Hello"
    assert cursor.index == 2


def test_a_click_ends_the_selection(transcript: Open) -> None:
    view = transcript(ListFeed(talk(6)), 2)
    drag(view, start_of(view, 0), end_of(view, 1))
    assert view.has_selection()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=start_of(view, 1))
    assert not view.has_selection()


def test_select_all_means_the_event_at_the_playhead(transcript: Open) -> None:
    view = transcript(ListFeed([says(i, f"row {i}") for i in range(9)]), 4)
    QTest.keySequence(view, "Ctrl+A")
    assert view.selected_text() == "row 3"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_F, Qt.Key.Key_Home])
def test_keys_of_the_window_are_left_to_it(transcript: Open, cursor: Cursor, key: Qt.Key) -> None:
    view = transcript(ListFeed(talk(50)), 20)
    before = view.pager.page
    QTest.keyClick(view, key)
    settle(view)
    assert view.pager.page.anchor == before.anchor
    assert cursor.index == 20


def test_keys_scroll_and_fold(transcript: Open) -> None:
    view = transcript(ListFeed(story()), 6)
    anchor = view.pager.page.anchor
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    settle(view)
    assert view.pager.page.find(anchor.index) is not None
    QTest.keyClick(view, Qt.Key.Key_Return)
    event_at_playhead = view.pager.feed.event_at(5)
    assert event_at_playhead is not None
    assert not view.pager.folds.is_folded(event_at_playhead)


# Of the offscreen platform.
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_offers_what_can_be_done(transcript: Open, cursor: Cursor) -> None:
    view = transcript(ListFeed(story()), 6)
    at = start_of(view, 4)
    reason = QContextMenuEvent.Reason.Mouse
    view.contextMenuEvent(QContextMenuEvent(reason, at, view.mapToGlobal(at)))
    menu = view.findChild(QMenu, "transcriptMenu")
    assert menu is not None
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == [
        "Copy", "Copy event as Markdown", "Copy event as JSON", "Move playhead here",
        "Fork after this event…", "Edit and fork…", "Fold all messages", "Unfold all messages",
    ]  # fmt: skip
    asked: list[tuple[str, int]] = []
    view.copy_raw_requested.connect(lambda index: asked.append(("raw", index)))
    view.fork_requested.connect(lambda index: asked.append(("fork", index)))
    actions["Copy event as JSON"].trigger()
    actions["Fork after this event…"].trigger()
    view.edit_requested.connect(lambda index: asked.append(("edit", index)))
    actions["Edit and fork…"].trigger()
    assert asked == [("raw", 4), ("fork", 4), ("edit", 4)]
    actions["Copy event as Markdown"].trigger()
    assert "Let me run the test first" in QGuiApplication.clipboard().text()
    actions["Move playhead here"].trigger()
    assert cursor.index == 5
    menu.close()


def test_an_event_as_markdown_can_be_read_back() -> None:
    call = event(4, Kind.TOOL_CALL, "Bash", Role.ASSISTANT, name="Bash")
    text = as_markdown(call, Content(arguments={"command": "ls ``` -l"}))
    assert text == "**tool call `Bash`** · 5\n\n````bash\nls ``` -l\n````\n"
    assert fenced("a") == "```\na\n```"
