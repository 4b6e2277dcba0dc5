"""One endpoint: its address, API, model and key; saved when asked, tried at a click."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import amount, count
from scrubber.core.errors import ScrubberError
from scrubber.core.visible import visible
from scrubber.live import endpoints, keys
from scrubber.live.endpoints import Endpoint
from scrubber.models.aside import Aside
from scrubber.ui import theme
from scrubber.ui.composer.numbers import NumberField

if TYPE_CHECKING:
    from scrubber.live.providers.servers import ServedModel

_APIS = {
    endpoints.OPENAI: "OpenAI (chat completions)",
    endpoints.ANTHROPIC: "Anthropic (messages)",
}


class EndpointForm(QWidget):
    """Fields for one endpoint.

    Signals:
        saved(str): the endpoint of this name was remembered.
        edited(): a field was changed.
    """

    saved = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("endpointForm")
        self._endpoint = Endpoint("")
        self._aside = Aside(self)
        self._make_fields()
        self._lay_out()
        for line in (self.name, self.url, self.holds):
            line.textEdited.connect(lambda _text: self._on_edited())
        self.model.editTextChanged.connect(lambda _text: self._on_edited())
        self.api.activated.connect(lambda _row: self._on_edited())
        self.key.textEdited.connect(lambda _text: self.keep_key.setEnabled(bool(self.key.text())))

    def _make_fields(self) -> None:
        self.name = QLineEdit(self)
        self.name.setObjectName("endpointName")
        self.url = QLineEdit(self)
        self.url.setObjectName("endpointUrl")
        self.url.setPlaceholderText("http://127.0.0.1:8080/v1")
        self.api = QComboBox(self)
        for name, title in _APIS.items():
            self.api.addItem(title, name)
        self.model = QComboBox(self)
        self.model.setObjectName("endpointModel")
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.holds = NumberField("Tokens that the model can hold", "as told by the server", 1e9)
        self.key = QLineEdit(self)
        self.key.setObjectName("endpointKey")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText("kept in the system's key ring, nowhere else")
        self.keep_key = self._button("endpointKeepKey", "Set Key", self._on_keep_key)
        self.forget_key = self._button("endpointForgetKey", "Forget", self._on_forget_key)
        self.key_origin = _label(self)
        self.test = self._button("endpointTest", "Test", self._on_test)
        self.save = self._button("endpointSave", "Save", self._on_save)
        self.verdict = _label(self)
        self.verdict.setObjectName("endpointVerdict")

    def _button(self, name: str, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        key = QHBoxLayout()
        for part in (self.key, self.keep_key, self.forget_key):
            key.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.test)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for label, field in (
            ("Name", self.name),
            ("Address", self.url),
            ("API", self.api),
            ("Model", self.model),
            ("Window", self.holds),
            ("Key", key),
        ):
            form.addRow(label, field)
        form.addRow("", self.key_origin)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addWidget(self.verdict)
        column.addStretch(1)

    # What is shown

    def show_endpoint(self, endpoint: Endpoint) -> None:
        """Show an endpoint that is known."""
        self._endpoint = endpoint
        self.name.setText(endpoint.name)
        self.name.setReadOnly(True)
        self._show(endpoint)
        self._read_key()

    def show_new(self, name: str) -> None:
        """Let one be added."""
        self._endpoint = Endpoint("")
        self.name.setReadOnly(False)
        self.name.setText(name)
        self._show(Endpoint(name))
        self.key_origin.setText("Save it first, then give its key.")
        self.url.setFocus()

    def _show(self, endpoint: Endpoint) -> None:
        self.url.setText(endpoint.url or endpoint.file)
        self.url.setReadOnly(bool(endpoint.file))
        self.api.setCurrentIndex(list(_APIS).index(endpoint.api))
        self.api.setEnabled(not endpoint.file)
        self.model.clear()
        self.model.setEditText(endpoint.model)
        self.holds.show_number(endpoint.window)
        self.key.clear()
        for part in (self.key, self.forget_key):
            part.setEnabled(bool(self._endpoint.name) and not endpoint.file)
        self.keep_key.setEnabled(False)
        self.tell("")
        self._on_edited()

    def tell(self, words: str, wrong: bool = False) -> None:
        """Say how something went."""
        self.verdict.setText(visible(words))
        palette, look = self.verdict.palette(), theme.current()
        palette.setColor(self.verdict.foregroundRole(), look.error if wrong else look.text)
        self.verdict.setPalette(palette)

    def endpoint(self) -> Endpoint:
        """What the fields say."""
        known = self._endpoint
        return replace(
            known,
            name=self.name.text().strip(),
            url="" if known.file else self.url.text().strip(),
            api=self.api.currentData(),
            model=self.model.currentText().strip(),
            window=self.holds.whole() or None,
        )

    @property
    def is_changed(self) -> bool:
        """Whether the fields say something else than what is remembered, but for the model."""
        return replace(self.endpoint(), model=self._endpoint.model) != self._endpoint

    def _on_edited(self) -> None:
        self.save.setEnabled(self.endpoint() != self._endpoint)
        self.edited.emit()

    # What is done

    def _on_save(self) -> None:
        endpoint = replace(self.endpoint(), is_builtin=False)
        try:
            endpoints.add(endpoint)
        except (ScrubberError, OSError) as error:
            self.tell(f"✗  {error}", wrong=True)
            return
        self.saved.emit(endpoint.name)

    def _on_test(self) -> None:
        endpoint, began = self.endpoint(), time.monotonic()
        self.tell(f"Asking {endpoint.title}…")
        self.test.setEnabled(False)

        def work() -> list[ServedModel]:
            from scrubber.live.providers.servers import models_of

            endpoints.check(endpoint)
            return models_of(endpoint)

        def done(found: list[ServedModel]) -> None:
            self.test.setEnabled(True)
            self._on_models(found, time.monotonic() - began)

        def failed(error: Exception) -> None:
            self.test.setEnabled(True)
            self.tell(f"✗  {error}", wrong=True)

        self._aside.run("test", work, done, failed)

    def _on_models(self, found: list[ServedModel], seconds: float) -> None:
        chosen = self.model.currentText()
        self.model.clear()
        for model in found:
            self.model.addItem(model.name)
        self.model.setEditText(chosen or (found[0].name if found else ""))
        windows = [f"{amount(model.window)} tokens" for model in found[:1] if model.window]
        words = f"✓  {count(len(found), 'model')} in {seconds:.1f} s"
        self.tell(" · ".join([words, *windows] if len(found) == 1 else [words]))

    def _read_key(self) -> None:
        endpoint = self._endpoint
        self.key_origin.setText("" if endpoint.file else "…")
        if endpoint.file:
            return

        def done(key: keys.Key | None) -> None:
            none = "No key; none is needed on this machine." if not endpoint.needs_key else "No key"
            self.key_origin.setText(f"Key from {key.origin}" if key is not None else none)
            self.forget_key.setEnabled(key is not None and "key ring" in key.origin)

        self._aside.run("key", lambda: keys.key_of(endpoint), done, self._on_key_failed)

    def _on_keep_key(self) -> None:
        name, value = self._endpoint.name, self.key.text().strip()
        self.key.clear()
        self.keep_key.setEnabled(False)
        self._aside.run(
            "key",
            lambda: keys.store(name, value),
            lambda _none: self._read_key(),
            self._on_key_failed,
        )

    def _on_forget_key(self) -> None:
        name = self._endpoint.name
        self._aside.run(
            "key", lambda: keys.forget(name), lambda _gone: self._read_key(), self._on_key_failed
        )

    def _on_key_failed(self, error: Exception) -> None:
        self.key_origin.setText("")
        self.tell(f"✗  {error}", wrong=True)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
