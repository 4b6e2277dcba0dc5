"""What a model is asked with, and what a run may use: two small forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from scrubber.core.running import Budget, Params
from scrubber.live.settings import FREE, USUAL_TURNS
from scrubber.ui.composer.numbers import NumberField

if TYPE_CHECKING:
    from scrubber.live.settings import BranchSettings

_EFFORTS = ("", "minimal", "low", "medium", "high")
_BIG = 2_000_000_000


def _form(widget: QWidget) -> QFormLayout:
    form = QFormLayout(widget)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(8)
    form.setHorizontalSpacing(12)
    return form


class ParamsForm(QWidget):
    """Model, sampling, reasoning, and what is kept of the requests."""

    def __init__(self, settings: BranchSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paramsForm")
        self._settings = settings
        self.model = QLineEdit(self)
        self.model.setObjectName("paramsModel")
        self.model.setPlaceholderText("the endpoint's own")
        self.model.setMinimumWidth(220)
        self.temperature = NumberField("Temperature", "the model's own", 5, 3, self)
        self.top_p = NumberField("Top-p", "the model's own", 1, 4, self)
        self.seed = NumberField("Seed", "none", _BIG, 0, self)
        self.max_tokens = NumberField("Longest reply in tokens", "the model's own", _BIG, 0, self)
        self.effort = QComboBox(self)
        self.effort.setEditable(True)
        self.effort.addItems(list(_EFFORTS))
        self.stop = QLineEdit(self)
        self.stop.setPlaceholderText("words that end a reply, with | between them")
        self.compact = NumberField("Compact at per cent of the window", "never", 100, 0, self)
        self.keep = QCheckBox("Keep each request whole, not only its hash", self)
        self._lay_out()
        self._fill(settings)

    def _lay_out(self) -> None:
        form = _form(self)
        for label, field in (
            ("Model", self.model),
            ("Temperature", self.temperature),
            ("Top-p", self.top_p),
            ("Seed", self.seed),
            ("Longest reply", self.max_tokens),
            ("Reasoning effort", self.effort),
            ("Stop at", self.stop),
            ("Compact at %", self.compact),
        ):
            field.setAccessibleName(field.accessibleName() or label)
            form.addRow(label, field)
        form.addRow(self.keep)

    def _fill(self, settings: BranchSettings) -> None:
        params = settings.params
        self.model.setText(params.model)
        self.temperature.show_number(params.temperature)
        self.top_p.show_number(params.top_p)
        self.seed.show_number(params.seed)
        self.max_tokens.show_number(params.max_tokens)
        self.effort.setCurrentText(params.reasoning_effort or "")
        self.stop.setText("|".join(params.stop))
        share = settings.compact_at
        self.compact.show_number(None if share is None else round(share * 100))
        self.keep.setChecked(settings.keep_bodies)

    def settings(self) -> BranchSettings:
        """The settings with what the form says."""
        params = Params(
            self.model.text().strip(),
            self.temperature.real(),
            self.top_p.real(),
            self.seed.whole(),
            self.max_tokens.whole() or None,
            self.effort.currentText().strip() or None,
            tuple(word for word in self.stop.text().split("|") if word),
        )
        share = self.compact.whole()
        return replace(
            self._settings,
            params=params,
            compact_at=share / 100 if share else None,
            keep_bodies=self.keep.isChecked(),
        )


class BudgetForm(QWidget):
    """When a run is ended though its turn is not; empty fields are no limit."""

    def __init__(self, settings: BranchSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("budgetForm")
        self._settings = settings
        limits = settings.limits
        self.turns = NumberField("Turns", "no limit", _BIG, 0, self)
        self.turns.show_number(limits.turns)
        self.tokens = NumberField("Tokens", "no limit", _BIG, 0, self)
        self.tokens.show_number(limits.tokens)
        self.cost = NumberField("Dollars", "no limit", 100_000, 4, self)
        self.cost.show_number(None if limits.cost_micros is None else limits.cost_micros / 1e6)
        self.seconds = NumberField("Seconds", "no limit", _BIG, 1, self)
        self.seconds.show_number(limits.seconds)
        form = _form(self)
        for label, field in (
            ("Turns of the model", self.turns),
            ("Tokens", self.tokens),
            ("US dollars", self.cost),
            ("Seconds", self.seconds),
        ):
            form.addRow(label, field)

    def settings(self) -> BranchSettings:
        """The settings with what the form says."""
        cost = self.cost.real()
        budget = Budget(
            self.turns.whole() or None,
            self.tokens.whole() or None,
            round(cost * 1e6) if cost else None,
            self.seconds.real() or None,
        )
        usual = Budget() if self._settings.provider in FREE else Budget(turns=USUAL_TURNS)
        return replace(self._settings, budget=None if budget == usual else budget)


def budget_words(budget: Budget) -> str:
    """A budget in few words."""
    parts = []
    if budget.turns is not None:
        parts.append(f"{budget.turns:,} turn{'' if budget.turns == 1 else 's'}")
    if budget.tokens is not None:
        parts.append(f"{budget.tokens:,} tokens")
    if budget.cost_micros is not None:
        parts.append(f"${budget.cost_micros / 1e6:,.4g}")
    if budget.seconds is not None:
        parts.append(f"{budget.seconds:g} s")
    return ", ".join(parts) or "no limit"


def params_words(params: Params) -> str:
    """What of the parameters is set, in few words; the model is told elsewhere."""
    parts = []
    for name, value in (
        ("T", params.temperature),
        ("top-p", params.top_p),
        ("seed", params.seed),
        ("max", params.max_tokens),
    ):
        if value is not None:
            parts.append(f"{name} {value:g}")
    if params.reasoning_effort:
        parts.append(params.reasoning_effort)
    return " · ".join(parts)
