from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.ui.main_window import MainWindow
    from scrubber.ui.search import SearchPane


@pytest.fixture
def pane(branch_window: MainWindow) -> SearchPane:
    branch_window.panes.actions["action.search"].trigger()
    return branch_window.panes.search_pane


def ask(qtbot, pane: SearchPane, text: str) -> None:
    pane.edit.clear()
    qtbot.keyClicks(pane.edit, text)
    search = pane._search
    qtbot.waitUntil(lambda: search.text == text and not search.searching)


def test_it_takes_the_place_of_the_tree_and_gives_it_back(qtbot, branch_window, pane):
    assert pane.isVisible()
    assert pane.edit.hasFocus()
    assert not branch_window.panes.tree.isVisible()
    assert pane.body.currentWidget() is pane.help
    qtbot.keyClick(pane.edit, Qt.Key.Key_Escape)
    assert not pane.isVisible()
    assert branch_window.panes.tree.isVisible()


def test_enter_goes_to_the_event(qtbot, branch_window, pane):
    ask(qtbot, pane, "role:user redirect")
    assert "hit" in pane.said.text()
    hit = pane.hits.row(1).hit
    qtbot.keyClick(pane.edit, Qt.Key.Key_Return)
    panes = branch_window.panes
    qtbot.waitUntil(
        lambda: (panes.cursor.session, panes.cursor.index) == (hit.session, hit.event.index + 1)
    )
    assert panes.transcript._needle == "redirect"


def test_the_arrows_pass_the_heads(qtbot, pane):
    ask(qtbot, pane, "is:error")
    qtbot.keyClick(pane.edit, Qt.Key.Key_Down)
    assert pane.list.currentIndex().row() == 1
    qtbot.keyClick(pane.edit, Qt.Key.Key_Up)
    assert pane.list.currentIndex().row() == 1


def test_from_hit_to_hit_by_key(qtbot, branch_window, pane):
    ask(qtbot, pane, "is:error")
    actions, cursor = branch_window.panes.actions, branch_window.panes.cursor
    seen = []
    for name in ("next_hit", "next_hit", "prev_hit"):
        actions[f"action.{name}"].trigger()
        row = pane.hits.row(pane.list.currentIndex().row())
        qtbot.waitUntil(
            lambda row=row: (
                (cursor.session, cursor.index) == (row.hit.session, row.hit.event.index + 1)
            )
        )
        seen.append(row.hit.event.index)
    assert seen[0] == seen[2] < seen[1]


def test_all_hits_of_one_session(qtbot, pane):
    ask(qtbot, pane, "kind:tool_call")
    more = next(n for n in range(99) if pane.hits.row(n).more)
    session = pane.hits.row(more).group.session
    pane._activate(more)
    qtbot.waitUntil(lambda: f"session:{session[:12]}" in pane._search.text)
    qtbot.waitUntil(lambda: not pane._search.searching)
    assert pane.hits.sessions == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nowherelikethis", "nothing found"),
        ("fix kind:what", "what ← kind:what is not known"),
        ('say "never', '" ← the " is not closed'),
    ],
)
def test_what_went_wrong_is_said(qtbot, pane, text, said):
    ask(qtbot, pane, text)
    assert pane.said.text().startswith(said)
    assert pane.said.palette().color(pane.said.foregroundRole()) == theme.current().warning


def test_a_match_is_painted_on_a_ground_of_its_own(qtbot, pane):
    ask(qtbot, pane, "role:user redirect")
    pane.list.clearSelection()
    image = pane.list.grab().toImage()
    ground, paper = QColor(theme.current().warning), theme.current().background
    mixed = [round(a * 0.22 + b * 0.78) for a, b in zip(rgb(ground), rgb(paper), strict=True)]
    colours = {
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(0, image.width(), 2)
        for y in range(0, min(image.height(), 150))
    }
    assert any(max(abs(a - b) for a, b in zip(mixed, c, strict=True)) <= 3 for c in colours)


def rgb(colour: QColor) -> tuple[int, ...]:
    return tuple(colour.getRgb()[:3])  # type: ignore[index]


def test_an_index_that_is_behind_is_said(pane):
    pane._on_indexed(50, 200)
    assert pane.indexing.text() == "being indexed: 25 %"
    assert pane.indexing.isVisibleTo(pane)
    pane._on_indexed(200, 200)
    assert not pane.indexing.isVisibleTo(pane)


def test_a_shared_event_can_be_gone_to_in_each_branch(qtbot, branch_window, pane):
    panes = branch_window.panes
    fork = panes.cursor.session
    ask(qtbot, pane, "kind:message role:user")
    rows = [pane.hits.row(n) for n in range(pane.hits.rowCount())]
    shared = next(row for row in rows if row.hit and len(row.hit.branches) > 1)
    assert [b.session for b in shared.hit.branches][1:] == [fork]
    pane._fill_menu(shared.hit)
    first, second = pane._menu.actions()
    assert first.text().endswith("where it was said")
    assert "a branch" in second.text()
    second.trigger()
    expected = (fork, shared.hit.event.index + 1)
    qtbot.waitUntil(lambda: (panes.cursor.session, panes.cursor.index) == expected)
