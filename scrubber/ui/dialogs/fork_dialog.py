"""Fork here: the cut in words, what is wrong with it, and what to do about that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.describe import fork_title
from scrubber.core.lint import Lint, Problem, Repair
from scrubber.core.visible import visible
from scrubber.models.library import ForkRequest, Library
from scrubber.ui.dialogs.buttons import DoButtons
from scrubber.ui.dialogs.cut_view import CutView

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.events import Event, Totals
    from scrubber.core.session import Session

_AROUND = 40
_DELAY_MS = 60


@dataclass(frozen=True, slots=True)
class _Preview:
    index: int
    totals: Totals
    lint: Lint
    around: list[Event]


class ForkDialog(QDialog):
    """Asks where and how to fork; the source is never changed.

    Signals:
        requested(object): the ForkRequest, when the user has agreed.
    """

    requested = Signal(object)

    def __init__(
        self, library: Library, session: Session, index: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("forkDialog")
        self.setWindowTitle("Fork")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._library = library
        self._session = session
        self._preview: _Preview | None = None
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._look)
        self._make_widgets(index)
        self._lay_out()
        self._look()

    def _make_widgets(self, index: int) -> None:
        self.index = QSpinBox(self)
        self.index.setObjectName("forkIndex")
        self.index.setRange(0, self._session.events)
        self.index.setValue(index)
        self.index.setGroupSeparatorShown(True)
        self.index.setAccessibleName("Events to keep")
        self.index.valueChanged.connect(lambda _value: self._delay.start())
        self.heading = _label(self, "forkHeading")
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self.heading.setFont(font)
        self.cut = CutView(self)
        self.verdict = _label(self, "forkVerdict")
        self.choices = QWidget(self)
        self.repairs = QButtonGroup(self)
        self.title = QLineEdit(self)
        self.title.setObjectName("forkTitle")
        self.title.setMaxLength(200)
        self.note = QLineEdit(self)
        self.note.setObjectName("forkNote")
        self.note.setPlaceholderText("What is it for? (optional)")
        self.buttons = DoButtons(self, "Fork", "fork", "forkAccept", self._on_accept)
        self.fork_button = self.buttons.do

    def _lay_out(self) -> None:
        keep = QHBoxLayout()
        keep.addWidget(QLabel("Keep the first", self))
        keep.addWidget(self.index)
        keep.addWidget(QLabel(f"of {count(self._session.events, 'event')}", self))
        keep.addStretch()
        form = QFormLayout()
        form.addRow("Title", self.title)
        form.addRow("Note", self.note)
        choice_column = QVBoxLayout(self.choices)
        choice_column.setContentsMargins(22, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for part in (self.heading, keep, self.cut, self.verdict, self.choices, form, self.buttons):
            column.addWidget(part) if isinstance(part, QWidget) else column.addLayout(part)
        self.resize(620, self.sizeHint().height())

    def _look(self) -> None:
        store, session, index = self._library.store, self._session, self.index.value()
        if store is None:
            return
        self._library.tasks.run(
            "fork-preview",
            lambda: _preview(store, session, index),
            self._on_preview,
            self._on_failed,
        )

    def _on_preview(self, preview: _Preview) -> None:
        self._preview = preview
        self._show_lint(preview)
        self._show_result()

    def _on_failed(self, error: Exception) -> None:
        self.verdict.setText(str(error))
        self.fork_button.setEnabled(False)

    def _show_lint(self, preview: _Preview) -> None:
        problems = [p for p in preview.lint.problems if len(p.repairs) > 1]
        old = [p for p in preview.lint.problems if len(p.repairs) <= 1]
        lines = [f"✗  {visible(problem.text)}" for problem in problems]
        if len(old) > 3:
            lines.append(f"–  {len(old)} calls further up were never answered in the original")
        else:
            lines += [f"–  {visible(problem.text)}" for problem in old]
        if not problems:
            lines.insert(0, "✓  The cut is clean: every call in front of it has its result.")
        self.verdict.setText("\n".join(lines))
        self._offer(preview.lint, problems)

    def _offer(self, lint: Lint, problems: list[Problem]) -> None:
        for button in self.repairs.buttons():
            self.repairs.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self.choices.setVisible(bool(problems))
        offered = [repair for problem in problems for repair in problem.repairs]
        for number, repair in enumerate(_ORDER):
            if repair not in offered:
                continue
            button = QRadioButton(_choice(repair, lint), self.choices)
            button.setObjectName(f"forkRepair.{repair}")
            button.toggled.connect(lambda _on: self._show_result())
            self.repairs.addButton(button, number)
            layout = self.choices.layout()
            if layout is not None:
                layout.addWidget(button)
        buttons = self.repairs.buttons()
        if buttons:
            buttons[0].setChecked(True)

    def repair(self) -> Repair:
        """The repair that is chosen."""
        number = self.repairs.checkedId()
        return _ORDER[number] if number >= 0 else Repair.NONE

    def _show_result(self) -> None:
        preview = self._preview
        if preview is None:
            return
        lint, totals = preview.lint, preview.totals
        if self.repair() is Repair.SNAP:
            text = f"Keeps {count(lint.snap_to, 'event')} (moved back from {lint.index:,})"
        else:
            text = f"Keeps {count(totals.events, 'event')}, {count(totals.messages, 'message')}"
            if self.repair() is Repair.INTERRUPT:
                text += f", adds {count(len(lint.open_calls), 'result')}"
        self.heading.setText(text)
        index = lint.snap_to if self.repair() is Repair.SNAP else preview.index
        self.cut.show_cut(index, preview.around)
        last = next((e for e in reversed(preview.around) if e.index < index and e.text), None)
        self.title.setPlaceholderText(fork_title(index, last))

    def _on_accept(self) -> None:
        self.requested.emit(
            ForkRequest(
                self._session.id,
                self.index.value(),
                self.title.text().strip(),
                self.note.text().strip(),
                self.repair(),
            )
        )
        self.accept()


_ORDER = (Repair.SNAP, Repair.INTERRUPT, Repair.NONE)


def _choice(repair: Repair, lint: Lint) -> str:
    match repair:
        case Repair.SNAP:
            return f"Move back to {lint.snap_to:,}, the last point where nothing is open"
        case Repair.INTERRUPT:
            calls = len(lint.open_calls)
            return f"Add an “interrupted” result for {count(calls, 'open call')}, marked as made up"
        case _:
            return "Keep as it is (for viewing; a model would refuse it)"


def _preview(store: OpenStore, session: Session, index: int) -> _Preview:
    around = store.events(session.id, max(index - _AROUND, 0), index + _AROUND)
    return _Preview(index, store.totals(session.id, index), store.lint(session.id, index), around)


def _label(parent: QWidget, name: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
