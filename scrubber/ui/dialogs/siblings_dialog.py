"""Continue ×N: how many branches, from which point, and what they may use together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
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

from scrubber.core.ages import amount, count
from scrubber.core.policy import Rung
from scrubber.core.visible import visible
from scrubber.models import providers
from scrubber.ui.composer.forms import BudgetForm
from scrubber.ui.composer.words import dollars, policy_words
from scrubber.ui.dialogs.buttons import DoButtons

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.live.provider import Forecast
    from scrubber.live.settings import BranchSettings

FEWEST, USUAL, MOST = 2, 4, 32


@dataclass(frozen=True, slots=True)
class SiblingsRequest:
    """So many forks of a session at an index, run with these settings."""

    session: str
    at: int
    number: int
    settings: BranchSettings
    title: str = ""


class SiblingsDialog(QDialog):
    """Asks how many.

    Signals:
        requested(object): the SiblingsRequest, when the user has agreed.
    """

    requested = Signal(object)

    def __init__(
        self,
        session: Session,
        index: int,
        settings: BranchSettings,
        forecast: Forecast | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("siblingsDialog")
        self.setWindowTitle("Continue × N")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._index = session, index
        self._settings, self._forecast = settings, forecast
        self._make_widgets()
        self._lay_out()
        self._show()

    def _make_widgets(self) -> None:
        self.number = QSpinBox(self)
        self.number.setObjectName("siblingsNumber")
        self.number.setRange(FEWEST, MOST)
        self.number.setValue(USUAL)
        self.number.setMinimumWidth(70)
        self.number.setAccessibleName("Number of branches")
        self.number.valueChanged.connect(lambda _value: self._show())
        end = self._session.events
        self.at_end = QRadioButton(f"The end of this branch, event {end:,}", self)
        self.at_end.setObjectName("siblingsAtEnd")
        self.at_playhead = QRadioButton(f"The playhead, event {self._index:,}", self)
        self.at_playhead.setObjectName("siblingsAtPlayhead")
        self.at_end.setChecked(True)
        for button in (self.at_end, self.at_playhead):
            button.setVisible(self._index != end)
        self.at_end.toggled.connect(lambda _on: self._show())
        self.budget = BudgetForm(self._settings, self)
        self.title = QLineEdit(self)
        self.title.setObjectName("siblingsTitle")
        self.title.setMaxLength(160)
        self.told = QLabel(self)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.buttons = DoButtons(self, "Continue", "continue", "siblingsAccept", self._on_accept)
        self.go = self.buttons.do

    def _lay_out(self) -> None:
        many = QHBoxLayout()
        many.setSpacing(8)
        many.addWidget(self.number)
        many.addWidget(QLabel("branches, run side by side", self))
        many.addStretch(1)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow("Make", many)
        form.addRow("From", self.at_end)
        form.addRow("", self.at_playhead)
        form.setRowVisible(1, self._index != self._session.events)
        form.setRowVisible(2, self._index != self._session.events)
        form.addRow("Title", self.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(_strong("Pause after (tokens and dollars of all together)", self))
        column.addWidget(self.budget)
        column.addWidget(self.told)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.setMinimumWidth(460)

    @property
    def at(self) -> int:
        """Where they leave."""
        return self._session.events if self.at_end.isChecked() else self._index

    def _show(self) -> None:
        number, settings = self.number.value(), self._settings
        self.go.setText(f"Continue × {number}")
        self.title.setPlaceholderText(f"{self.at} · sample")
        tools = policy_words(settings.policy)
        lines = [f"With {visible(providers.title_of(settings))}; tool calls: {tools}."]
        if self._forecast is not None and self.at == self._session.events:
            tokens = amount(self._forecast.tokens * number)
            cost = self._forecast.cost_micros
            price = "price unknown" if cost is None else dollars(cost * number)
            lines.append(f"The first requests: about {tokens} tokens in, {price}.")
        if Rung.ASK in settings.policy.default.rungs:
            calls = count(number, "branch", "branches")
            lines.append(f"A call that asks you holds only its own of the {calls}.")
        self.told.setText("\n".join(lines))

    def request(self) -> SiblingsRequest:
        """What the user asks for."""
        settings = replace(self._settings, budget=self.budget.settings().limits)
        return SiblingsRequest(
            self._session.id, self.at, self.number.value(), settings, self.title.text().strip()
        )

    def _on_accept(self) -> None:
        self.requested.emit(self.request())
        self.accept()


def _strong(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
