"""The review of secrets in the window: what is checked is not written, whatever is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from scrubber.ui.dialogs.export_dialog import ExportDialog
from scrubber.ui.dialogs.hand_over_dialog import HandOverDialog
from scrubber.ui.dialogs.secrets_dialog import SecretsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.models.jobs import Job
    from scrubber.ui.main_window import MainWindow

TOKEN = "ghp" + "_" + "Ab1" * 12


@pytest.fixture
def form(qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore) -> ExportDialog:
    session = branch_window.panes.open_session.session
    assert session is not None
    branch_store.notes.write(session.id, 3, f"never tell {TOKEN} to anybody")
    branch_window.panes.actions["action.export"].trigger()
    dialog = branch_window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def scanned(qtbot: QtBot, form: ExportDialog | HandOverDialog) -> None:
    form.secrets.box.setChecked(True)
    qtbot.waitUntil(lambda: form.secrets.is_ready)


def reviewed(form: ExportDialog) -> SecretsDialog:
    form.secrets.review.click()
    dialog = form.findChild(SecretsDialog)
    assert isinstance(dialog, SecretsDialog)
    return dialog


def test_secrets_are_found_reviewed_and_not_written(
    qtbot: QtBot, branch_window: MainWindow, form: ExportDialog, tmp_path: Path
) -> None:
    assert not form.secrets.review.isEnabled()
    form.secrets.box.setChecked(True)
    assert not form.export_button.isEnabled()
    qtbot.waitUntil(lambda: form.secrets.is_ready)
    qtbot.waitUntil(lambda: "1 secret is replaced" in form.losses.text())
    review = reviewed(form)
    assert "never tell " + TOKEN in review.places.toPlainText()
    row = review.list.topLevelItem(0)
    assert row is not None
    row.setCheckState(0, Qt.CheckState.Unchecked)
    QTest.keyClicks(review.own, "[bad")
    review.pattern.setChecked(True)
    review.add.click()
    assert "No regular expression" in review.problem.text()
    review.own.setText("tide[p]ool")
    QTest.keyClick(review.own, Qt.Key.Key_Return)
    assert not form.secrets.is_ready
    qtbot.waitUntil(lambda: form.secrets.is_ready)
    assert "tidepool" in review.places.toPlainText()
    review.accept()
    qtbot.waitUntil(lambda: not form.findChildren(SecretsDialog))
    assert form.secrets.findings is not None
    chosen = {one.value: one.replace for one in form.secrets.findings}
    assert (chosen[TOKEN], chosen["tidepool"]) == (False, True)
    target = tmp_path / "out.jsonl"
    form.path.setText(str(target))
    qtbot.waitUntil(form.export_button.isEnabled)
    form.export_button.click()
    qtbot.waitUntil(lambda: bool(branch_window.findChildren(QDialog, "exported")))
    branch_window.findChildren(QDialog, "exported")[0].close()
    text = target.read_text("utf-8")
    assert TOKEN in text
    assert "tidepool" not in text
    assert "[REDACTED:own:1]" in text


def choices(form: ExportDialog) -> dict[str, bool]:
    return {one.value: one.replace for one in form.secrets.findings or []}


def test_another_part_is_scanned_anew_and_choices_stay(qtbot: QtBot, form: ExportDialog) -> None:
    scanned(qtbot, form)
    for one in form.secrets.findings or []:
        one.replace = not one.replace
    chosen = choices(form)
    assert chosen[TOKEN] is False
    form._index = 20  # as if the playhead stood there
    form.cut.setChecked(True)
    assert not form.secrets.is_ready
    qtbot.waitUntil(lambda: form.secrets.is_ready)
    assert choices(form).items() <= chosen.items()
    assert TOKEN in choices(form)
    form.secrets.box.setChecked(False)
    assert form.secrets.findings is None
    form.reject()


def test_a_scan_that_is_stopped_replaces_nothing(
    qtbot: QtBot, branch_window: MainWindow, form: ExportDialog
) -> None:
    jobs: list[Job] = []
    branch_window.panes.library.job_started.connect(jobs.append)
    form.secrets.box.setChecked(True)
    jobs[0].cancel()
    qtbot.waitUntil(lambda: not form.secrets.box.isChecked())
    assert form.secrets.findings is None
    assert form.secrets.told.text() == "stopped"
    qtbot.waitUntil(form.export_button.isEnabled)
    form.reject()


def test_an_agent_gets_placeholders(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    form: ExportDialog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form.reject()
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    session = branch_window.panes.open_session.session
    assert session is not None
    branch_store.rename(session.id, f"with {TOKEN}")
    branch_window.panes.actions["action.continue_in"].trigger()
    dialog = branch_window.findChild(HandOverDialog)
    assert isinstance(dialog, HandOverDialog)
    dialog.folder.setText(str(tmp_path))
    scanned(qtbot, dialog)
    qtbot.waitUntil(lambda: "placeholders" in dialog.losses.text())
    qtbot.waitUntil(dialog.write.isEnabled)
    dialog.write.click()
    qtbot.waitUntil(lambda: dialog.path.text().startswith("✓"))
    (written,) = (tmp_path / "claude").rglob("*.jsonl")
    assert TOKEN not in written.read_text("utf-8")
    dialog.reject()
