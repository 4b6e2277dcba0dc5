"""Edit and fork: the original stays, a branch says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPlainTextEdit

from scrubber.core.events import Kind, Origin, Role
from scrubber.ui.dialogs.edit_dialog import EditDialog, json_problem
from scrubber.ui.edited_text import EditedText, merged

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.ui.main_window import MainWindow


def first(store: OpenStore, session: str, kind: Kind, role: Role | None = None) -> Event:
    events = store.events(session)
    return next(e for e in events if e.kind is kind and role in (None, e.role))


def opened(qtbot: QtBot, window: MainWindow, name: str = "action.edit") -> EditDialog:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    action.trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(EditDialog)))
    return window.findChildren(EditDialog)[0]


def accepted(qtbot: QtBot, window: MainWindow, dialog: EditDialog) -> str:
    """Fork with what the dialog says; gives the branch once it is open."""
    with qtbot.waitSignal(window.panes.library.forked) as forked:
        dialog.fork_button.click()
    session: str = forked.args[0].session.id
    qtbot.waitUntil(lambda: window.panes.cursor.session == session)
    return session


def test_a_message_is_edited_and_what_followed_is_dropped(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    source = branch_window.panes.cursor.session
    said = first(branch_store, source, Kind.MESSAGE, Role.USER)
    branch_window.panes.cursor.set_index(said.index + 1)
    branch_window.panes.transcript.setFocus()
    qtbot.keyClick(branch_window.panes.transcript, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: bool(branch_window.findChildren(EditDialog)))
    dialog = branch_window.findChildren(EditDialog)[0]
    assert dialog.drop.isChecked()
    assert dialog.editor.toPlainText() == branch_store.content(said).text
    assert not dialog.fork_button.isEnabled()
    dialog.editor.setPlainText("Please only look, and change nothing.")
    session = accepted(qtbot, branch_window, dialog)
    events = branch_store.events(session)
    assert len(events) == said.index + 1
    assert (events[-1].text, events[-1].origin) == (
        "Please only look, and change nothing.",
        Origin.EDITED,
    )
    assert branch_store.session(source).events == 26
    branch_window.panes.library.undo_stack.undo()
    qtbot.waitUntil(lambda: branch_window.panes.cursor.session == source)


def test_a_result_can_be_made_a_failure_and_what_followed_kept(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    source = branch_window.panes.cursor.session
    result = first(branch_store, source, Kind.TOOL_RESULT)
    branch_window.panes.cursor.set_index(result.index + 1)
    dialog = opened(qtbot, branch_window)
    assert dialog.failed.isVisible()
    dialog.failed.click()
    dialog.keep.click()
    dialog.title.setText("what if it had failed")
    session = accepted(qtbot, branch_window, dialog)
    events = branch_store.events(session)
    assert len(events) == 26
    assert (events[result.index].is_error, events[result.index].origin) == (True, Origin.EDITED)
    assert branch_store.content(events[result.index]).text == branch_store.content(result).text
    assert branch_store.session(session).title == "what if it had failed"


def test_arguments_are_edited_as_json_and_checked(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    source = branch_window.panes.cursor.session
    call = first(branch_store, source, Kind.TOOL_CALL)
    branch_window.panes.cursor.set_index(call.index + 1)
    dialog = opened(qtbot, branch_window)
    dialog.editor.setPlainText('{"command": "ls", }')
    assert "line 1" in dialog.verdict.text()
    assert not dialog.fork_button.isEnabled()
    dialog.editor.setPlainText("[1, 2]")
    assert "JSON object" in dialog.verdict.text()
    dialog.editor.setPlainText('{"command": "ls"}')
    session = accepted(qtbot, branch_window, dialog)
    last = branch_store.events(session)[-1]
    assert branch_store.content(last).arguments == {"command": "ls"}


def test_a_system_prompt_is_put_in_front_of_what_was_said(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    dialog = opened(qtbot, branch_window, "action.system")
    assert dialog.keep.isChecked()
    dialog.editor.setPlainText("You are careful.")
    session = accepted(qtbot, branch_window, dialog)
    events = branch_store.events(session)
    assert len(events) == 27
    assert (events[0].role, events[0].origin, events[0].text) == (
        Role.SYSTEM,
        Origin.TYPED,
        "You are careful.",
    )
    again = opened(qtbot, branch_window, "action.system")
    assert again.editor.toPlainText() == "You are careful."
    again.reject()


def test_reasoning_is_not_edited_and_says_why(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    source = branch_window.panes.cursor.session
    thought = first(branch_store, source, Kind.REASONING)
    branch_window.panes.cursor.set_index(thought.index + 1)
    with qtbot.waitSignal(branch_window.panes.told) as told:
        branch_window.panes.actions["action.edit"].trigger()
    assert "the provider's own" in told.args[0]
    assert branch_window.findChildren(EditDialog) == []


@pytest.mark.parametrize(
    ("original", "shown", "now", "wanted"),
    [
        ("a\r\nb\xa0c\r\n", "a\nb c\n", "a\nb c!\n", "a\r\nb\xa0c!\r\n"),
        ("one\r\ntwo", "one\ntwo", "one\ntwo", "one\r\ntwo"),
        ("aaa", "aaa", "aa", "aa"),
        ("", "", "x", "x"),
        ("x\u2028y z", "x\ny z", "x\ny zz", "x\u2028y zz"),
    ],
)
def test_what_was_not_touched_comes_back_as_it_was(
    original: str, shown: str, now: str, wanted: str
) -> None:
    assert merged(original, shown, now) == wanted


def test_an_editor_gives_odd_characters_back(qtbot: QtBot) -> None:
    editor = QPlainTextEdit()
    qtbot.addWidget(editor)
    original = "a\r\nb\xa0\u2028c\x00d \U0001f40d\u0301 end"
    edited = EditedText(original, editor)
    assert edited.text() == original
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    editor.insertPlainText("!")
    assert edited.is_changed
    assert edited.text() == original + "!"


def test_json_problems_are_named() -> None:
    assert json_problem('{"a": 1}') == ""
    assert "line 2" in json_problem('{\n"a" 1}')
    assert "JSON object" in json_problem("3")
    assert json_problem("anything", takes_text=True) == ""
    assert "nested too deeply" in json_problem("[" * 100_000)
