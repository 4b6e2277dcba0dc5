"""What the model saw, in the inspector."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from scrubber.core.context.blocks import Share
from scrubber.ui.inspector import context_page
from scrubber.ui.inspector.budget_bar import Entry
from scrubber.ui.inspector.context_page import BLOCKS, CHANGED, ContextPage
from scrubber.ui.inspector.context_rows import block_rows
from tests.ui.inspector.libraries import main_session
from tests.ui.inspector.test_inspector import go_to

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.ui.inspector import Inspector


@pytest.fixture
def page(qtbot: QtBot, inspector: Inspector) -> ContextPage:
    inspector.show_page(ContextPage)
    qtbot.waitUntil(lambda: inspector.is_settled)
    return inspector.page(ContextPage)


def test_budget_and_blocks_follow_the_playhead(qtbot, inspector, cursor, library, page):
    for at in (60, 59, 20):
        go_to(qtbot, inspector, cursor, at)
        seen = library.store.context(cursor.session, at)
        assert page.total.full.startswith(f"≈ {seen.budget.total:,} tokens · ")
        assert len(page.rows.rows.rows) == len(seen.blocks)
        shown = [entry.part.name for entry in page.legend.findChildren(Entry) if entry.isVisible()]
        assert shown == [share.value for share in seen.budget.shares]
        used = sum(area.width() for _, area in page.bar.areas())
        assert used == pytest.approx(page.bar.width() * seen.budget.total / 200_000, rel=0.01)


def test_what_is_not_recorded_is_said(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    assert "Not recorded: system prompt and tools" in page.notes.text()
    assert next(part.is_guess for part, _ in page.bar.areas())


def test_figures_are_told_whole_however_narrow_the_pane(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    for label in (page.counted, page.cache):
        words = label.text().replace("\u00a0", " ")
        assert words.endswith((" since", " fresh"))
        assert label.height() >= label.heightForWidth(label.width())


def test_a_click_on_a_block_moves_the_playhead_there(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    row = page.rows.rows.rows[3]
    page.rows.scrollTo(page.rows.rows.index(3))
    area = page.rows.visualRect(page.rows.rows.index(3))
    qtbot.mouseClick(page.rows.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert cursor.index == row.target
    qtbot.waitUntil(lambda: inspector.is_settled)
    page.rows.setCurrentIndex(page.rows.rows.index(0))
    qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert cursor.index == page.rows.rows.rows[0].target


def test_what_changed_at_a_compaction(qtbot, inspector, cursor, library, page):
    at = library.store.context(cursor.session).boundaries[-1]
    page.switch.choose(CHANGED)
    go_to(qtbot, inspector, cursor, at + 1)
    rows = page.rows.rows.rows
    assert rows[0].text.startswith("Replaced ")
    assert rows[0].is_heading
    assert rows[1].text.startswith("− ")
    assert rows[len(rows) - 1].tone == Share.SUMMARY.name
    page.switch.choose(BLOCKS)
    qtbot.waitUntil(lambda: inspector.is_settled)
    assert page.rows.rows.rows[0].text.startswith("Compacted: stands for ")


def test_whoever_reads_further_up_stays_there(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    bar = page.rows.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    go_to(qtbot, inspector, cursor, 62)
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    go_to(qtbot, inspector, cursor, 64)
    assert bar.value() == 0


def test_a_hidden_pane_does_not_read(qtbot, inspector, cursor, page):
    inspector.hide()
    cursor.set_index(7)
    assert not inspector.is_settled
    inspector.show()
    qtbot.waitUntil(lambda: inspector.is_settled)
    assert page.look is not None
    assert page.look.seen.index == 7


def test_the_request_is_copied_as_json(qtbot, inspector, cursor, library, page):
    go_to(qtbot, inspector, cursor, 60)
    QGuiApplication.clipboard().setText("")
    page.copy.menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    body = library.store.context_body(cursor.session, 60, "anthropic")
    assert QGuiApplication.clipboard().text() == body.decode()


def test_the_keys_of_a_list_are_its_own_while_it_has_the_focus(qtbot, inspector, cursor, page):
    go_to(qtbot, inspector, cursor, 60)
    taken: list[str] = []
    for key in ("Down", "Home", "Left"):
        QShortcut(QKeySequence(key), inspector).activated.connect(partial(taken.append, key))
    page.rows.setFocus()
    page.rows.setCurrentIndex(page.rows.rows.index(3))
    qtbot.keyClick(page.rows, Qt.Key.Key_Down)
    assert page.rows.currentIndex().row() == 4
    qtbot.keyClick(page.rows, Qt.Key.Key_Left)
    assert taken == ["Left"], "it steps through the session, in a list too"
    page.switch.setFocus()
    qtbot.keyClick(page.switch, Qt.Key.Key_Right)
    assert page.switch.current == CHANGED


def test_a_context_that_would_take_seconds_is_left_to_the_command(
    qtbot, inspector, cursor, page, monkeypatch
):
    monkeypatch.setattr(context_page, "LONGEST", 50)
    go_to(qtbot, inspector, cursor, 51)
    assert page.total.full == "Too long"
    assert "`scrubber context` tells it" in page.notes.text()
    assert len(page.rows.rows.rows) == 0
    go_to(qtbot, inspector, cursor, 50)
    assert page.total.full.startswith("≈ ")
    assert page.switch.isVisible()


def test_recorded_tools_and_a_summary_have_rows_of_their_own(library):
    seen = library.store.context(main_session(library).id)
    blocks = seen.blocks
    told = replace(seen, tool_names=("Bash", "Read"), tools_at=4)
    rows = block_rows(told)
    assert len(rows) == len(blocks) + 2
    texts = [rows[number].text for number in range(len(rows))]
    assert texts[:2] == ["2 tools: Bash, Read", "Compacted: stands for 71 blocks"]
    assert rows[0].target == 5
    assert [rows[number].key for number in range(2, len(rows))] == [one.key for one in blocks]
    assert list(rows.keys) == [rows[number].key for number in range(len(rows))]
