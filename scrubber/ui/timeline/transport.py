"""The bar above the timeline: step, play, what the axis measures, how near it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from scrubber.core.timeline.view import Mode
from scrubber.core.visible import visible
from scrubber.models.player import RECORDED, SPEEDS
from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (
    "action.first",
    "action.prev_message",
    "action.prev_event",
    "action.play",
    "action.next_event",
    "action.next_message",
    "action.last",
)


def speed_name(speed: float) -> str:
    """As the menu shows it: 4×, or recorded."""
    return "recorded" if speed == RECORDED else f"{speed:g}×"


class Transport(QWidget):
    """Buttons for the actions it is given, menus for speed and axis, and where the playhead is.

    Signals:
        speed_changed(float): as Player.set_speed() takes it.
        mode_changed(str): a Mode, as Timeline.set_mode() takes it.
        zoom_in_requested(), zoom_out_requested(), zoom_reset_requested().
    """

    speed_changed = Signal(float)
    mode_changed = Signal(str)
    zoom_in_requested = Signal()
    zoom_out_requested = Signal()
    zoom_reset_requested = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 3, 10, 3)
        self._row.setSpacing(2)
        for step in STEPS:
            self._add_step(step, actions.get(step))
        self._add_line()
        self._speed = self._add_menu("Speed of playing", "transport.speed")
        self._speeds = self._fill(self._speed, {speed_name(s): s for s in SPEEDS})
        self._speeds.triggered.connect(self._on_speed)
        self._mode = self._add_menu("What the axis measures", "transport.mode")
        self._modes = self._fill(self._mode, {mode.value: mode.value for mode in Mode})
        self._modes.triggered.connect(self._on_mode)
        self._add_line()
        self._add_zoom()
        self._status = self._add_status()
        self.set_speed(SPEEDS[0])
        self.set_mode(Mode.INDEX.value)

    def set_status(self, text: str) -> None:
        """Where the playhead is, such as "214 / 1,032 · 96 messages · 14:03:22"."""
        self._status.setText(visible(text))
        self._status.setToolTip("")

    def status(self) -> str:
        """What the label says."""
        return self._status.text()

    def set_speed(self, speed: float) -> None:
        """Show a speed as chosen, without a signal."""
        self._choose(self._speeds, self._speed, speed, speed_name(speed))

    def set_mode(self, mode: str) -> None:
        """Show an axis as chosen, without a signal."""
        self._choose(self._modes, self._mode, mode, mode)

    def _add_step(self, step: str, action: QAction | None) -> None:
        if action is None:
            return
        button = QToolButton(self)
        button.setObjectName(f"transport.{step.removeprefix('action.')}")
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(button)

    def _add_line(self) -> None:
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(self.palette().ColorRole.Mid)
        line.setFixedHeight(16)
        self._row.addSpacing(5)
        self._row.addWidget(line)
        self._row.addSpacing(5)

    def _add_menu(self, what: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setToolTip(what)
        button.setAccessibleName(what)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(QMenu(button))
        self._row.addWidget(button)
        return button

    def _fill(self, button: QToolButton, choices: Mapping[str, object]) -> QActionGroup:
        group = QActionGroup(self)
        for name, value in choices.items():
            action = button.menu().addAction(name)
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
        return group

    def _add_zoom(self) -> None:
        for name, text, what, signal in (
            ("out", "−", "Zoom out", self.zoom_out_requested),
            ("in", "+", "Zoom in", self.zoom_in_requested),
            ("reset", "fit", "Show the whole session", self.zoom_reset_requested),
        ):
            button = QToolButton(self)
            button.setObjectName(f"transport.zoom_{name}")
            button.setText(text)
            button.setToolTip(what)
            button.setAccessibleName(what)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(signal)
            self._row.addWidget(button)
        self._paint_icons()

    def _paint_icons(self) -> None:
        """The icons of the zoom buttons, in the colour of the text."""
        for name in ("out", "in"):
            button = self.findChild(QToolButton, f"transport.zoom_{name}")
            if isinstance(button, QToolButton):
                button.setIcon(theme.icon(f"zoom-{name}"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._paint_icons()

    def _add_status(self) -> QLabel:
        label = QLabel(self)
        label.setObjectName("transport.status")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.addWidget(label, 1)
        return label

    def _choose(self, group: QActionGroup, button: QToolButton, value: object, text: str) -> None:
        button.setText(f"{text} ")
        for action in group.actions():
            action.setChecked(action.data() == value)

    def _on_speed(self, action: QAction) -> None:
        self.set_speed(action.data())
        self.speed_changed.emit(action.data())

    def _on_mode(self, action: QAction) -> None:
        self.set_mode(action.data())
        self.mode_changed.emit(action.data())
