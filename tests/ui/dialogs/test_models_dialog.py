"""Endpoints: added, tried against a server on this machine, given a key, chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtWidgets import QLineEdit

from scrubber.live import endpoints, keys
from scrubber.ui.dialogs.models_dialog import ModelsDialog, endpoint_name
from tests.live.scripted_server import ScriptedServer, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[ModelsDialog]:
    dialog = ModelsDialog("ollama", can_choose=True)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.form.key_origin.text() != "…")
    yield dialog
    if shiboken6.isValid(dialog):  # it deletes itself when it is accepted
        dialog.close()


def settled(qtbot: QtBot, dialog: ModelsDialog) -> None:
    qtbot.waitUntil(dialog.form.test.isEnabled)
    qtbot.waitUntil(lambda: dialog.form.key_origin.text() != "…")


def test_what_is_known_from_the_start_is_listed(dialog: ModelsDialog) -> None:
    titles = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert titles[:3] == ["OpenAI", "Anthropic", "Ollama"]
    assert dialog.form.name.text() == "ollama"
    assert dialog.form.name.isReadOnly()
    assert not dialog.remove.isEnabled()
    assert not dialog.form.save.isEnabled()


def test_a_server_is_added_tried_and_used(qtbot: QtBot, dialog: ModelsDialog) -> None:
    models = {"data": [{"id": "tiny", "max_model_len": 4096}, {"id": "big"}]}
    with ScriptedServer(refusal(200, models)) as server:
        dialog.add.click()
        dialog.form.name.setText("mine")
        dialog.form.url.setText(f"{server.url}/v1")
        dialog.form.url.textEdited.emit(dialog.form.url.text())
        dialog.form.test.click()
        settled(qtbot, dialog)
        assert dialog.form.verdict.text().startswith("✓  2 models in")
        assert dialog.form.model.currentText() == "big"
        dialog.form.model.setEditText("tiny")
        with qtbot.waitSignal(dialog.changed):
            dialog.form.save.click()
        settled(qtbot, dialog)
    kept = endpoints.find("mine")
    assert (kept.url, kept.model, kept.api) == (f"{server.url}/v1", "tiny", "openai")
    assert dialog.list.currentItem().text() == "mine"
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.use.click()
    assert chosen.args == ["mine", "tiny"]


def test_what_is_wrong_is_said(qtbot: QtBot, dialog: ModelsDialog) -> None:
    with ScriptedServer(refusal(401, {"error": "no key"})) as server:
        dialog.form.url.setText(f"{server.url}/v1")
        dialog.form.test.click()
        settled(qtbot, dialog)
    assert "refuses without a key" in dialog.form.verdict.text()
    dialog.form.test.click()  # the server is gone
    settled(qtbot, dialog)
    assert "Nobody answers at" in dialog.form.verdict.text()
    dialog.form.url.setText("ftp://nowhere")
    dialog.form.url.textEdited.emit("ftp://nowhere")
    dialog.form.save.click()
    assert "is no address" in dialog.form.verdict.text()
    assert endpoints.find("ollama").url == "http://127.0.0.1:11434/v1"


def test_an_added_endpoint_can_be_removed(qtbot: QtBot) -> None:
    endpoints.add(endpoints.Endpoint("mine", "http://127.0.0.1:9/v1"))
    dialog = ModelsDialog("mine", can_choose=False)
    qtbot.addWidget(dialog)
    dialog.show()
    settled(qtbot, dialog)
    assert not dialog.use.isVisible()
    dialog.remove.click()
    settled(qtbot, dialog)
    assert "mine" not in endpoints.endpoints()


def test_a_key_goes_into_the_key_ring_and_nowhere_else(
    qtbot: QtBot, dialog: ModelsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring: dict[str, str] = {}
    monkeypatch.setattr(keys, "store", ring.__setitem__)
    monkeypatch.setattr(keys, "_from_ring", ring.get)
    form = dialog.form
    assert form.key.echoMode() is QLineEdit.EchoMode.Password
    form.key.setText("sk-test")
    form.key.textEdited.emit("sk-test")
    form.keep_key.click()
    qtbot.waitUntil(lambda: "key ring's entry 'ollama'" in form.key_origin.text())
    assert ring == {"ollama": "sk-test"}
    assert form.key.text() == ""
    assert form.forget_key.isEnabled()


def test_a_key_ring_that_is_not_there_is_told(qtbot: QtBot, dialog: ModelsDialog) -> None:
    dialog.form.key.setText("has spaces in it")
    dialog.form.key.textEdited.emit(dialog.form.key.text())
    dialog.form.keep_key.click()
    qtbot.waitUntil(lambda: "that is no key" in dialog.form.verdict.text())


def test_a_models_file_is_an_endpoint(qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path) -> None:
    wrong, right = tmp_path / "words.gguf", tmp_path / "My Model.Q4.gguf"
    wrong.write_text("no model")
    right.write_bytes(b"GGUF and so on")
    dialog.add_model_file(str(wrong))
    assert "not a GGUF file" in dialog.form.verdict.text()
    dialog.add_model_file(str(right))
    assert endpoints.find("my-model.q4").file == str(right)
    settled(qtbot, dialog)
    assert dialog.form.url.isReadOnly()


def test_names_of_files_become_names_of_endpoints() -> None:
    assert endpoint_name("/models/Smol LM (v2).gguf") == "smol-lm--v2"
    assert endpoint_name("...") == "file"


def test_the_open_branch_takes_the_chosen_model(qtbot: QtBot, branch_window: MainWindow) -> None:
    branch_window.panes.actions["action.models"].trigger()
    dialog = branch_window.findChildren(ModelsDialog)[0]
    qtbot.waitUntil(lambda: dialog.form.key_origin.text() not in ("", "…"))
    dialog.list.setCurrentRow(2)
    qtbot.waitUntil(lambda: dialog.form.key_origin.text() not in ("", "…"))
    dialog.form.model.setEditText("qwen3")
    dialog.use.click()
    settings = branch_window.panes.branch.settings
    assert (settings.provider, settings.params.model) == ("ollama", "qwen3")
    qtbot.waitUntil(
        lambda: branch_window.panes.composer.previewer.preview is not None, timeout=15_000
    )
