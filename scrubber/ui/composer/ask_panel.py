"""A run waits for you: the call with its arguments, and what it shall be answered with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.content import Content, Text, text_content
from scrubber.core.events import Origin
from scrubber.core.track import Lane
from scrubber.core.visible import visible
from scrubber.live.desk import RUN, Answer
from scrubber.models.json_tree import JsonTree
from scrubber.ui import theme
from scrubber.ui.inspector.json_view import JsonView
from scrubber.ui.inspector.labels import IconLabel, Value, strong

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from scrubber.live.desk import Question
    from scrubber.models.inquiries import Inquiry

_ROWS = 5
_LINES = 6
_TYPED = "What the tool gave"
_REPLY = "What the model says; Markdown"


class AnswerBox(QPlainTextEdit):
    """Where the answer is written.

    Signals:
        send_wanted(): Ctrl+Enter was pressed.
    """

    send_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter answers, Esc gives the keys back."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show by the frame who has the keys."""
        super().focusInEvent(event)
        self.setStyleSheet(theme.field_sheet(True))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.setStyleSheet(theme.field_sheet(False))


class AskPanel(QFrame):
    """One inquiry at a time; the others wait behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askPanel")
        self.setAccessibleName("A run waits for your answer")
        self.inquiry: Inquiry | None = None
        self._more = 0
        self._drafts: dict[int, tuple[str, bool]] = {}
        self._make_widgets()
        self._lay_out()
        self.answer.send_wanted.connect(self.give)
        self.give_button.clicked.connect(self.give)
        self.run_button.clicked.connect(self._run)
        self.failed.toggled.connect(lambda _on: self._show_origin())
        self.answer.textChanged.connect(self._show_origin)
        self.hide()

    def _make_widgets(self) -> None:
        self.icon = IconLabel(18, self)
        self.title = Value(self, Qt.TextElideMode.ElideRight)
        self.title.setFont(strong(self.font(), 1.05))
        self.waiting = QLabel(self)
        self.waiting.setObjectName("askWaiting")
        self.tree = JsonTree(self)
        self.arguments = JsonView(self.tree, self)
        self.arguments.setObjectName("askArguments")
        self.arguments.setAccessibleName("Arguments of the call")
        self.arguments.setBackgroundRole(QPalette.ColorRole.NoRole)
        self.answer = AnswerBox(self)
        self.answer.setObjectName("askAnswer")
        self.answer.setTabChangesFocus(True)
        self.answer.setFrameShape(QFrame.Shape.NoFrame)
        self.answer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.origin = QLabel(self)
        self.failed = QCheckBox("It failed", self)
        self.failed.setObjectName("askFailed")
        self.failed.setToolTip("The model is told that the call failed, with this text")
        self.always = QCheckBox("Always answer so", self)
        self.always.setObjectName("askAlways")
        self.always.setToolTip("All further calls of this tool in this run get the same answer")
        self.hints = QLabel(self)
        self.hints.setObjectName("askHints")
        self.hints.setTextFormat(Qt.TextFormat.PlainText)
        self.hints.setWordWrap(True)
        self.run_button = QPushButton("Run the Tool", self)
        self.run_button.setObjectName("askRun")
        self.give_button = QPushButton("Answer", self)
        self.give_button.setObjectName("askGive")
        self.give_button.setToolTip("Go on with this answer  (Ctrl+Enter)")

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.icon)
        top.addWidget(self.title, 1)
        top.addWidget(self.waiting)
        bottom.setSpacing(14)
        for box in (self.failed, self.always):
            bottom.addWidget(box)
        bottom.addWidget(self.origin, 1)
        for button in (self.run_button, self.give_button):
            bottom.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(7)
        column.addLayout(top)
        column.addWidget(self.arguments)
        column.addWidget(self.answer)
        column.addWidget(self.hints)
        column.addLayout(bottom)

    # Which inquiry

    def show_inquiries(self, inquiries: list[Inquiry]) -> None:
        """Show the first of them, and how many there are."""
        first = inquiries[0] if inquiries else None
        if first is not self.inquiry:
            self._put_aside()
            self.inquiry = first
            if first is not None:
                self._fill(first)
        self.setVisible(first is not None)
        self._more = len(inquiries) - 1
        self.tick()

    def _put_aside(self) -> None:
        """What was written for an inquiry is there when it comes back."""
        if self.inquiry is not None:
            self._drafts[id(self.inquiry)] = (self.answer.toPlainText(), self.failed.isChecked())

    def _fill(self, inquiry: Inquiry) -> None:
        question = inquiry.question
        text, failed = self._drafts.pop(id(inquiry), _start(question))
        self.answer.setPlainText(text)
        self.failed.setChecked(failed)
        self.always.setChecked(False)
        self.arguments.setVisible(question is not None)
        for part in (self.failed, self.always):
            part.setVisible(question is not None)
        may_run = question is not None and question.may_run
        self.run_button.setVisible(may_run)
        hints = ", ".join(question.hints) if question is not None and may_run else ""
        self.hints.setText(visible(f"The real tool, by its server's word: {hints}"))
        self.hints.setVisible(bool(hints))
        if question is None:
            self._fill_reply()
        else:
            self._fill_call(question)
        self._fit()
        self._show_origin()

    def _fill_reply(self) -> None:
        self.title.show_text("The model's turn is yours to write")
        self.answer.setFont(self.font())
        self.answer.setAccessibleName("The model's reply")
        self.answer.setPlaceholderText(_REPLY)
        self.give_button.setText("Reply")
        self.icon.show_icon("model", theme.current().lane(Lane.MODEL))

    def _fill_call(self, question: Question) -> None:
        name = question.call.name or "tool"
        self.title.show_text(f"{name} call #{question.call.index + 1} waits for its result")
        self.answer.setFont(theme.fixed_font(self.font()))
        self.answer.setAccessibleName("Result of the call")
        self.answer.setPlaceholderText(_TYPED)
        self.give_button.setText("Answer")
        self.icon.show_icon("tool", theme.current().lane(Lane.TOOLS))
        arguments = question.content.arguments
        shown = arguments if isinstance(arguments, dict) else {"": arguments}
        self.tree.set_value(shown)
        self.arguments.open_first_level()

    def _fit(self) -> None:
        line = self.answer.fontMetrics().lineSpacing()
        self.answer.setFixedHeight(_LINES * line + 14)
        rows = max(1, min(self.tree.rowCount(), _ROWS))
        self.arguments.setFixedHeight(rows * (self.arguments.fontMetrics().height() + 5) + 6)

    # What is answered

    def give(self) -> None:
        """Answer with what is written."""
        inquiry = self.inquiry
        if inquiry is None:
            return
        if inquiry.question is None:
            if self.answer.toPlainText().strip():
                inquiry.write(text_content(self.answer.toPlainText()))
            return
        inquiry.answer(self._answer(inquiry.question))

    def _run(self) -> None:
        if self.inquiry is not None:
            self.inquiry.answer(RUN)

    def _answer(self, question: Question) -> Answer:
        text, failed = self.answer.toPlainText(), self.failed.isChecked()
        recorded, origin = question.recorded, self._origin(question)
        content = text_content(text)
        if recorded is not None and origin is Origin.RECORDED:
            content = recorded.content
        elif recorded is not None:
            others = tuple(b for b in recorded.content.blocks if not isinstance(b, Text))
            content = Content((*content.blocks, *others))
        return Answer(content, failed, origin, "ask", self.always.isChecked())

    def _origin(self, question: Question) -> Origin:
        recorded = question.recorded
        if recorded is None:
            return Origin.TYPED
        same = (self.answer.toPlainText(), self.failed.isChecked()) == _start(question)
        return Origin.RECORDED if same else Origin.EDITED

    # How it stands

    def _show_origin(self) -> None:
        question = self.inquiry.question if self.inquiry is not None else None
        words = {
            Origin.RECORDED: "as recorded",
            Origin.EDITED: "recorded, edited by you",
            Origin.TYPED: "typed by you",
        }
        self.origin.setText("" if question is None else words[self._origin(question)])
        quiet = self.origin.palette()
        quiet.setColor(self.origin.foregroundRole(), theme.current().muted)
        self.origin.setPalette(quiet)

    def tick(self) -> None:
        """Say how many wait, and how long there is for this one."""
        parts = []
        if self._more > 0:
            parts.append(f"{self._more} more {'waits' if self._more == 1 else 'wait'}")
        if self.inquiry is not None and self.inquiry.until is not None:
            left = max(0, round(self.inquiry.until - time.monotonic()))
            parts.append(f"{left // 60}:{left % 60:02} left")
        self.waiting.setText(" · ".join(parts))

    def refresh_colours(self) -> None:
        """Follow the palette: a rail at the left says that something is wanted."""
        look = theme.current()
        self.setStyleSheet(
            f"QFrame#askPanel {{ border: none; border-left: 3px solid {look.warning.name()};"
            f" background: {look.surface.name()}; }}"
        )
        self.answer.setStyleSheet(theme.field_sheet(self.answer.hasFocus()))
        self._show_origin()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "tree"):
            self._fit()


def _start(question: Question | None) -> tuple[str, bool]:
    """What the answer begins with."""
    recorded = question.recorded if question is not None else None
    return ("", False) if recorded is None else (recorded.content.text, recorded.is_error)
