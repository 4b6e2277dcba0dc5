"""Several branches from one point, run side by side from the window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from scrubber.core.running import Budget
from scrubber.models import providers
from scrubber.models.tree_rows import Role, RunState
from scrubber.ui.dialogs.siblings_dialog import SiblingsDialog
from scrubber.ui.tree.states import state_of
from tests.helpers.scripted import Scripted, calls, grows

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def dialog(
    qtbot: QtBot, branch_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> SiblingsDialog:
    """Four siblings are about to be made; half of them will ask the user."""
    replies: list[Any] = []
    for number in range(2):
        replies += [
            [*grows("on and on"), asyncio.Event()],
            calls("Look", {"n": number}, f"c{number}"),
        ]
    monkeypatch.setattr(providers, "make", lambda _settings: script)
    script: Scripted = Scripted(*replies)
    pickers = branch_window.panes.composer.pickers
    pickers.choose(providers.Choice("scripted", "tiny-1", "Scripted"))
    qtbot.waitUntil(lambda: branch_window.panes.composer.previewer.preview is not None)
    branch_window.panes.cursor.set_index(20)
    branch_window.panes.actions["action.siblings"].trigger()
    (found,) = branch_window.findChildren(SiblingsDialog)
    return found


def test_the_dialog_says_what_is_asked_for(dialog: SiblingsDialog) -> None:
    assert "about 4.8 k tokens in, $0.0080" in dialog.told.text()
    dialog.number.setValue(32)
    assert dialog.go.text() == "Continue × 32"
    dialog.at_playhead.click()
    dialog.budget.cost.setText("1.5")
    request = dialog.request()
    assert (request.at, request.number) == (20, 32)
    assert request.settings.budget == Budget(turns=20, cost_micros=1_500_000)
    dialog.reject()


def test_siblings_run_side_by_side_and_are_seen_in_the_tree(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, dialog: SiblingsDialog
) -> None:
    panes = branch_window.panes
    branch = panes.cursor.session
    dialog.go.click()
    qtbot.waitUntil(lambda: len(panes.runs.running) == 4)
    qtbot.waitUntil(lambda: sum(live.waits for live in panes.runs.all) == 2)
    assert [s.title for s in branch_store.children(branch)] == [
        f"26 · sample {n}/4" for n in range(1, 5)
    ]
    index = panes.tree_model.index_of(branch)
    qtbot.waitUntil(lambda: panes.tree.view.isExpanded(panes.tree_model.index_of(branch)))
    qtbot.waitUntil(lambda: panes.tree_model.rowCount(panes.tree_model.index_of(branch)) == 4)
    index = panes.tree_model.index_of(branch)

    def states() -> list[RunState | None]:
        rows = [panes.tree_model.index(row, 0, index) for row in range(4)]
        return sorted(row.data(Role.RUN) for row in rows)

    qtbot.waitUntil(lambda: states() == [RunState.RUNNING] * 2 + [RunState.WAITS] * 2)
    qtbot.waitUntil(lambda: len(panes.timeline.scene().strips) >= 4)
    assert sorted(panes.timeline.runs.values()) == states()
    named = panes.tree_model.index(0, 0, index).data(Qt.ItemDataRole.AccessibleTextRole)
    assert named.endswith(("running", "waits for you"))
    assert panes.runs_bar.words.text() == "4 branches running · 2 wait for you"
    panes.runs_bar.show_next()
    qtbot.waitUntil(lambda: panes.composer.ask.isVisible())
    one = panes.cursor.session
    panes.actions["action.stop"].trigger()
    qtbot.waitUntil(lambda: len(panes.runs.running) == 3)
    panes.runs_bar.stop.click()
    qtbot.waitUntil(lambda: not panes.runs.running)
    assert not panes.runs_bar.isVisible()
    stopped = branch_store.session(one)
    found = state_of(stopped, None)
    assert found is not None
    assert found.word == "stopped"
    panes.library.undo_stack.undo()
    qtbot.waitUntil(lambda: branch_store.children(branch) == [])
    panes.library.undo_stack.redo()
    qtbot.waitUntil(lambda: len(branch_store.children(branch)) == 4)


def test_a_replay_has_no_siblings(qtbot: QtBot, branch_window: MainWindow) -> None:
    with qtbot.waitSignal(branch_window.panes.told) as told:
        branch_window.panes.actions["action.siblings"].trigger()
    assert "choose a model" in told.args[0]
