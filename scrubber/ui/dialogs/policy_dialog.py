"""Who answers tool calls on a branch: a ladder for all, and others for single tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.composer.numbers import NumberField
from scrubber.ui.dialogs.ladder_field import LadderField
from scrubber.ui.dialogs.rules_form import RulesForm

if TYPE_CHECKING:
    from scrubber.models.tool_counts import ToolCount

_PATTERN_TIP = "A tool's name; * and ? stand for anything"


class PolicyDialog(QDialog):
    """A row for each tool that the branch or its recording calls, and for each named before.

    Signals:
        decided(object): the Policy, when the user has agreed.
    """

    decided = Signal(object)

    def __init__(
        self, policy: Policy, tools: list[ToolCount], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("policyDialog")
        self.setWindowTitle("Who Answers Tool Calls")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields: dict[str, LadderField] = {}
        self._make_widgets(policy)
        self._lay_out()
        known = {tool.name: tool for tool in tools}
        for name in [*policy.tools, *(name for name in known if name not in policy.tools)]:
            self._add_row(name, known.get(name), policy.tools.get(name))
        self._show_rules()

    def _make_widgets(self, policy: Policy) -> None:
        self.default = LadderField("All other", policy.default, as_rest=False, parent=self)
        self.default.changed.connect(self._show_rules)
        self.seconds = NumberField("Seconds to answer", "for ever", 1_000_000, 0, self)
        self.seconds.setObjectName("policySeconds")
        self.seconds.show_number(policy.ask_seconds)
        self.rows = QWidget(self)
        self._grid = QGridLayout(self.rows)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self.area = QScrollArea(self)
        self.area.setWidget(self.rows)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.name = QLineEdit(self)
        self.name.setObjectName("policyName")
        self.name.setPlaceholderText("another tool, or a pattern such as mcp__git__*")
        self.name.setToolTip(_PATTERN_TIP)
        self.name.returnPressed.connect(self._on_add)
        self.add = QPushButton("Add", self)
        self.add.setObjectName("policyAdd")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._on_add)
        self.rules = RulesForm(policy.permissions, self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.buttons.accepted.connect(self._on_accept)
        self.buttons.rejected.connect(self.reject)
        self.problem = _label("", self)

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setColumnStretch(1, 1)
        top.setHorizontalSpacing(14)
        top.addWidget(_label("Calls are answered by", self, strong=True), 0, 0)
        top.addWidget(self.default, 0, 1)
        wait = QHBoxLayout()
        wait.addWidget(self.seconds)
        wait.addWidget(_label("seconds for me to answer; then the call fails", self), 1)
        top.addLayout(wait, 1, 1)
        more = QHBoxLayout()
        more.addWidget(self.name, 1)
        more.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(_label("Single tools", self, strong=True))
        column.addWidget(self.area, 1)
        column.addLayout(more)
        column.addWidget(self.rules)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.problem.hide()
        self.resize(660, 560)

    def _add_row(self, name: str, tool: ToolCount | None, ladder: Ladder | None) -> None:
        row = len(self.fields)
        field = LadderField(name, ladder, as_rest=True, parent=self.rows)
        field.setObjectName(f"policy.{name}")
        field.changed.connect(self._show_rules)
        self.fields[name] = field
        label = _label(visible(name), self.rows)
        label.setFont(theme.fixed_font(self.font()))
        facts = _label(_facts(tool), self.rows)
        quiet = facts.palette()
        quiet.setColor(facts.foregroundRole(), theme.current().muted)
        facts.setPalette(quiet)
        for one in (label, facts):  # in line with the words in the box, not with its frame
            one.setMinimumHeight(field.box.sizeHint().height())
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(facts, row, 1, top)
        self._grid.addWidget(field, row, 2, top)
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 1, 1)

    def _on_add(self) -> None:
        name = self.name.text().strip()
        if name and name not in self.fields:
            self._add_row(name, None, self.default.ladder())
            self.name.clear()
            self._show_rules()

    def _show_rules(self) -> None:
        """The rules matter only where a real tool may run."""
        ladders = [self.default.ladder(), *(field.ladder() for field in self.fields.values())]
        live = any(ladder is not None and Rung.LIVE in ladder.rungs for ladder in ladders)
        self.rules.setVisible(live)

    def policy(self) -> Policy:
        """What was chosen; a BadArgumentError says which rule is none."""
        chosen = {name: field.ladder() for name, field in self.fields.items()}
        return Policy(
            self.default.ladder() or Ladder(),
            {name: ladder for name, ladder in chosen.items() if ladder is not None},
            self.rules.permissions(),
            self.seconds.real() or None,
        )

    def _on_accept(self) -> None:
        try:
            policy = self.policy()
        except ValueError as error:
            self.problem.setText(f"✗  {error}")
            self.problem.show()
            return
        self.decided.emit(policy)
        self.accept()


def _facts(tool: ToolCount | None) -> str:
    if tool is None:
        return "not called yet"
    words = count(tool.calls, "call")
    return f"{words}, {tool.ahead:,} more on tape" if tool.ahead else words


def _label(text: str, parent: QWidget, strong: bool = False) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if strong:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    return label
