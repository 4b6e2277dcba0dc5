from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from scrubber.core.events import Kind
from scrubber.ui import theme
from scrubber.ui.inspector import Inspector
from scrubber.ui.inspector.event_page import BYTES, FACTS, RECORD, EventPage
from scrubber.ui.inspector.facts import Row
from scrubber.ui.inspector.labels import Value
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.pages import PAGES
from scrubber.ui.inspector.session_page import SessionPage
from scrubber.ui.inspector.tabs import TabStrip
from scrubber.ui.inspector.words import NOTHING
from tests.ui.inspector.libraries import main_session, open_library, record, write_records

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.core.events import Event
    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library


def go_to(qtbot: QtBot, inspector: Inspector, cursor: Cursor, index: int) -> None:
    cursor.set_index(index)
    qtbot.waitUntil(lambda: inspector.is_settled)


def event_page(inspector: Inspector, view: int = FACTS) -> EventPage:
    page = inspector.page(EventPage)
    page.switch.choose(view)
    return page


def session_page(qtbot: QtBot, inspector: Inspector) -> SessionPage:
    inspector.show_page(SessionPage)
    qtbot.waitUntil(lambda: inspector.is_settled)
    return inspector.page(SessionPage)


def events(library: Library) -> list[Event]:
    assert library.store is not None
    return library.store.events(main_session(library).id)


def test_tells_of_the_event_in_front_of_the_playhead(qtbot, inspector, cursor, library):
    call = next(e for e in events(library) if e.kind is Kind.TOOL_CALL and e.usage)
    go_to(qtbot, inspector, cursor, call.index + 1)
    facts = inspector.page(EventPage).facts
    assert inspector.page(EventPage).heading.title.full == f"#{call.index + 1}  {call.name}"
    assert facts.value("Kind") == "tool call"
    assert facts.value("Call") == call.call_id
    assert call.usage is not None
    assert facts.value("Output") == f"{call.usage.output:,}"
    totals = library.store.totals(cursor.session, call.index + 1)
    assert facts.value("Messages") == f"{totals.messages:,}"
    assert facts.value("Open calls") == str(totals.open_calls)
    path, place = library.store.place(call)
    assert (facts.value("File"), facts.value("Line")) == (path, f"{place.line:,}")


def test_a_result_has_its_tools_name_and_failure_in_words(qtbot, inspector, cursor, library):
    failed = next(e for e in events(library) if e.kind is Kind.TOOL_RESULT and e.is_error)
    go_to(qtbot, inspector, cursor, failed.index + 1)
    title = inspector.page(EventPage).heading.title.full
    assert title.endswith("Bash result ✗")
    assert "error" in inspector.page(EventPage).facts.value("Marks")


def test_what_is_not_recorded_is_a_dash(qtbot, inspector, cursor, library):
    plain = next(e for e in events(library) if e.usage is None and e.kind is Kind.MESSAGE)
    go_to(qtbot, inspector, cursor, plain.index + 1)
    for label in ("Input", "Cached", "Written", "Output", "Reasoning", "Context", "Cost", "Tool"):
        assert inspector.page(EventPage).facts.value(label) == NOTHING


def test_at_the_start_stands_the_session(qtbot, inspector, cursor, library):
    go_to(qtbot, inspector, cursor, 0)
    assert inspector.page(EventPage).heading.title.full == "Start of the session"
    assert inspector.page(EventPage).facts.value("Events") == f"{cursor.length:,}"


def test_rows_do_not_jump_while_one_scrubs(qtbot, inspector, cursor):
    rows = inspector.page(EventPage).facts.findChildren(Row)
    for index in (1, 20, 60):
        go_to(qtbot, inspector, cursor, index)
        assert inspector.page(EventPage).facts.findChildren(Row) == rows


def test_fast_scrubbing_asks_seldom_and_shows_the_last(
    qtbot, inspector, cursor, library, monkeypatch
):
    asked: list[int] = []
    run = library.tasks.run

    def count(*arguments: Any) -> None:
        asked.append(1)
        run(*arguments)

    monkeypatch.setattr(library.tasks, "run", count)
    for index in range(1, 120):
        cursor.set_index(index)
    go_to(qtbot, inspector, cursor, 119)
    assert len(asked) <= 3


def test_record_as_a_tree(qtbot, inspector, cursor):
    tab = event_page(inspector, RECORD).record
    go_to(qtbot, inspector, cursor, 14)
    qtbot.waitUntil(lambda: tab.tree.rowCount() > 0)
    keys = [tab.tree.index(row, 0).data() for row in range(tab.tree.rowCount())]
    assert "message" in keys
    message = tab.tree.index(keys.index("message"), 0)
    assert tab.view.isExpanded(message)
    assert tab.below.isHidden()
    tab.view.setCurrentIndex(tab.tree.index(0, 0, message))
    assert tab.below.isVisible()
    assert tab.path.full == "message.model"
    assert tab.text.toPlainText().startswith("claude-")


def test_the_chosen_value_is_chosen_again_in_the_next_record(qtbot, inspector, cursor):
    tab = event_page(inspector, RECORD).record
    go_to(qtbot, inspector, cursor, 14)
    qtbot.waitUntil(lambda: tab.tree.rowCount() > 12)
    keys = [tab.tree.index(row, 0).data() for row in range(tab.tree.rowCount())]
    tab.view.setCurrentIndex(tab.tree.index(keys.index("timestamp"), 0))
    before = tab.text.toPlainText()
    go_to(qtbot, inspector, cursor, 5)
    qtbot.waitUntil(lambda: tab.text.toPlainText() not in ("", before))
    assert tab.path.full == "timestamp"


def test_value_path_and_json_are_copied_by_menu(qtbot, inspector, cursor):
    view = event_page(inspector, RECORD).record.view
    go_to(qtbot, inspector, cursor, 14)
    qtbot.waitUntil(lambda: view.tree.rowCount() > 3)
    message = view.tree.index(2, 0)
    actions = {a.text(): a for a in view.menu_for(view.tree.index(0, 0, message)).actions()}
    copied = []
    for name in ("Copy Value", "Copy Path", "Copy as JSON"):
        actions[name].trigger()
        copied.append(QGuiApplication.clipboard().text())
    value = view.tree.value(view.tree.index(0, 0, message))
    assert copied == [value, "message.model", f'"{value}"']


def test_bytes_as_text_and_as_hex(qtbot, inspector, cursor, library):
    page = event_page(inspector, BYTES)
    go_to(qtbot, inspector, cursor, 14)
    assert page.look is not None
    assert page.look.look is not None
    tab, raw = page.bytes, page.look.look.raw
    qtbot.waitUntil(lambda: f"{len(raw):,} bytes" in tab.place.full)
    assert tab.text.toPlainText() == raw.decode().replace("\n", "↵")
    assert tab.pages.isHidden()
    tab.hex.click()
    assert tab.text.toPlainText().startswith("0000  7b 22")
    tab.copy.click()
    assert QGuiApplication.clipboard().text() == raw.decode()


def test_a_huge_record_that_is_no_json(qtbot: QtBot, tmp_path: Path, cursor: Cursor) -> None:
    file = write_records(tmp_path / "s.jsonl", [record(0, "hi"), record(1, "ho", "assistant")])
    with file.open("a", encoding="utf-8") as stream:
        stream.write("this is no JSON \x1b[31m " + "x" * 10_000_000 + "\n")
    with open_library(qtbot, tmp_path / "huge.db", file) as library:
        pane = Inspector(library, cursor)
        qtbot.addWidget(pane)
        pane.show()
        page = event_page(pane, RECORD)
        cursor.open(main_session(library).id, 3, 3)
        qtbot.waitUntil(lambda: "not JSON" in page.record.problem.text())
        assert page.record.text.toPlainText().startswith("this is no JSON ␛[31m xxx")
        page.switch.choose(BYTES)
        tab = page.bytes
        qtbot.waitUntil(tab.pages.isVisible)
        assert len(tab.text.toPlainText()) < 70_000
        tab.on.click()
        assert tab.page.text().startswith("16,384–32,767 · page 2 of")


def test_session_and_its_note(qtbot, inspector, cursor, library):
    tab = session_page(qtbot, inspector)
    assert tab.facts.value("Agent's id").startswith("5ea51de0")
    qtbot.keyClicks(tab.note, "look here")
    with qtbot.waitSignal(library.changed):
        pass
    assert library.store.session(cursor.session).note == "look here"
    assert tab.note.toPlainText() == "look here"


def test_a_note_is_saved_when_another_session_is_opened(qtbot, inspector, cursor, library):
    page = session_page(qtbot, inspector)
    first = cursor.session
    child = library.store.children(first)[0]
    qtbot.keyClicks(page.note, "wait")
    with qtbot.waitSignal(library.changed):
        cursor.open(child.id, child.events, 0)
    qtbot.waitUntil(lambda: page.look is not None and page.look.session.id == child.id)
    assert library.store.session(first).note == "wait"
    assert page.note.toPlainText() == ""


def test_the_parent_is_a_link(qtbot, inspector, cursor, library):
    parent = cursor.session
    child = library.store.children(parent)[0]
    cursor.open(child.id, child.events, 0)
    rows = session_page(qtbot, inspector).facts.findChildren(Row)
    link = next(row.value for row in rows if row.value.focusPolicy() & Qt.FocusPolicy.TabFocus)
    with qtbot.waitSignal(inspector.session_activated) as caught:
        qtbot.keyClick(link, Qt.Key.Key_Return)
    assert caught.args == [parent]
    with qtbot.waitSignal(inspector.session_activated):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


def test_the_source_can_be_revealed(qtbot, inspector, library, cursor):
    rows = inspector.page(EventPage).facts.findChildren(Row)
    button = next(row.button for row in rows if row.button.isVisible())
    with qtbot.waitSignal(inspector.reveal_requested) as caught:
        button.click()
    assert caught.args == [library.store.session(cursor.session).source]


def test_nothing_is_shown_without_a_session(qtbot, inspector, cursor):
    cursor.close()
    assert not inspector.page(EventPage).isVisible()


def test_a_deleted_session_is_no_news(qtbot, inspector, cursor, library):
    told: list[str] = []
    library.failed.connect(told.append)
    library.delete(cursor.session, "it")
    qtbot.waitUntil(lambda: not library.tasks._open)
    cursor.open("gone", 3, 1)
    qtbot.waitUntil(lambda: inspector.is_settled)
    assert told == []


@pytest.mark.parametrize("width", [240, 320, 600])
@pytest.mark.parametrize("view", [FACTS, RECORD, BYTES])
def test_no_view_of_an_event_is_clipped(qtbot, inspector, cursor, width, view):
    event_page(inspector, view)
    go_to(qtbot, inspector, cursor, 14)
    inspector.resize(width, 700)
    assert inspector.width() == width
    check_fit(inspector)


@pytest.mark.parametrize("width", [240, 320, 600])
@pytest.mark.parametrize("kind", PAGES)
def test_no_page_is_clipped(qtbot, inspector, width, kind):
    inspector.show_page(kind)
    qtbot.waitUntil(lambda: inspector.is_settled)
    inspector.resize(width, 700)
    assert inspector.width() == width
    check_fit(inspector)


def check_fit(inspector: Inspector) -> None:
    """Everything that is written lies inside the pane, the tabs too."""
    tabs = [inspector.tabs.tabRect(number) for number in range(inspector.tabs.count())]
    assert max(tab.right() for tab in tabs) <= inspector.tabs.width()
    assert min(tab.width() for tab in tabs) >= 24
    for part in inspector.findChildren(QWidget):
        if part.isVisible() and isinstance(part, (QLabel, Value)) and part.text():
            right = part.mapTo(inspector, part.rect().topRight()).x()
            assert right < inspector.width(), part.text()


def test_a_page_is_made_when_it_is_first_asked_for(qtbot, inspector, cursor):
    go_to(qtbot, inspector, cursor, 14)
    assert [type(page) for page in inspector.findChildren(Page)] == [EventPage]
    inspector.show_page(SessionPage)
    assert {type(page) for page in inspector.findChildren(Page)} == {EventPage, SessionPage}
    made = inspector.page(SessionPage)
    inspector.show_page(EventPage)
    inspector.show_page(SessionPage)
    assert inspector.current is made


def test_only_the_page_that_is_seen_reads(qtbot, inspector, cursor, library, monkeypatch):
    asked: list[str] = []
    run = library.tasks.run

    def note(key: str, *arguments: Any) -> None:
        asked.append(key)
        run(key, *arguments)

    monkeypatch.setattr(library.tasks, "run", note)
    inspector.show_page(SessionPage)
    for index in (3, 5, 9):
        go_to(qtbot, inspector, cursor, index)
    assert set(asked) == {"inspect Session"}
    page = inspector.page(EventPage)
    before = page.heading.title.full
    inspector.show_page(EventPage)
    qtbot.waitUntil(lambda: inspector.is_settled)
    assert page.heading.title.full != before
    assert page.heading.title.full.startswith("#9 ")


def test_words_on_the_tabs_give_way_to_icons(qtbot):
    names = (("Event", "info"), ("Context", "budget"), ("Session", "session"))
    strip = TabStrip(names)
    qtbot.addWidget(strip)
    strip.resize(400, 32)
    strip.show()
    airy = [strip.tabRect(number).width() for number in range(3)]
    strip.resize(sum(airy) - 12, 32)
    assert [strip.tabToolTip(number) for number in range(3)] == ["", "", ""]
    strip.resize(140, 32)
    assert [strip.tabToolTip(number) for number in range(3)] == ["", "Context", "Session"]
    assert strip.tabRect(2).right() <= 140
    strip.setCurrentIndex(2)
    assert [strip.tabToolTip(number) for number in range(3)] == ["Event", "Context", ""]
    assert strip.tabRect(2).width() > strip.tabRect(1).width()


def test_the_switch_takes_clicks_and_keys(qtbot, inspector):
    switch = event_page(inspector).switch
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.area(BYTES).center().toPoint())
    assert switch.current == BYTES
    assert switch.accessibleName() == "View of the event: Bytes"
    qtbot.keyClick(switch, Qt.Key.Key_Left)
    assert switch.current == RECORD
    qtbot.waitUntil(inspector.page(EventPage).record.isVisible)


def test_all_labels_are_plain_text(inspector):
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in inspector.findChildren(Value)
    )


def test_follows_the_palette(qtbot, inspector):
    before = QApplication.palette()
    dark = QPalette(QColor("#22252b"))
    dark.setColor(QPalette.ColorRole.Base, QColor("#17191d"))
    try:
        QApplication.setPalette(dark)
        value = inspector.page(EventPage).facts.findChildren(Row)[0].value
        qtbot.waitUntil(lambda: value.palette().color(value.foregroundRole()) == theme.DARK.text)
    finally:
        QApplication.setPalette(before)
        qtbot.waitUntil(lambda: value.palette().color(value.foregroundRole()) == theme.LIGHT.text)
