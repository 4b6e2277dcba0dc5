from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton

from scrubber.models.player import RECORDED
from scrubber.ui.timeline.transport import STEPS, Transport


@pytest.fixture
def transport(qtbot):
    actions = {step: QAction(step.removeprefix("action.")) for step in STEPS}
    widget = Transport(actions)
    qtbot.addWidget(widget)
    widget.grab()  # lays it out
    yield widget
    actions.clear()


def button(transport, name):
    return transport.findChild(QToolButton, f"transport.{name}")


def test_each_action_has_a_flat_button_in_its_order(transport):
    buttons = [button(transport, step.removeprefix("action.")) for step in STEPS]
    assert all(b.autoRaise() for b in buttons)
    assert [b.x() for b in buttons] == sorted(b.x() for b in buttons)
    assert [b.defaultAction().text() for b in buttons][3] == "play"


def test_a_choice_of_speed_is_shown_and_told(transport, qtbot):
    menu = button(transport, "speed").menu()
    names = [action.text() for action in menu.actions()]
    assert names == ["1×", "2×", "4×", "8×", "16×", "recorded"]
    with qtbot.waitSignal(transport.speed_changed) as changed:
        menu.actions()[2].trigger()
    assert changed.args == [4.0]
    assert button(transport, "speed").text().strip() == "4×"
    with qtbot.assertNotEmitted(transport.speed_changed):
        transport.set_speed(RECORDED)
    assert menu.actions()[5].isChecked()


def test_a_choice_of_axis_is_shown_and_told(transport, qtbot):
    menu = button(transport, "mode").menu()
    assert [action.text() for action in menu.actions()] == ["index", "time", "tokens"]
    with qtbot.waitSignal(transport.mode_changed) as changed:
        menu.actions()[1].trigger()
    assert changed.args == ["time"]
    with qtbot.assertNotEmitted(transport.mode_changed):
        transport.set_mode("tokens")
    assert button(transport, "mode").text().strip() == "tokens"


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("zoom_in", "zoom_in_requested"),
        ("zoom_out", "zoom_out_requested"),
        ("zoom_reset", "zoom_reset_requested"),
    ],
)
def test_zoom_buttons(transport, qtbot, name, signal):
    with qtbot.waitSignal(getattr(transport, signal)):
        button(transport, name).click()


def test_the_status_is_plain_text(transport):
    transport.set_status("<b>3</b> / 4\x07")
    assert transport.status() == "<b>3</b> / 4␇"
    label = transport.findChild(QLabel, "transport.status")
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_missing_actions_are_left_out(qtbot):
    widget = Transport({})
    qtbot.addWidget(widget)
    assert button(widget, "first") is None
