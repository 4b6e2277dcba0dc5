"""Who answers tool calls: the dialog gives the policy that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.permissions import Decision, Permissions
from scrubber.core.policy import NO_RESULT, Ladder, Matching, Policy, Rung
from scrubber.models.tool_counts import ToolCount, count_tools
from scrubber.ui.dialogs.policy_dialog import PolicyDialog
from scrubber.ui.dialogs.rules_form import split

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.ui.main_window import MainWindow

TOOLS = [ToolCount("Bash", 3, 9), ToolCount("Read", 1, 0)]


def test_a_policy_comes_out_as_it_went_in(qtbot: QtBot) -> None:
    policy = Policy(
        Ladder((Rung.RECORDED, Rung.ASK), matching=Matching.ORDER),
        {
            "Bash": Ladder((Rung.RECORDED, Rung.ERROR), error="command not found"),
            "mcp__*": Ladder((Rung.ASK, Rung.LIVE, Rung.ERROR)),
            "Read": Ladder((Rung.STATIC,), "nothing to see"),
        },
        Permissions(("Bash(rm:*)",), ("mcp__time", "Read(a,b)"), default=Decision.DENY),
        120,
    )
    dialog = PolicyDialog(policy, TOOLS)
    qtbot.addWidget(dialog)
    assert dialog.policy() == policy
    assert list(dialog.fields) == ["Bash", "mcp__*", "Read"]


def test_tools_are_listed_and_a_pattern_added(qtbot: QtBot) -> None:
    dialog = PolicyDialog(Policy(), TOOLS)
    qtbot.addWidget(dialog)
    dialog.show()
    assert list(dialog.fields) == ["Bash", "Read"]
    assert not dialog.rules.isVisible()
    bash = dialog.fields["Bash"]
    bash.box.setCurrentText("Recorded → live")
    assert dialog.rules.isVisible()
    dialog.name.setText("mcp__git__*")
    dialog.add.click()
    dialog.fields["mcp__git__*"].box.setCurrentText("Error")
    assert dialog.policy().tools == {
        "Bash": Ladder((Rung.RECORDED, Rung.LIVE)),
        "mcp__git__*": Ladder((Rung.ERROR,), error=NO_RESULT),
    }


def test_a_rule_that_is_none_is_named(qtbot: QtBot) -> None:
    dialog = PolicyDialog(Policy(Ladder((Rung.LIVE,))), [])
    qtbot.addWidget(dialog)
    dialog.show()
    decided: list[Policy] = []
    dialog.decided.connect(decided.append)
    dialog.rules.deny.setText("Bash(rm:*), )oops(")
    dialog.buttons.accepted.emit()
    assert "oops" in dialog.problem.text()
    assert not decided
    with pytest.raises(BadArgumentError):
        dialog.policy()
    dialog.rules.deny.setText("Bash(rm:*)")
    dialog.buttons.accepted.emit()
    assert [policy.permissions.deny for policy in decided] == [("Bash(rm:*)",)]


def test_rules_are_apart_by_commas_outside_of_brackets() -> None:
    assert split("Bash(a,b), mcp__time ,,Read") == ["Bash(a,b)", "mcp__time", "Read"]
    assert split("") == []
    assert split("Bash(never closed, x") == ["Bash(never closed, x"]


def test_tools_are_counted_in_the_branch_and_on_its_tape(
    branch_window: MainWindow, branch_store: OpenStore
) -> None:
    counts = {
        tool.name: tool for tool in count_tools(branch_store, branch_window.panes.cursor.session)
    }
    assert (counts["Bash"].calls, counts["Bash"].ahead) == (1, 9)
    assert counts["Edit"].calls == 0


def test_the_dialog_settles_the_open_branch(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore
) -> None:
    branch_window.panes.actions["action.policy"].trigger()
    qtbot.waitUntil(lambda: bool(branch_window.findChildren(PolicyDialog)))
    dialog = branch_window.findChildren(PolicyDialog)[0]
    dialog.fields["Bash"].box.setCurrentText("Ask me")
    dialog.buttons.accepted.emit()
    assert branch_window.panes.composer.pickers.tools.text().endswith("1 of their own")
    qtbot.waitUntil(lambda: branch_window.panes.tasks.idle)
    kept = branch_store.store.branch_settings(branch_window.panes.cursor.session)
    assert kept["policy"]["tools"] == {"Bash": {"rungs": ["ask"]}}
