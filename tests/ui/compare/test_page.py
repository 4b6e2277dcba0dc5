"""Comparing in the window, by its keys and clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QToolButton

from scrubber.core.session import Changes
from scrubber.ui import theme
from scrubber.ui.compare.brush import CellBrush
from tests.ui.compare.conftest import EDITED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.ui.compare import ComparePage
    from scrubber.ui.main_window import MainWindow


def press(qtbot, widget, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget, key, modifiers)


def settle(qtbot, page: ComparePage) -> None:
    """Until the comparison is there, and its visible rows are read."""
    qtbot.waitUntil(lambda: not page.model.busy and page.model.comparison is not None)
    page.grab()
    qtbot.waitUntil(lambda: page.model._library.tasks.idle)
    page.grab()


def words(page: ComparePage) -> str:
    label = page.findChild(QLabel, "compareWords")
    assert label is not None
    return label.text()


def name(window: MainWindow, title: str) -> str:
    store = window.panes.library.store
    assert store is not None
    return next(s.id for s in store.sessions() if s.title.startswith(title))


@pytest.fixture
def page(qtbot, window) -> ComparePage:
    """The fork beside its parent."""
    press(qtbot, window, Qt.Key.Key_D)
    found: ComparePage = window.panes.compare
    settle(qtbot, found)
    return found


@pytest.fixture
def dark() -> Iterator[None]:
    before = QApplication.palette()
    palette = QPalette(before)
    palette.setColor(QPalette.ColorRole.Base, QColor("#17191d"))
    QApplication.setPalette(palette)
    yield
    QApplication.setPalette(before)


def test_d_compares_a_fork_with_its_parent_and_opens_at_the_divergence(window, page):
    assert window.workplace.centre.currentWidget() is page
    made = page.model.comparison
    assert [c.session.title for c in made.columns] == ["Keep the cart through login", "edited"]
    assert words(page).endswith("1 difference, the first behind 28 events")
    assert (page.view.row, page.view.column) == (EDITED, 0)
    assert page.view.hasFocus()
    texts = [edit.toPlainText() for edit in page.detail.findChildren(QPlainTextEdit)]
    assert texts == [
        "The file /home/ada/shop/tidepool/auth.py has been updated successfully.",
        "The file is read-only.",
    ]


def test_esc_leads_back_and_shift_d_back_again(qtbot, window, page):
    press(qtbot, page.view, Qt.Key.Key_Escape)
    assert window.workplace.centre.currentIndex() == 1
    press(qtbot, window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert window.workplace.centre.currentWidget() is page
    assert page.view.row == EDITED


def test_the_keys_move_and_folds_open(qtbot, page):
    view, outline = page.view, page.model.outline
    length = len(outline)
    press(qtbot, view, Qt.Key.Key_Right)
    assert (view.row, view.column) == (EDITED, 1)
    press(qtbot, view, Qt.Key.Key_Home)
    assert view.row == -1  # a fold
    press(qtbot, view, Qt.Key.Key_Return)
    assert len(page.model.outline) > length
    assert view.row == 0
    press(qtbot, view, Qt.Key.Key_Down)
    assert view.row == 1
    press(qtbot, view, Qt.Key.Key_N)
    assert view.row == EDITED
    press(qtbot, view, Qt.Key.Key_End)
    press(qtbot, view, Qt.Key.Key_P)
    assert view.row == EDITED


def test_differences_are_gone_to_from_anywhere_while_they_are_seen(qtbot, window, page):
    step = window.panes.actions["action.next_difference"]
    assert step.isEnabled()
    press(qtbot, page.view, Qt.Key.Key_Home)
    press(qtbot, window.panes.timeline, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.view.row == EDITED
    press(qtbot, page.view, Qt.Key.Key_Escape)
    assert not step.isEnabled()


def test_enter_opens_the_event_in_its_session(qtbot, window, page):
    root = name(window, "Keep the cart")
    press(qtbot, page.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.is_settled(root))
    assert window.workplace.centre.currentIndex() == 1
    assert (window.panes.cursor.session, window.panes.cursor.index) == (root, EDITED + 1)


def test_a_double_click_on_the_open_session_s_column_leads_there(qtbot, window, page):
    left, width = page.view.column_area(1)
    bar = page.view.verticalScrollBar().value()
    item = page.model.outline.item_of(EDITED)
    top = page.view._places.top(item) - bar
    where = QPoint(left + width // 2, top + 20)
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert (page.view.row, page.view.column) == (EDITED, 1)
    assert window.panes.cursor.index == EDITED + 1  # the playhead follows
    qtbot.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert window.workplace.centre.currentIndex() == 1
    assert window.panes.cursor.index == EDITED + 1


def test_what_differs_is_marked_on_a_ground_of_its_own(page):
    view = page.view
    cells = page.model.cells(EDITED)
    assert all(span.changed for cell in cells for span in cell.spans)
    mark = CellBrush(view.font(), theme.current()).mark
    assert mark.fontUnderline()  # not by colour alone
    image = view.viewport().grab().toImage()
    top = view._places.top(page.model.outline.item_of(EDITED)) - view.verticalScrollBar().value()
    height = view._places.height_of(page.model.outline.item_of(EDITED))
    ground = mark.background().color().rgb()
    for column in range(2):
        left, width = view.column_area(column)
        seen = {
            image.pixelColor(x, y).rgb()
            for x in range(left, left + width, 2)
            for y in range(top, top + height)
        }
        assert ground in seen


def test_only_what_is_visible_is_read(qtbot, window, page, monkeypatch):
    page.model.set_everything(True)
    page.model.open_fold(0)
    settle(qtbot, page)
    read = page.model._cells
    assert len(read) < 132
    press(qtbot, page.view, Qt.Key.Key_End)
    settle(qtbot, page)
    assert 131 in read or page.view.row == -1


def test_three_columns_say_who_agrees(qtbot, window, page):
    root, edited, short = (name(window, t) for t in ("Keep the cart", "edited", "short"))
    page.model.compare([root, edited, short, root])
    settle(qtbot, page)
    made = page.model.comparison
    row = made.alignment.row(EDITED)
    assert row.variants == (0, 1, 255, 0)
    assert page.view.columns == 4
    assert page.view.horizontalScrollBar().maximum() > 0
    for _ in range(3):
        press(qtbot, page.view, Qt.Key.Key_Right)
    left, width = page.view.column_area(3)
    assert left + width <= page.view.viewport().width()  # scrolled into sight


def test_siblings_of_a_root_are_its_forks(qtbot, window):
    root = name(window, "Keep the cart")
    window.show_session(root)
    qtbot.waitUntil(lambda: window.is_settled(root))
    window.panes.actions["action.compare_siblings"].trigger()
    settle(qtbot, window.panes.compare)
    titles = [c.session.title for c in window.panes.compare.model.comparison.columns]
    assert titles == ["Keep the cart through login", "short", "edited"]


def test_the_selected_ones_are_compared(qtbot, window):
    tree, actions = window.panes.tree, window.panes.actions
    assert not actions["action.compare_selected"].isEnabled()
    select_also(qtbot, window, name(window, "short"))
    chosen = tuple(s.id for s in tree.selected())
    assert set(chosen) == {name(window, "short"), name(window, "edited")}
    assert window.panes.cursor.session == name(window, "edited")  # adding opens nothing
    assert actions["action.compare_selected"].isEnabled()
    press(qtbot, window, Qt.Key.Key_D)
    settle(qtbot, window.panes.compare)
    assert window.panes.compare.model.names == chosen


def test_a_plain_click_opens_what_was_only_added(qtbot, window):
    short = name(window, "short")
    select_also(qtbot, window, short)
    click(qtbot, window, short)
    qtbot.waitUntil(lambda: window.is_settled(short))
    assert [s.id for s in window.panes.tree.selected()] == [short]


def select_also(qtbot, window, session):
    click(qtbot, window, session, Qt.KeyboardModifier.ControlModifier)


def click(qtbot, window, session, modifiers=Qt.KeyboardModifier.NoModifier):
    tree = window.panes.tree
    qtbot.waitUntil(lambda: tree.model.index_of(session).isValid())
    area = tree.view.visualRect(tree.model.index_of(session))
    qtbot.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, modifiers, area.center())


def test_a_session_that_has_changed_since_can_be_compared_again(qtbot, window, page):
    again = page.findChild(QToolButton, "compareAgain")
    assert not again.isVisible()
    store = window.panes.library.store
    short = name(window, "short")
    page.model.compare([short, name(window, "edited")])
    settle(qtbot, page)
    window.panes.library.changed.emit(Changes(changed=frozenset({short})))
    qtbot.waitUntil(lambda: window.panes.tasks.idle)
    assert not again.isVisible()  # it is as it was
    store.continue_branch(short)
    window.panes.library.changed.emit(Changes(changed=frozenset({short})))
    qtbot.waitUntil(again.isVisible)
    again.click()
    settle(qtbot, page)
    assert not again.isVisible()
    assert page.model.comparison.columns[0].session.events > 20


def test_what_cannot_be_compared_is_said(qtbot, window, page):
    page.model.compare(["nothing", "nobody"])
    qtbot.waitUntil(lambda: not page.model.busy)
    assert words(page) == "Not compared: no session has the id 'nothing'"


def test_it_can_be_stopped(qtbot, window, page):
    page.model.compare([name(window, "edited"), name(window, "short")])
    page.model.cancel()
    qtbot.waitUntil(lambda: not page.model.busy)
    assert words(page) in ("Stopped", "2 sessions side by side · " + words(page).split(" · ")[-1])


def test_in_the_dark_too(qtbot, window, dark, page):
    window.workplace.refresh_colours()
    image = page.view.viewport().grab().toImage()
    assert image.pixelColor(image.width() - 3, image.height() - 3).lightness() < 90


def test_looking_for_something_in_the_session_leads_back_to_it(qtbot, window, page):
    window.panes.actions["action.find"].trigger()
    assert window.workplace.centre.currentIndex() == 1
    assert window.panes.find_bar.edit.hasFocus()


def test_a_verdict_stands_in_the_head_of_its_column(qtbot, window, page):
    store, edited = window.panes.library.store, name(window, "edited")
    store.notes.judge(edited, "confirmed", "it gave up")
    page.model.again()
    qtbot.waitUntil(lambda: not page.model.busy)
    assert "✓ confirmed · " in page.heads.accessibleName()
