"""Questions of a run, answered in the panel above the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from scrubber.core.content import text_content
from scrubber.core.events import Kind, Origin
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.live.desk import Answer
from scrubber.live.run import Plan
from tests.helpers.scripted import Scripted, calls, says

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.models.live_runs import LiveRuns
    from scrubber.ui.composer.ask_panel import AskPanel
    from scrubber.ui.main_window import MainWindow

ASK = Policy(Ladder((Rung.ASK,)))
RECORDED_CALL = {
    "command": "python -m pytest tests/test_login.py",
    "description": "Run the login tests",
}


@pytest.fixture
def panel(branch_window: MainWindow) -> AskPanel:
    return branch_window.panes.composer.ask


@pytest.fixture
def runs(branch_window: MainWindow) -> LiveRuns:
    return branch_window.panes.runs


def branch(window: MainWindow) -> str:
    return window.panes.cursor.session


def results(store: OpenStore, session: str) -> list[Event]:
    return [e for e in store.events(session, 26) if e.kind is Kind.TOOL_RESULT]


def recorded_text(window: MainWindow, store: OpenStore) -> str:
    """The result that the sample recorded for its first call behind the fork."""
    root = store.roots()[0].id
    first = next(e for e in store.events(root, 26) if e.kind is Kind.TOOL_RESULT)
    return store.content(first).text


def ask_about_the_recorded_call(
    qtbot: QtBot, window: MainWindow, store: OpenStore, panel: AskPanel
) -> str:
    """A run that asks what the call gave that the sample's model made next; gives the recording."""
    root = store.roots()[0].id
    call = next(e for e in store.events(root, 26) if e.kind is Kind.TOOL_CALL)
    arguments = store.content(call).arguments
    script = Scripted(calls(call.name or "", arguments, "call_new"), says("Thank you."))
    window.panes.runs.begin(branch(window), script, Plan(policy=ASK))
    qtbot.waitUntil(panel.isVisible)
    return recorded_text(window, store)


def test_the_recorded_result_is_the_start_and_can_be_taken_as_it_is(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    recorded = ask_about_the_recorded_call(qtbot, branch_window, branch_store, panel)
    assert panel.title.full == "Edit call #28 waits for its result"
    assert panel.tree.rowCount() == 4
    assert panel.answer.toPlainText() == recorded
    assert panel.origin.text() == "as recorded"
    assert not panel.run_button.isVisible()
    with qtbot.waitSignal(branch_window.panes.runs.over):
        qtbot.keyClick(panel.answer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (result,) = results(branch_store, branch(branch_window))
    assert (result.text, result.origin) == (recorded, Origin.RECORDED)
    assert not panel.isVisible()


def test_an_edited_result_says_so_and_may_be_a_failure(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    ask_about_the_recorded_call(qtbot, branch_window, branch_store, panel)
    panel.answer.setPlainText("auth.py: permission denied")
    panel.failed.click()
    assert panel.origin.text() == "recorded, edited by you"
    with qtbot.waitSignal(branch_window.panes.runs.over):
        panel.give_button.click()
    (result,) = results(branch_store, branch(branch_window))
    assert (result.text, result.origin, result.is_error) == (
        "auth.py: permission denied",
        Origin.EDITED,
        True,
    )


def test_always_answers_the_next_calls_without_asking(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    script = Scripted(
        calls("Look", {"at": 1}, "a"), calls("Look", {"at": 2}, "b"), says("Seen it.")
    )
    branch_window.panes.runs.begin(branch(branch_window), script, Plan(policy=ASK))
    qtbot.waitUntil(panel.isVisible)
    assert panel.origin.text() == "typed by you"
    panel.answer.setPlainText("nothing there")
    panel.always.click()
    with qtbot.waitSignal(branch_window.panes.runs.over):
        panel.give_button.click()
    found = results(branch_store, branch(branch_window))
    assert [(r.text, r.origin) for r in found] == [
        ("nothing there", Origin.TYPED),
        ("nothing there", Origin.STUBBED),
    ]


def test_questions_of_other_branches_wait_where_they_are(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    fork = branch_store.fork(branch_store.roots()[0].id, 26, title="other")
    branch_window.panes.library.changed.emit(fork.changes)
    other = fork.session.id
    first = branch(branch_window)
    for number, session in enumerate((first, other)):
        script = Scripted(calls("Look", {"number": number}), says("Fine."))
        branch_window.panes.runs.begin(session, script, Plan(policy=ASK))
    qtbot.waitUntil(panel.isVisible)
    panel.answer.setPlainText("half an answer")
    branch_window.show_session(other)
    qtbot.waitUntil(lambda: panel.inquiry is not None and panel.inquiry.session == other)
    assert panel.answer.toPlainText() == ""
    panel.answer.setPlainText("for the other")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        panel.give_button.click()
    branch_window.show_session(first)
    qtbot.waitUntil(lambda: panel.inquiry is not None and panel.inquiry.session == first)
    assert panel.answer.toPlainText() == "half an answer"
    with qtbot.waitSignal(branch_window.panes.runs.over):
        panel.give_button.click()
    assert [r.text for r in results(branch_store, first)] == ["half an answer"]


def test_a_time_out_is_counted_down(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    policy = Policy(Ladder((Rung.ASK,)), ask_seconds=90)
    script = Scripted(calls("Look", {}), says("Fine."))
    branch_window.panes.runs.begin(branch(branch_window), script, Plan(policy=policy))
    qtbot.waitUntil(panel.isVisible)
    assert panel.waiting.text() in ("1:30 left", "1:29 left")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        assert panel.inquiry is not None
        panel.inquiry.answer(Answer(text_content("in time")))
    assert not panel.isVisible()


def test_the_models_turn_is_written(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, panel: AskPanel
) -> None:
    branch_window.panes.runs.begin(branch(branch_window), "person", Plan())
    qtbot.waitUntil(panel.isVisible)
    assert not panel.arguments.isVisible()
    assert not panel.failed.isVisible()
    panel.give_button.click()  # nothing is written yet: it waits
    assert panel.isVisible()
    panel.answer.setPlainText("I would read the test first.")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        panel.give_button.click()
    last = branch_store.events(branch(branch_window), 26)[-1]
    assert (last.text, last.origin) == ("I would read the test first.", Origin.TYPED)
