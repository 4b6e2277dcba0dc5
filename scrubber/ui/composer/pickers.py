"""With what a branch is run: buttons that say what is chosen, and open how to change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from scrubber.core.policy import Rung
from scrubber.core.visible import visible
from scrubber.models import providers
from scrubber.ui import theme
from scrubber.ui.composer.forms import BudgetForm, ParamsForm, budget_words, params_words
from scrubber.ui.composer.words import capital, ladder_words, policy_words
from scrubber.ui.dialogs.ladder_field import LADDERS, shape
from scrubber.ui.flow import FlowLayout
from scrubber.ui.popover import Popover

if TYPE_CHECKING:
    from scrubber.core.policy import Ladder, Policy
    from scrubber.live.settings import BranchSettings
    from scrubber.models.open_branch import OpenBranch
    from scrubber.models.providers import Choice
    from scrubber.models.tasks import Tasks

_MODEL_WIDTH = 26
_QUICK = tuple(ladder for ladder in LADDERS if Rung.STATIC not in ladder.rungs)


class Pickers(QWidget):
    """Model, parameters, tools, budget.

    Signals:
        policy_wanted(): the dialog for single tools shall open.
        models_wanted(): the dialog for endpoints and keys shall open.
    """

    policy_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, branch: OpenBranch, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._branch, self._tasks = branch, tasks
        self._choices: list[Choice] = list(providers.BUILT_IN)
        self.model = self._button("composerModel", "Model", "model")
        self.params = self._button("composerParams", "Parameters", "settings")
        self.tools = self._button("composerTools", "Tools", "tool")
        self.budget = self._button("composerBudget", "Budget", "budget")
        row = FlowLayout(self)
        for button in (self.model, self.params, self.tools, self.budget):
            row.addWidget(button)
        self._make_menus()
        branch.changed.connect(self.refresh)
        branch.opened.connect(self.refresh)
        self.refresh()

    def _button(self, name: str, what: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setProperty("what", what)
        button.setProperty("iconName", icon)
        button.setAutoRaise(True)
        button.setIconSize(QSize(15, 15))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        return button

    def _make_menus(self) -> None:
        for button, fill in ((self.model, self._fill_models), (self.tools, self._fill_tools)):
            menu = QMenu(button)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(fill)
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.params.clicked.connect(self.show_params)
        self.budget.clicked.connect(self.show_budget)

    def refresh(self) -> None:
        """Say what is chosen."""
        settings = self._branch.settings
        free = settings.provider in (providers.REPLAY, providers.PERSON)
        title = visible(providers.title_of(settings))
        if len(title) > _MODEL_WIDTH:
            title = f"{title[: _MODEL_WIDTH - 1]}…"
        self._say(self.model, title, "What goes on with the conversation")
        self.params.setVisible(not free)
        words = params_words(settings.params) or "Parameters"
        self._say(self.params, words, "Temperature, seed, longest reply, …")
        self._say(self.tools, policy_words(settings.policy), "Who answers tool calls")
        words = budget_words(settings.limits)
        self._say(self.budget, words, "After how much the run is paused")

    def _say(self, button: QToolButton, text: str, tip: str) -> None:
        button.setText(f" {text}".replace("&", "&&"))
        button.setToolTip(tip)
        button.setAccessibleName(f"{button.property('what')}: {text}")

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        for button in (self.model, self.params, self.tools, self.budget):
            name = button.property("iconName")
            if name:
                button.setIcon(theme.icon(name, theme.current().muted))

    def read_choices(self) -> None:
        """Look which models there are, in the background."""
        self._tasks.run("models", providers.choices, self._on_choices)

    def _on_choices(self, found: list[Choice]) -> None:
        self._choices = found

    # What the buttons open

    def _fill_models(self) -> None:
        menu, settings = self.model.menu(), self._branch.settings
        menu.clear()
        for number, choice in enumerate(self._choices):
            if number == len(providers.BUILT_IN):
                menu.addSeparator()
            text = f"{choice.title} · {choice.model}" if choice.model else choice.title
            action = menu.addAction(visible(text).replace("&", "&&"))
            action.setToolTip(choice.tip)
            action.setCheckable(True)
            action.setChecked(choice.provider == settings.provider)
            action.triggered.connect(lambda _on=False, choice=choice: self.choose(choice))
        menu.addSeparator()
        menu.addAction("Models…").triggered.connect(self.models_wanted)

    def choose(self, choice: Choice) -> None:
        """Run the branch with this from now on."""
        settings = self._branch.settings
        if choice.provider != settings.provider:
            params = replace(settings.params, model=choice.model)
            self._branch.set(replace(settings, provider=choice.provider, params=params))

    def _fill_tools(self) -> None:
        menu, policy = self.tools.menu(), self._branch.settings.policy
        menu.clear()
        for ladder in _QUICK:
            action = menu.addAction(capital(ladder_words(ladder)))
            action.setCheckable(True)
            action.setChecked(ladder == shape(policy.default))
            action.triggered.connect(lambda _on=False, ladder=ladder: self._set_default(ladder))
        menu.addSeparator()
        menu.addAction("Each tool…").triggered.connect(self.policy_wanted)

    def _set_default(self, ladder: Ladder) -> None:
        settings = self._branch.settings
        self.set_policy(replace(settings.policy, default=ladder))

    def set_policy(self, policy: Policy) -> None:
        """Have calls answered so from now on."""
        self._branch.set(replace(self._branch.settings, policy=policy))

    def show_params(self) -> None:
        """Open the parameters."""
        self._open("Parameters", ParamsForm(self._branch.settings), self.params)

    def show_budget(self) -> None:
        """Open the budget."""
        self._open("Pause the run after", BudgetForm(self._branch.settings), self.budget)

    def _open(self, title: str, form: ParamsForm | BudgetForm, anchor: QWidget) -> None:
        popover = Popover(title, form, self.window())
        session = self._branch.session

        def keep() -> None:
            now = self._branch.session
            if now is not None and session is not None and now.id == session.id:
                self._branch.set(form.settings())

        popover.closed.connect(keep)
        popover.popup(anchor)

    def settings_shown(self) -> BranchSettings:
        """What the buttons say."""
        return self._branch.settings
