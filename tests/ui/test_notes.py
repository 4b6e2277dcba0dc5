"""Bookmarks, labels and notes in the window: by key, by click, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from scrubber.ui.dialogs.label_dialog import LabelDialog
from scrubber.ui.inspector.notes_page import NotesPage
from scrubber.ui.note_marks import NoteMark
from scrubber.ui.tree.delegate import facts

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def page(qtbot: QtBot, branch_window: MainWindow) -> NotesPage:
    branch_window.panes.cursor.set_index(20)
    branch_window.panes.actions["action.show_notes"].trigger()
    qtbot.waitUntil(lambda: branch_window.panes.inspector.is_settled)
    return branch_window.panes.inspector.page(NotesPage)


def name_of(window: MainWindow) -> str:
    session = window.panes.open_session.session
    assert session is not None
    return session.id


def marks(window: MainWindow) -> dict[int, tuple[str, ...]]:
    return {i: tuple(n.kind for n in found) for i, found in window.panes.notes.written.at.items()}


def test_b_bookmarks_the_event_in_front_of_the_playhead(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    window = branch_window
    QTest.keyClick(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: marks(window) == {19: ("bookmark",)})
    qtbot.waitUntil(page.bookmark.isChecked)
    root = branch_store.session(name_of(window)).parent
    assert [note.index for note in branch_store.notes.of(str(root))] == [19]
    assert "bookmarked" in window.panes.notes.describe(19)
    window.panes.actions["action.undo"].trigger()
    qtbot.waitUntil(lambda: marks(window) == {})
    window.panes.actions["action.redo"].trigger()
    qtbot.waitUntil(lambda: marks(window) == {19: ("bookmark",)})
    page.bookmark.click()
    qtbot.waitUntil(lambda: marks(window) == {})
    window.panes.cursor.set_index(0)
    window.panes.actions["action.bookmark"].trigger()
    qtbot.waitUntil(lambda: not page.bookmark.isEnabled())
    assert marks(window) == {}


def test_n_writes_a_note_that_saves_itself(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    QTest.keyClick(branch_window, Qt.Key.Key_N)
    qtbot.waitUntil(page.note.hasFocus)
    QTest.keyClicks(page.note, "why b l n?")
    branch_window.panes.cursor.set_index(10)
    qtbot.waitUntil(lambda: branch_window.panes.notes.written.text(19) == "why b l n?")
    qtbot.waitUntil(lambda: page.note.toPlainText() == "")
    qtbot.waitUntil(lambda: len(page.list.rows.rows) == 1)
    assert page.list.rows.rows[0].text == "why b l n?"
    area = page.list.visualRect(page.list.rows.index(0))
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert branch_window.panes.cursor.index == 20
    qtbot.waitUntil(lambda: page.note.toPlainText() == "why b l n?")
    assert branch_window.panes.library.undo_stack.undoText() == "note on #20"
    branch_window.panes.actions["action.undo"].trigger()
    qtbot.waitUntil(lambda: branch_store.notes.of(name_of(branch_window)) == [])


def label_dialog(window: MainWindow) -> LabelDialog:
    dialog = window.findChild(LabelDialog)
    assert isinstance(dialog, LabelDialog)
    return dialog


def test_l_gives_and_takes_labels(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    window = branch_window
    branch_store.notes.label(name_of(window), 3, "known", "teal")
    window.panes.library.changed.emit(None)
    qtbot.waitUntil(lambda: 3 in marks(window))
    QTest.keyClick(window, Qt.Key.Key_L)
    dialog = label_dialog(window)
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["known"]
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    QTest.keyClicks(dialog.name, "new one")
    dialog.findChild(QComboBox, "labelColour").setCurrentText("purple")  # type: ignore[union-attr]
    dialog.accept()
    qtbot.waitUntil(lambda: set(window.panes.notes.written.labels(19)) == {"known", "new one"})
    assert window.panes.notes.written.colour("new one") == "purple"
    qtbot.waitUntil(lambda: "new one" in page.labels.full)
    qtbot.waitUntil(lambda: not window.findChildren(LabelDialog))
    window.panes.actions["action.session_labels"].trigger()
    dialog = label_dialog(window)
    dialog.name.setText("kept")
    dialog.accept()
    qtbot.waitUntil(lambda: branch_store.session(name_of(window)).labels == ("kept",))
    assert facts(branch_store.session(name_of(window))).startswith("⚑ kept · at 26")


def test_a_branch_says_what_it_is_for_and_what_it_told(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    assert page.claims.isVisible()
    assert not page.claims.reason.isEnabled()
    QTest.keyClicks(page.claims.hypothesis, "it is the cache")
    QTest.keyClick(page.claims.hypothesis, Qt.Key.Key_Return)
    name = name_of(branch_window)
    qtbot.waitUntil(lambda: branch_store.session(name).hypothesis == "it is the cache")
    page.claims.verdict.setCurrentIndex(page.claims.verdict.findData("refuted"))
    page.claims.verdict.activated.emit(2)
    qtbot.waitUntil(lambda: branch_store.session(name).verdict == "refuted")
    assert facts(branch_store.session(name)).startswith("✗ refuted · at 26")
    stack = branch_window.panes.library.undo_stack
    qtbot.waitUntil(lambda: stack.undoText() == "verdict")
    assert stack.count() == 2
    branch_window.panes.actions["action.undo"].trigger()
    qtbot.waitUntil(lambda: branch_store.session(name).verdict == "")
    assert branch_store.session(name).hypothesis == "it is the cache"


def test_steps_go_from_note_to_note(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    window, name = branch_window, name_of(branch_window)
    branch_store.notes.bookmark(name, 4)
    branch_store.notes.write(name, 22, "x")
    window.panes.library.changed.emit(None)
    qtbot.waitUntil(lambda: set(marks(window)) == {4, 22})
    for action, index in (("next", 23), ("prev", 5), ("prev", 5), ("next", 23), ("next", 23)):
        window.panes.actions[f"action.{action}_note"].trigger()
        assert window.panes.cursor.index == index


def test_evidence_that_changed_is_told_and_can_be_removed(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    name = name_of(branch_window)
    branch_store.notes.write(name, 5, "here")
    with branch_store.store.connections.write() as connection:
        connection.execute("DELETE FROM anchors")
        connection.execute(
            "INSERT INTO lost_anchors SELECT s.pk, n.pk, 1 FROM sessions s, notes n WHERE s.id = ?",
            (name,),
        )
    branch_window.panes.library.changed.emit(None)
    qtbot.waitUntil(lambda: len(page.list.rows.rows) == 2)
    heading, row = page.list.rows.rows[0], page.list.rows.rows[1]
    assert (heading.text, row.text, row.amount) == ("Evidence changed", "here", "remove")
    assert "its source was rewritten" in row.tip
    page.list.chosen.emit(row)
    qtbot.waitUntil(lambda: branch_store.notes.of(name) == [])


def shot(window: MainWindow, part: str) -> QImage:
    widget = window.panes.timeline if part == "timeline" else window.panes.transcript
    return widget.grab().toImage()


@pytest.mark.parametrize("part", ["timeline", "transcript"])
def test_signs_are_painted_and_differ(
    qtbot: QtBot, branch_window: MainWindow, page: NotesPage, part: str
) -> None:
    panes = branch_window.panes
    widget = panes.timeline if part == "timeline" else panes.transcript
    images = [shot(branch_window, part)]
    for mark in (
        NoteMark(19, ("bookmark",), ()),
        NoteMark(19, ("note",), ()),
        NoteMark(19, ("label",), ("red",)),
    ):
        widget.set_notes((mark,))
        QTest.qWait(0)
        images.append(shot(branch_window, part))
    assert all(a != b for n, a in enumerate(images) for b in images[n + 1 :])
    assert images[0].pixel(QPoint(0, 0)) == images[1].pixel(QPoint(0, 0))


def test_a_sign_on_the_timeline_is_a_place_to_go(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, page: NotesPage
) -> None:
    timeline = branch_window.panes.timeline
    branch_store.notes.bookmark(name_of(branch_window), 9)
    branch_window.panes.library.changed.emit(None)
    qtbot.waitUntil(lambda: 9 in marks(branch_window))
    scene = timeline.scene()
    at = QPoint(round((scene.x(9) + scene.x(10)) / 2), scene.rows.marks.top + 4)
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=at)
    assert branch_window.panes.cursor.index == 10
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=at + QPoint(30, 0))
    assert branch_window.panes.cursor.index == 10 or scene.x(12) - scene.x(10) < 60


def test_esc_leaves_a_field_so_that_keys_are_keys_again(
    qtbot: QtBot, branch_window: MainWindow, page: NotesPage
) -> None:
    window = branch_window
    window.panes.actions["action.note"].trigger()
    assert window.focusWidget() is page.note
    qtbot.keyClicks(page.note, "odd")
    qtbot.keyClick(page.note, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.panes.transcript
    qtbot.waitUntil(lambda: marks(window) == {19: ("note",)})
    window.panes.actions["action.filter"].trigger()
    assert window.focusWidget() is window.panes.tree.filter
    qtbot.keyClick(window.panes.tree.filter, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.panes.transcript
