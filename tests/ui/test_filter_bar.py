from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from scrubber.core.events import Kind
from scrubber.core.timeline.prepare import filtered
from scrubber.ui import panes as panes_module
from scrubber.ui.timeline import canvas

if TYPE_CHECKING:
    from scrubber.ui.filter_bar import FilterBar
    from scrubber.ui.main_window import MainWindow
    from scrubber.ui.panes import Panes


@pytest.fixture
def panes(branch_window: MainWindow) -> Panes:
    branch_window.panes.actions["action.filter_events"].trigger()
    return branch_window.panes


@pytest.fixture
def bar(panes: Panes) -> FilterBar:
    return panes.filter_bar


def wait(qtbot, panes: Panes, text: str) -> None:
    model = panes.filter
    qtbot.waitUntil(lambda: model.text == text and (model.mask is not None or not text))


def test_buttons_and_words_say_the_same(qtbot, panes, bar):
    assert bar.edit.hasFocus()
    bar.chips[0].click()
    bar.chips[1].click()
    wait(qtbot, panes, "lane:you,model")
    assert bar.edit.text() == "lane:you,model"
    assert [chip.isChecked() for chip in bar.chips] == [True, True] + [False] * 5
    bar.edit.setText("lane:model is:error")
    wait(qtbot, panes, "lane:model is:error")
    assert [chip.text() for chip in bar.chips if chip.isChecked()] == ["Model", "Errors"]


def test_transcript_and_timeline_show_what_fits(qtbot, panes, bar):
    index, length = panes.cursor.index, panes.cursor.length
    before = panes.timeline.grab().toImage()
    bar.edit.setText("kind:tool_call")
    wait(qtbot, panes, "kind:tool_call")
    assert (panes.cursor.index, panes.cursor.length) == (index, length)
    panes.transcript.ensure_laid_out()
    rows = [row.row for row in panes.transcript.pager.page.rows if row.row is not None]
    assert rows
    assert {row.event.kind for row in rows} == {Kind.TOOL_CALL}
    assert panes.timeline.scene().fitting is not None
    assert panes.timeline.grab().toImage() != before
    assert bar.said.text() == f"{panes.filter.shown} of {length} events"


def test_one_key_takes_it_off(qtbot, panes, bar):
    bar.edit.setText("is:error")
    wait(qtbot, panes, "is:error")
    panes.actions["action.clear_filter"].trigger()
    assert not bar.isVisible()
    assert panes.filter.mask is None
    assert panes.timeline.scene().fitting is None


def test_esc_in_the_box_takes_it_off_too(qtbot, panes, bar):
    bar.edit.setText("is:error")
    wait(qtbot, panes, "is:error")
    qtbot.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert panes.filter.mask is None
    assert not bar.isVisible()


def test_the_tools_of_the_session_are_offered(qtbot, panes, bar):
    bar._read_tools()
    qtbot.waitUntil(lambda: bool(bar._menu.actions()))
    first = bar._menu.actions()[0]
    first.trigger()
    assert bar.edit.text() == f"tool:{first.data()}"


def test_nonsense_is_said(qtbot, panes, bar):
    bar.edit.setText("kind:what")
    qtbot.waitUntil(lambda: bar.said.text().startswith("kind:what is not known"))
    assert "tool_call" in bar.said.toolTip()


def test_steps(qtbot, panes, bar):
    """To user turns, calls of the same tool, edits of the same file, and what fits."""
    store, cursor = panes.library.store, panes.cursor
    session = store.roots()[0].id
    panes.show_session(session)
    qtbot.waitUntil(lambda: cursor.session == session)
    events = store.events(session)
    calls = [e for e in events if e.kind is Kind.TOOL_CALL]
    name = max({e.name for e in calls}, key=[e.name for e in calls].count)
    same = [e.index + 1 for e in calls if e.name == name]
    cursor.set_index(same[0])
    for action, expected in (
        ("next_same_tool", same[1]),
        ("prev_same_tool", same[0]),
        ("next_turn", panes_turn(events, same[0])),
    ):
        panes.actions[f"action.{action}"].trigger()
        qtbot.waitUntil(lambda expected=expected: cursor.index == (expected or cursor.index))
    edits = store.file_edits(session)
    cursor.set_index(edits[0].index + 1)
    expected = store.next_file_edit(session, edits[0].index + 1, 1)
    panes.actions["action.next_edit"].trigger()
    qtbot.waitUntil(lambda: cursor.index == (expected or cursor.index))
    bar.edit.setText("is:error")
    wait(qtbot, panes, "is:error")
    cursor.set_index(0)
    panes.actions["action.next_match"].trigger()
    assert cursor.index == panes.filter.mask.find(1) + 1


def panes_turn(events, index):
    turns = (e.index + 1 for e in events if e.kind is Kind.MESSAGE and e.role.label == "user")
    return next((at for at in turns if at > index), None)


def test_a_step_to_nowhere_is_said(qtbot, panes, bar):
    panes.cursor.set_index(0)
    with qtbot.waitSignal(panes.told):
        panes.actions["action.prev_same_tool"].trigger()
    assert panes.cursor.index == 0


def test_a_long_session_is_filtered_for_the_timeline_in_the_background(
    qtbot, panes, bar, monkeypatch
):
    threads = []

    def watched(*arguments):
        threads.append(threading.get_ident())
        return filtered(*arguments)

    monkeypatch.setattr(panes_module, "_LONG", 0)
    monkeypatch.setattr(panes_module, "filtered", watched)
    monkeypatch.setattr(canvas, "filtered", watched)
    bar.edit.setText("kind:tool_call")
    qtbot.waitUntil(lambda: panes.timeline.scene().fitting is not None)
    assert threads
    assert threading.get_ident() not in threads
    bar.edit.clear()
    qtbot.waitUntil(lambda: panes.timeline.scene().fitting is None)
