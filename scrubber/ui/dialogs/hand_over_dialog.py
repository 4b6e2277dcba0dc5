"""Continue in an agent: which one, where its session will lie, and the command that resumes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import bytes_text, count
from scrubber.core.lint import Repair
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.dialogs.buttons import DoButtons
from scrubber.ui.dialogs.secrets_row import SecretsRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.core.session import Session
    from scrubber.models.library import Library
    from scrubber.transfer.handing_over import Continuation

_WIDTH = 660


class HandOverDialog(QDialog):
    """Tells what would be written, then writes it; nothing of the agent's is ever overwritten."""

    def __init__(
        self, library: Library, session: Session, index: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("handOverDialog")
        self.setWindowTitle("Continue in Agent")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._library = library
        self._session = session
        self._index = index
        self._done = False
        self._make_choices()
        self._make_told()
        self._make_buttons()
        self.secrets = SecretsRow(library, self)
        self.secrets.show_what(session.id, index)
        self.finished.connect(lambda _result: self.secrets.stop())
        self._lay_out()
        self.secrets.changed.connect(self._look)
        self._look()

    def _make_choices(self) -> None:
        self.agent = QComboBox(self)
        self.agent.setObjectName("handOverAgent")
        self.agent.setAccessibleName("Agent")
        for name, title in _agents():
            self.agent.addItem(title, name)
        own = self.agent.findData(self._session.format)
        self.agent.setCurrentIndex(max(own, 0))
        self.agent.currentIndexChanged.connect(lambda _row: self._look())
        self.folder = QLineEdit(self._session.cwd or "", self)
        self.folder.setObjectName("handOverFolder")
        self.folder.setPlaceholderText("The folder for the agent to work in")
        self.folder.editingFinished.connect(self._look)
        calls = "Answer open calls as interrupted"
        self.interrupt = QRadioButton(calls, self)
        self.snap = QRadioButton("Move back to the last point where nothing is open", self)
        self.snap.setObjectName("handOverSnap")
        self.interrupt.setChecked(True)
        self.interrupt.toggled.connect(lambda _on: self._look())

    def _make_told(self) -> None:
        self.path = _words(self, "handOverPath")
        self.warnings = _words(self, "handOverWarnings")
        self.losses = _words(self, "handOverLosses")
        self.command = QLineEdit(self)
        self.command.setObjectName("handOverCommand")
        self.command.setReadOnly(True)
        self.command.setAccessibleName("The command that resumes it")
        self.command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = QPushButton(theme.icon("copy"), "Copy", self)
        self.copy.setObjectName("handOverCopy")
        self.copy.clicked.connect(self._on_copy)

    def _make_buttons(self) -> None:
        self.buttons = DoButtons(self, "Write", "export", "handOverAccept", self._on_write)
        self.write = self.buttons.do

    def _lay_out(self) -> None:
        command = QHBoxLayout()
        command.addWidget(self.command)
        command.addWidget(self.copy)
        repairs = QVBoxLayout()
        repairs.addWidget(self.interrupt)
        repairs.addWidget(self.snap)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(12)
        what = f"the first {count(self._index, 'event')} of {self._session.events:,}"
        whole = self._index >= self._session.events
        self.form.addRow("What", QLabel("the whole session" if whole else what, self))
        self.form.addRow("Agent", self.agent)
        self.form.addRow("Works in", self.folder)
        self.form.addRow("Calls", repairs)
        self.form.addRow("Secrets", self.secrets)
        self.form.addRow("New file", self.path)
        self.form.addRow("Loses", self.losses)
        self.form.addRow("Mind", self.warnings)
        self.form.addRow("Then type", command)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(16)
        column.addLayout(self.form)
        column.addStretch()
        column.addWidget(self.buttons)
        self.setMinimumWidth(_WIDTH)
        self.resize(_WIDTH, self.sizeHint().height())

    # What would be done

    def _look(self) -> None:
        store = self._library.store
        if store is None or self._done:
            return
        self.write.setEnabled(False)
        if not self.secrets.is_ready:
            return
        self._library.tasks.run(
            "hand-over",
            self._work(store, dry_run=True),
            self._on_told,
            self._on_failed,
        )

    def _work(self, store: OpenStore, dry_run: bool) -> Callable[[], Continuation]:
        """What asks, or does it, with the choices as they are now."""
        name, index, folder = self._session.id, self._index, self.folder.text().strip()
        agent = str(self.agent.currentData())
        repair = Repair.SNAP if self.snap.isChecked() else Repair.INTERRUPT
        secrets = self.secrets.findings
        return lambda: store.continue_in(
            name,
            index,
            agent,
            cwd=folder or None,
            repair=repair,
            dry_run=dry_run,
            redact=secrets,
        )

    def _on_told(self, told: Continuation) -> None:
        self.path.setText(visible(str(told.path)))
        self.losses.setText(_list(told.losses) or "nothing")
        self.warnings.setText(_list(told.warnings))
        self.form.setRowVisible(self.warnings, bool(told.warnings))
        self.command.setText(told.command)
        self.command.setCursorPosition(0)
        self.write.setEnabled(not self._done and self.secrets.is_ready)
        self._fit()

    def _on_failed(self, error: Exception) -> None:
        self.path.setText("—")
        self.command.clear()
        self.form.setRowVisible(self.warnings, False)
        self.losses.setText(visible(str(error)))
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(layout.totalHeightForWidth(self.width()), 1))

    # Doing it

    def _on_write(self) -> None:
        store = self._library.store
        if store is None:
            return
        self.write.setEnabled(False)
        work = self._work(store, dry_run=False)
        self._library.tasks.run("", work, self._on_written, self._on_failed, durable=True)

    def _on_written(self, told: Continuation) -> None:
        self._done = True
        self._on_told(told)
        self.path.setText(f"✓ {visible(str(told.path))} ({bytes_text(told.size or 0)})")
        for choice in (self.agent, self.folder, self.interrupt, self.snap, self.secrets):
            choice.setEnabled(False)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText("Close")
        self.copy.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())


def _agents() -> list[tuple[str, str]]:
    from scrubber.api import OpenStore

    return OpenStore.agents()


def _list(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"• {visible(text)}" for text in sentences)


def _words(parent: QWidget, name: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label
