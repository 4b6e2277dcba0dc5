"""What is wrong with a request is said before it is sent, and nothing is repaired silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QCheckBox, QToolButton

from scrubber.core.events import Kind, Role
from scrubber.models import providers
from scrubber.transfer.editing import Edit
from scrubber.ui.dialogs.edit_dialog import EditDialog
from tests.helpers.scripted import Scripted, says

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.composer import Composer
    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def composer(branch_window: MainWindow) -> Composer:
    return branch_window.panes.composer


@pytest.fixture
def provider(qtbot: QtBot, composer: Composer, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """What the open branch is run with."""
    script = Scripted(says("Good."), says("Good."))
    monkeypatch.setattr(providers, "make", lambda _settings: script)
    composer.pickers.choose(providers.Choice("scripted", "tiny-1", "Scripted"))
    qtbot.waitUntil(lambda: composer.findings.has_any)
    return script


def box(composer: Composer, code: str) -> QCheckBox:
    found = [b for b in composer.findings.findChildren(QCheckBox) if b.isVisible()]
    fitting = [b for b in found if b.objectName() == f"repair.{code}"]
    assert len(fitting) == 1  # an assertion: waiting for it goes on while it does not hold
    return fitting[0]


def test_tools_are_defined_from_their_calls_only_if_that_was_agreed_to(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer, provider: Scripted
) -> None:
    assert composer.findings.heading.text().strip() == "1 repair offered"
    assert not box(composer, "unknown_tool").isChecked()
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    assert provider.requests[0].tools == ()
    qtbot.waitUntil(lambda: not box(composer, "unknown_tool").isChecked())
    box(composer, "unknown_tool").click()
    assert branch_window.panes.branch.settings.repairs == {"unknown_tool"}
    # The findings are listed anew when the next preview is there.
    qtbot.waitUntil(lambda: composer.previewer.preview is not None)
    qtbot.waitUntil(lambda: box(composer, "unknown_tool").isChecked())
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    assert "Edit" in [tool.name for tool in provider.requests[1].tools]


def test_a_missing_system_prompt_can_be_given(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer, provider: Scripted
) -> None:
    button = composer.findings.findChild(QToolButton, "findingsSystem")
    assert isinstance(button, QToolButton)
    button.click()
    qtbot.waitUntil(lambda: bool(branch_window.findChildren(EditDialog)))
    dialog = branch_window.findChildren(EditDialog)[0]
    assert "system prompt" in dialog.heading.text()
    dialog.reject()


def test_what_a_provider_would_refuse_is_settled_first(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    composer: Composer,
    provider: Scripted,
) -> None:
    source = branch_window.panes.cursor.session
    said = next(
        event
        for event in reversed(branch_store.events(source))
        if event.kind is Kind.MESSAGE and event.role is Role.ASSISTANT
    )
    fork = branch_store.fork_edited(source, said.index, Edit("Something else."))
    branch_window.panes.library.changed.emit(fork.changes)
    branch_window.show_session(fork.session.id)
    qtbot.waitUntil(lambda: "settle" in composer.findings.heading.text(), timeout=10_000)
    assert not composer.go.isEnabled()
    told: list[Any] = []
    branch_window.panes.told.connect(told.append)
    composer.send()
    assert "nothing is repaired silently" in told[0]
    assert not branch_window.panes.runs.running
    everything = composer.findings.all_button
    assert everything.isVisible()
    everything.click()
    assert composer.go.isEnabled()
    assert {"broken_seal", "unknown_tool"} <= branch_window.panes.branch.settings.repairs
    with qtbot.waitSignal(branch_window.panes.runs.over) as over:
        composer.go.click()
    assert any("signed reasoning" in note for note in over.args[1].notes)


def test_an_empty_branch_waits_for_a_message(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    composer: Composer,
    provider: Scripted,
) -> None:
    fork = branch_store.fork(branch_store.roots()[0].id, 0)
    branch_window.panes.library.changed.emit(fork.changes)
    branch_store.store.set_branch_settings(fork.session.id, {"provider": "scripted"})
    branch_window.show_session(fork.session.id)
    qtbot.waitUntil(lambda: "settle" in composer.findings.heading.text(), timeout=10_000)
    assert not composer.go.isEnabled()
    composer.message.setPlainText("Hello")
    assert composer.go.isEnabled()
