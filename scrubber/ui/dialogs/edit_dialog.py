"""Edit and fork: one event says something else on a new branch; the original stays."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.describe import heading
from scrubber.core.events import Kind, Mark, Role
from scrubber.models.edits import EditRequest
from scrubber.ui import theme
from scrubber.ui.dialogs.buttons import DoButtons
from scrubber.ui.edited_text import EditedText

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.session import Session


@dataclass(frozen=True, slots=True)
class Editable:
    """What is edited: an event of a session, or (None) a system prompt that is not there yet."""

    session: Session
    event: Event | None
    content: Content | None
    has_seal: bool = False
    """Whether its message holds reasoning that the provider has signed."""

    @property
    def is_call(self) -> bool:
        """Whether arguments are edited, not words."""
        return self.event is not None and self.event.kind is Kind.TOOL_CALL

    @property
    def is_system(self) -> bool:
        """Whether it is a system prompt."""
        return self.event is None or self.event.role in (Role.SYSTEM, Role.DEVELOPER)

    @property
    def following(self) -> int:
        """Events behind it."""
        return self.session.events - (self.event.index + 1 if self.event is not None else 0)


class EditDialog(QDialog):
    """An editor, what shall become of what follows, a title.

    Signals:
        requested(object): the EditRequest, when the user has agreed.
    """

    requested = Signal(object)

    def __init__(self, what: Editable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._what = what
        self._make_widgets()
        self._lay_out()
        self._edited = EditedText(_start(what), self.editor)
        self.editor.textChanged.connect(self._check)
        self.failed.toggled.connect(lambda _on: self._check())
        self._check()
        self.editor.setFocus()

    def _make_widgets(self) -> None:
        what, event = self._what, self._what.event
        self.setWindowTitle("Edit and Fork" if event is not None else "System Prompt")
        self.heading = _label(self, _heading(what))
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self.heading.setFont(font)
        self.editor = QPlainTextEdit(self)
        self.editor.setObjectName("editText")
        self.editor.setAccessibleName(self.heading.text())
        self.editor.setFrameShape(QFrame.Shape.NoFrame)
        self.editor.setStyleSheet(theme.field_sheet(True))
        if what.is_call or (event is not None and event.kind is Kind.TOOL_RESULT):
            self.editor.setFont(theme.fixed_font(self.font()))
        self.verdict = _label(self, "")
        self.verdict.setObjectName("editVerdict")
        self.failed = QCheckBox("The call failed", self)
        self.failed.setObjectName("editFailed")
        self.failed.setVisible(event is not None and event.kind is Kind.TOOL_RESULT)
        self.failed.setChecked(event is not None and event.is_error)
        self._make_choice()
        self.title = QLineEdit(self)
        self.title.setObjectName("editTitle")
        self.title.setMaxLength(200)
        self.title.setPlaceholderText("named by what was changed")
        self.buttons = DoButtons(self, "Fork with This", "fork", "editAccept", self._on_accept)
        self.fork_button = self.buttons.do

    def _make_choice(self) -> None:
        """What follows was said to the original: it is dropped unless the user wants it kept."""
        following = self._what.following
        self.drop = QRadioButton(f"Drop what follows ({count(following, 'event')})", self)
        self.drop.setObjectName("editDrop")
        self.keep = QRadioButton("Keep what follows, though it was said to the original", self)
        self.keep.setObjectName("editKeep")
        (self.keep if self._what.is_system else self.drop).setChecked(True)
        for button in (self.drop, self.keep):
            button.setVisible(following > 0)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Title", self.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.editor, 1)
        for part in (self.verdict, self.failed, self.drop, self.keep):
            column.addWidget(part)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.resize(680, 520)

    # What was changed

    def _check(self) -> None:
        """Say whether it can be forked so."""
        changed = self._edited.is_changed or self._marks_changed()
        problem = self._problem() if changed else ""
        self.fork_button.setEnabled(changed and not problem)
        if problem:
            self.verdict.setText(f"✗  {problem}")
        elif not changed:
            self.verdict.setText("The original stays as it is; the fork says what you write here.")
        elif self._what.has_seal:
            self.verdict.setText(
                "–  The message holds signed reasoning. Its signature is no longer valid, so the "
                "reasoning has to be left out when a model goes on."
            )
        else:
            self.verdict.setText("✓  Marked as edited by you, wherever it is shown or exported.")

    def _problem(self) -> str:
        if self._what.is_call and self._edited.is_changed:
            return json_problem(self.editor.toPlainText(), self._takes_text())
        empty = not self.editor.toPlainText().strip()
        return "A system prompt must not be empty." if empty and self._what.is_system else ""

    def _takes_text(self) -> bool:
        """Whether the call's arguments are no object in the original either."""
        content = self._what.content
        return content is not None and isinstance(content.arguments, str)

    def _marks_changed(self) -> bool:
        event = self._what.event
        is_result = event is not None and event.kind is Kind.TOOL_RESULT
        return is_result and event is not None and self.failed.isChecked() != event.is_error

    def request(self) -> EditRequest:
        """What the user asks for."""
        event = self._what.event
        request = EditRequest(
            self._what.session.id,
            event.index if event is not None else None,
            title=self.title.text().strip(),
            keeps=self.keep.isChecked() and self._what.following > 0,
        )
        if self._what.is_call:
            text = self.editor.toPlainText()
            arguments = text if self._takes_text() else json.loads(text)
            return replace(request, arguments=arguments)
        text_now = self._edited.text() if self._edited.is_changed else None
        failed = self.failed.isChecked() if self._marks_changed() else None
        return replace(request, text=text_now, is_error=failed)

    def _on_accept(self) -> None:
        self.requested.emit(self.request())
        self.accept()


def _heading(what: Editable) -> str:
    if what.event is None:
        return "A system prompt, in front of everything"
    return f"Event #{what.event.index + 1:,} · {heading(what.event)}"


def _start(what: Editable) -> str:
    if what.event is None or what.content is None:
        return ""
    arguments = what.content.arguments
    if not what.is_call:
        return what.content.text
    return arguments if isinstance(arguments, str) else pretty(arguments)


def pretty(value: Any) -> str:
    """JSON to edit."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def json_problem(text: str, takes_text: bool = False) -> str:
    """Why a text is no JSON object; empty if it is one, or any text will do."""
    if takes_text:
        return ""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return f"Not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
    except RecursionError:
        return "Not JSON that can be read: nested too deeply."
    return "" if isinstance(value, dict) else "The arguments of a call are a JSON object: {…}."


def _label(parent: QWidget, text: str) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setText(text)
    return label


def has_seal(events: list[Event], event: Event) -> bool:
    """Whether reasoning that belongs to the same message as an event is signed."""
    return event.group_id is not None and any(
        other.group_id == event.group_id and other.marks & Mark.SEALED for other in events
    )
