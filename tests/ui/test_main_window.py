"""The window as its users have it: on a real store, driven by keys and clicks."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDropEvent, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QWidget,
)

from scrubber.api import open_store
from scrubber.app import create_window
from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import own
from scrubber.ui import theme
from scrubber.ui.dialogs.export_dialog import ExportDialog
from scrubber.ui.dialogs.fork_dialog import ForkDialog
from scrubber.ui.dialogs.hand_over_dialog import HandOverDialog
from scrubber.ui.inspector.labels import Value
from scrubber.ui.inspector.usage_page import UsagePage
from scrubber.ui.main_window import TURN_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.ui.main_window import MainWindow
    from scrubber.ui.panes import Panes

OBJECTS = (
    "sessionTree sessionFilter timeline transcriptView inspector findBar commandPalette toolBar"
)
ACTIONS = (
    "action.import action.fork action.export action.find action.next_event action.prev_event "
    "action.next_tool action.prev_tool action.next_error action.prev_error action.play action.undo"
)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, bundled_sample: Path) -> Iterator[MainWindow]:
    """A window with the sample open."""
    path = tmp_path / "store.db"
    with open_store(path) as store:
        list(store.import_paths([bundled_sample]))
        session = store.roots()[0].id
    yield from shown(qtbot, path, session)


@pytest.fixture
def empty_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    yield from shown(qtbot, tmp_path / "empty.db", "")


def shown(qtbot: QtBot, path: Path, session: str) -> Iterator[MainWindow]:
    window = create_window(path)
    window.resize(1200, 800)
    with qtbot.waitSignal(window.panes.library.opened):
        window.show()
    if session:
        qtbot.waitUntil(lambda: window.is_settled(session))
    window.activateWindow()
    yield window
    window.close()
    window.deleteLater()


def trigger(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    assert action.isEnabled()
    action.trigger()


def dialog(window: MainWindow, name: str) -> QDialog:
    found = [child for child in window.findChildren(QDialog, name) if child.isVisible()]
    assert len(found) == 1
    return found[0]


def open_title(window: MainWindow) -> str:
    assert window.panes.open_session.session is not None
    return window.panes.open_session.session.title


def test_everything_has_its_name(window: MainWindow) -> None:
    assert window.objectName() == "mainWindow"
    for name in OBJECTS.split():
        assert window.findChild(QWidget, name) is not None, name
    for name in ACTIONS.split():
        assert window.findChild(QAction, name) is not None, name


def test_the_newest_session_is_open_with_the_playhead_at_its_end(window: MainWindow) -> None:
    assert open_title(window) == "Keep the cart through login"
    assert window.panes.timeline.value() == window.panes.timeline.maximum() == 132
    assert window.panes.transport.status().startswith("132 / 132 · 64 messages")


def test_the_playhead_is_in_sight_after_each_change_of_session(
    qtbot: QtBot, window: MainWindow
) -> None:
    store, session = window.panes.library.store, window.panes.open_session.session
    assert store is not None
    assert session is not None
    for name in (session.id, store.children(session.id)[0].id, session.id):
        window.show_session(name)
        qtbot.waitUntil(partial(window.is_settled, name))
        qtbot.waitUntil(partial(playhead_is_in_sight, window))


def playhead_is_in_sight(window: MainWindow) -> bool:
    window.panes.transcript.ensure_laid_out()
    pager = window.panes.transcript.pager
    line = pager.page.top_of(window.panes.cursor.index, window.panes.cursor.length)
    return line is not None and 0 < line < pager.height


def test_the_slider_moves_every_pane(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(
        window.panes.timeline.valueChanged, check_params_cb=lambda value: value == 27
    ):
        window.panes.timeline.setValue(27)
    assert window.panes.cursor.index == 27
    qtbot.waitUntil(lambda: window.panes.transport.status().startswith("27 / 132 · 15 messages"))


@pytest.mark.parametrize(
    ("key", "modifiers", "start", "expected"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 27, 28),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 27, 26),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 27, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 27, 132),
        (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier, 27, 30),
        (Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, 30, 27),
        (Qt.Key.Key_BraceRight, Qt.KeyboardModifier.NoModifier, 27, 31),
        (Qt.Key.Key_BraceLeft, Qt.KeyboardModifier.NoModifier, 31, 24),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 27, 29),
    ],
)
def test_keys_step(
    qtbot: QtBot,
    window: MainWindow,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    start: int,
    expected: int,
) -> None:
    window.panes.cursor.set_index(start)
    window.panes.transcript.setFocus()
    qtbot.keyClick(window.panes.transcript, key, modifiers)
    assert window.panes.cursor.index == expected


def test_letters_belong_to_a_text_field_that_has_the_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.panes.tree.filter.setFocus()
    qtbot.waitUntil(window.panes.tree.filter.hasFocus)
    qtbot.keyClicks(window.panes.tree.filter, "f[]")
    assert window.panes.tree.filter.text() == "f[]"
    assert window.findChildren(QDialog, "forkDialog") == []


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keys: dict[str, str] = {}
    for name, action in window.panes.actions.by_id.items():
        for key in action.shortcuts():
            text = key.toString(QKeySequence.SequenceFormat.PortableText)
            assert text not in keys, f"{name} and {keys.get(text)} share {text}"
            keys[text] = name


def test_fork_here_repairs_selects_the_child_and_can_be_undone(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.panes.cursor.set_index(27)
    trigger(window, "action.fork")
    form = dialog(window, "forkDialog")
    assert isinstance(form, ForkDialog)
    qtbot.waitUntil(lambda: len(form.repairs.buttons()) == 3)
    assert form.heading.text() == "Keeps 26 events (moved back from 27)"
    assert "Edit call, event #27" in form.verdict.text()
    button = form.findChild(QRadioButton, "forkRepair.interrupt")
    assert isinstance(button, QRadioButton)
    button.click()
    assert form.heading.text() == "Keeps 27 events, 15 messages, adds 1 result"
    form.title.setText("what if")
    with qtbot.waitSignal(window.panes.library.forked):
        form.fork_button.click()
    qtbot.waitUntil(lambda: open_title(window) == "what if")
    assert window.panes.timeline.value() == window.panes.timeline.maximum() == 28
    chosen = window.panes.tree.chosen()
    assert chosen is not None
    assert chosen.relation == "fork"
    store = window.panes.library.store
    assert store is not None
    added = store.events(chosen.id, 27)[0]
    assert (added.kind, added.origin) == (Kind.TOOL_RESULT, Origin.SYNTHETIC)
    assert store.session(chosen.parent or "").events == 132
    trigger(window, "action.undo")
    qtbot.waitUntil(lambda: open_title(window) == "Keep the cart through login")
    assert [child.relation for child in store.children(store.roots()[0].id)] == ["subagent"]


def test_a_fork_shows_on_the_timeline_of_its_parent(qtbot: QtBot, window: MainWindow) -> None:
    store, session = window.panes.library.store, window.panes.open_session.session
    assert store is not None
    assert session is not None
    fork = store.fork(session.id, 50, title="seen")
    with qtbot.waitSignal(window.panes.open_session.updated):
        window.panes.library.changed.emit(fork.changes)
    assert [(mark.index, mark.title) for mark in window.panes.open_session.track.forks] == [
        (50, "seen")
    ]


def test_export_writes_the_cut_and_asks_before_it_replaces(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.panes.cursor.set_index(50)
    target = tmp_path / "out.jsonl"
    for _ in range(2):
        trigger(window, "action.export")
        form = dialog(window, "exportDialog")
        assert isinstance(form, ExportDialog)
        form.format.setCurrentIndex(form.format.findData("messages"))
        assert form.cut.isChecked()
        form.path.setText(str(target))
        form.path.textEdited.emit(str(target))
        existed = target.exists()
        form.export_button.click()
        if existed:
            assert "is there already" in form.losses.text()
            form.export_button.click()
        qtbot.waitUntil(lambda: bool(window.findChildren(QDialog, "exported")))
        dialog(window, "exported").close()
        qtbot.waitUntil(lambda: not window.findChildren(QDialog, "exported"))
    assert target.read_bytes().startswith(b'{"messages":[')


def test_a_pair_is_exported_against_a_session_that_begins_alike(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    store, session = window.panes.library.store, window.panes.open_session.session
    assert store is not None
    assert session is not None
    trigger(window, "action.export")
    form = dialog(window, "exportDialog")
    assert isinstance(form, ExportDialog)
    assert not form.against.isVisible()
    form.format.setCurrentIndex(form.format.findData("pairs"))
    assert form.against.isVisible()
    qtbot.waitUntil(lambda: "begins as this one does" in form.losses.text())
    assert "Problem" in [label.text() for label in form.findChildren(QLabel)]
    form.format.setCurrentIndex(form.format.findData("messages"))
    qtbot.waitUntil(lambda: "Loses" in [label.text() for label in form.findChildren(QLabel)])
    form.format.setCurrentIndex(form.format.findData("pairs"))
    qtbot.waitUntil(lambda: "begins as this one does" in form.losses.text())
    form.path.textEdited.emit("anything")
    assert not form.export_button.isEnabled()
    form.reject()

    calls = [e.index for e in store.events(session.id) if e.kind is Kind.REASONING]
    fork = store.fork(session.id, calls[0], title="another").session
    said = Draft(Kind.MESSAGE, "No.", Role.ASSISTANT, origin=Origin.TYPED)
    store.store.append(fork.id, [(own.encode(said, text_content("No.")), said)])
    trigger(window, "action.export")
    again = dialog(window, "exportDialog")
    assert isinstance(again, ExportDialog)
    again.whole.setChecked(True)
    again.format.setCurrentIndex(again.format.findData("pairs"))
    qtbot.waitUntil(lambda: again.chosen_against() == fork.id)
    qtbot.waitUntil(lambda: "the other: " in again.losses.text())
    assert "preferred: " in again.losses.text()
    assert "parts after" in again.against.currentText()
    target = tmp_path / "pair.jsonl"
    again.path.setText(str(target))
    again.export_button.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(QDialog, "exported")))
    dialog(window, "exported").close()
    pair = json.loads(target.read_bytes())
    assert [m["content"] for m in pair["non_preferred_output"]] == ["No."]


def test_continue_in_an_agent_tells_and_then_writes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    window.panes.cursor.set_index(27)
    trigger(window, "action.continue_in")
    form = dialog(window, "handOverDialog")
    assert isinstance(form, HandOverDialog)
    assert form.agent.currentData() == "claude-code"
    qtbot.waitUntil(form.write.isEnabled)
    assert str(tmp_path / "claude" / "projects") in form.path.text()
    assert "answered" in form.losses.text()
    form.agent.setCurrentIndex(form.agent.findData("codex"))
    qtbot.waitUntil(lambda: "codex resume" in form.command.text())
    assert not list(tmp_path.rglob("*.jsonl"))
    form.folder.setText(str(tmp_path))
    form.folder.editingFinished.emit()
    qtbot.waitUntil(lambda: str(tmp_path) in form.command.text())
    qtbot.waitUntil(form.write.isEnabled)
    form.write.click()
    qtbot.waitUntil(lambda: form.path.text().startswith("✓"))
    (written,) = (tmp_path / "codex").rglob("*.jsonl")
    assert written.stem[-36:] in form.command.text()
    assert not form.write.isEnabled()
    form.copy.click()
    assert QGuiApplication.clipboard().text() == form.command.text()
    form.close()


def test_deleting_asks_with_cancel_as_its_default(qtbot: QtBot, window: MainWindow) -> None:
    trigger(window, "action.delete")
    qtbot.waitUntil(lambda: bool(window.findChildren(QDialog, "deleteDialog")))
    box = dialog(window, "deleteDialog")
    assert isinstance(box, QMessageBox)
    assert "1 sub-agent" in box.informativeText()
    assert box.defaultButton().text().replace("&", "") == "Cancel"
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert open_title(window) == "Keep the cart through login"


def test_choosing_another_session_and_coming_back_keeps_the_place(
    qtbot: QtBot, window: MainWindow
) -> None:
    store, session = window.panes.library.store, window.panes.open_session.session
    assert store is not None
    assert session is not None
    child = store.children(session.id)[0]
    window.panes.cursor.set_index(40)
    window.show_session(child.id)
    qtbot.waitUntil(lambda: window.is_settled(child.id))
    assert window.panes.timeline.maximum() == 15
    trigger(window, "action.parent_session")
    qtbot.waitUntil(lambda: window.is_settled(session.id))
    assert window.panes.cursor.index == 40


def test_an_empty_store_welcomes_and_takes_dropped_files(
    qtbot: QtBot, empty_window: MainWindow, bundled_sample: Path
) -> None:
    assert empty_window.panes.welcome.isVisible()
    assert not empty_window.workplace.lower_half.isVisible()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bundled_sample))])
    empty_window.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: empty_window.panes.open_session.session is not None)
    assert not empty_window.panes.welcome.isVisible()
    qtbot.waitUntil(lambda: not empty_window.panes.job_bar.isVisible())


def test_found_sessions_are_offered_and_imported_on_request(
    qtbot: QtBot,
    tmp_path: Path,
    bundled_sample: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    projects = tmp_path / "config" / "projects"
    projects.parent.mkdir()
    projects.symlink_to(bundled_sample)
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(projects.parent))
    for window in shown(qtbot, tmp_path / "found.db", ""):
        panes = window.panes
        qtbot.waitUntil(partial(found_button, window))
        assert panes.open_session.session is None
        window.findChildren(QPushButton, "welcomeFound.claude-code")[0].click()
        qtbot.waitUntil(partial(is_idle_with_a_session, panes))


def found_button(window: MainWindow) -> bool:
    return bool(window.findChildren(QPushButton, "welcomeFound.claude-code"))


def is_idle_with_a_session(panes: Panes) -> bool:
    return panes.open_session.session is not None and not panes.job_bar.isVisible()


def test_the_welcome_page_can_be_asked_for_and_left(qtbot: QtBot, window: MainWindow) -> None:
    session = window.panes.open_session.session
    assert session is not None
    window.panes.cursor.set_index(40)
    trigger(window, "action.import_found")
    assert window.panes.welcome.isVisible()
    assert not window.workplace.lower_half.isVisible()
    window.show_session(session.id)
    qtbot.waitUntil(partial(window.is_settled, session.id))
    assert not window.panes.welcome.isVisible()
    assert window.panes.cursor.index == 40


def test_the_window_comes_back_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for window in shown(qtbot, path, ""):
        window.resize(780, 640)
        window.panes.actions["action.show_inspector"].trigger()
        window.panes.inspector.show_page(UsagePage)
        before = window.size()
    again = create_window(path)
    assert isinstance(again.panes.inspector.current, UsagePage)
    assert again.size().width() == before.width()
    assert not again.panes.actions["action.show_inspector"].isChecked()
    again.close()
    again.deleteLater()


def test_first_paint_does_not_wait_for_the_store(qtbot: QtBot, tmp_path: Path) -> None:
    window = create_window(tmp_path / "late.db")
    window.show()
    assert window.panes.library.store is None
    assert not window.grab().isNull()
    with qtbot.waitSignal(window.panes.library.opened):
        pass
    window.close()
    window.deleteLater()


def test_the_frame_is_painted_before_what_fills_it(
    qtbot: QtBot, tmp_path: Path, bundled_sample: Path
) -> None:
    window = create_window(tmp_path / "store.db", at_once=False)
    window.import_paths([bundled_sample])
    window.show()
    assert not window.grab().isNull()
    assert window.centralWidget() is None
    qtbot.waitUntil(lambda: window.centralWidget() is not None)
    qtbot.waitUntil(lambda: window.panes.open_session.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: window.panes.tasks.idle)
    window.close()
    window.deleteLater()


def test_a_window_closed_before_it_is_filled_opens_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    window = create_window(tmp_path / "store.db", at_once=False)
    window.show()
    window.close()
    qtbot.wait(400)
    assert window.centralWidget() is None
    assert not (tmp_path / "store.db").exists()
    window.deleteLater()


def test_threads_hand_on_the_interpreter_while_a_frame_is_painted(window: MainWindow) -> None:
    assert window.panes is not None
    assert sys.getswitchinterval() == pytest.approx(TURN_S)


def test_a_line_edit_of_the_window_never_starts_with_the_focus(window: MainWindow) -> None:
    assert not isinstance(QApplication.focusWidget(), QLineEdit)


def test_the_playhead_stays_in_sight_when_the_page_becomes_smaller(
    qtbot: QtBot, window: MainWindow
) -> None:
    trigger(window, "action.find")
    qtbot.waitUntil(partial(playhead_is_in_sight, window))
    window.resize(900, 560)
    qtbot.waitUntil(partial(playhead_is_in_sight, window))


def test_words_take_the_colours_of_another_palette(qtbot: QtBot, window: MainWindow) -> None:
    def shades() -> set[str]:
        values = window.panes.inspector.findChildren(Value)
        return {value.palette().color(QPalette.ColorRole.Text).name() for value in values}

    before = QApplication.palette()
    dark = QPalette(QColor("#202020"))
    try:
        QApplication.setPalette(dark)
        qtbot.waitUntil(lambda: theme.DARK.text.name() in shades(), timeout=2000)
        assert theme.LIGHT.text.name() not in shades()
    finally:
        QApplication.setPalette(before)


def test_the_export_dialog_keeps_its_width(qtbot: QtBot, window: MainWindow) -> None:
    trigger(window, "action.export")
    export = dialog(window, "exportDialog")
    assert isinstance(export, ExportDialog)
    export.format.setCurrentIndex(export.format.findData("messages"))
    qtbot.waitUntil(lambda: "•" in export.losses.text())
    assert export.width() >= 600
    losses = export.losses
    qtbot.waitUntil(lambda: losses.height() >= losses.heightForWidth(losses.width()))
    export.reject()


def test_a_refused_store_offers_nothing_that_needs_one(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("not a store")
    window = create_window(path)
    with qtbot.waitSignal(window.panes.library.refused):
        window.show()
    assert not window.panes.actions["action.import"].isEnabled()
    button = window.findChild(QPushButton, "welcomeFiles")
    assert isinstance(button, QPushButton)
    assert not button.isVisible()
    window.close()
    window.deleteLater()


def test_a_session_chosen_while_filtering_takes_the_keys(qtbot: QtBot, window: MainWindow) -> None:
    tree = window.panes.tree
    trigger(window, "action.filter")
    assert tree.filter.hasFocus()
    row = tree.view.visualRect(tree.model.index(0, 0)).center()
    qtbot.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert not tree.filter.hasFocus()
    trigger(window, "action.filter")
    qtbot.keyClick(tree.filter, Qt.Key.Key_Return)
    assert not tree.filter.hasFocus()


def test_no_page_of_the_inspector_presses_the_timeline_away(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(980, 640)
    qtbot.waitUntil(lambda: window.height() == 640)
    heights = set()
    for place in range(window.panes.inspector.tabs.count()):
        window.panes.inspector.tabs.setCurrentIndex(place)
        qtbot.waitUntil(lambda: window.panes.tasks.idle and window.panes.library.looks.idle)
        qtbot.wait(50)
        heights.add(window.panes.timeline.height())
    assert len(heights) == 1
