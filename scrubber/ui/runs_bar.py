"""Which branches run, in the status bar: how many, which wait for the user, a way to stop all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from scrubber.core.ages import count
from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.models.live_runs import LiveRuns


class RunsBar(QWidget):
    """Hidden while nothing runs.

    Signals:
        session_wanted(str): this session shall be opened.
    """

    session_wanted = Signal(str)

    def __init__(self, runs: LiveRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsBar")
        self._runs = runs
        self._turn = -1
        self.words = QToolButton(self)
        self.words.setObjectName("runsShow")
        self.words.setAutoRaise(True)
        self.words.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.words.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.words.clicked.connect(self.show_next)
        self.stop = QToolButton(self)
        self.stop.setObjectName("runsStop")
        self.stop.setAutoRaise(True)
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setToolTip("Stop all branches; what they have is kept")
        self.stop.setAccessibleName("Stop all branches")
        self.stop.clicked.connect(runs.stop_all)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(self.words)
        row.addWidget(self.stop)
        for signal in (runs.started, runs.over, runs.asked, runs.withdrawn):
            signal.connect(lambda *_args: self.refresh())
        self.refresh_icons()
        self.refresh()

    def refresh(self) -> None:
        """Count them."""
        runs = self._runs.all
        waiting = sum(live.waits for live in runs)
        parts = [f"{count(len(runs), 'branch', 'branches')} running"]
        if waiting:
            parts.append(f"{waiting} {'waits' if waiting == 1 else 'wait'} for you")
        self.words.setText(" · ".join(parts))
        tip = "Open the next one that waits for you" if waiting else "Open one that runs"
        self.words.setToolTip(tip)
        look = theme.current()
        name, colour = ("user", look.warning) if waiting else ("continue", look.accent)
        self.words.setIcon(theme.icon(name, colour))
        self.setVisible(bool(runs))

    def show_next(self) -> None:
        """Open one that waits, else one that runs; another one each time."""
        runs = self._runs.all
        wanted = [live.session for live in runs if live.waits] or [live.session for live in runs]
        if wanted:
            self._turn += 1
            self.session_wanted.emit(wanted[self._turn % len(wanted)])

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        self.stop.setIcon(theme.icon("stop"))
        self.refresh()
