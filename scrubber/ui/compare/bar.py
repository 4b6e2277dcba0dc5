"""The line above a comparison: the way back, what was found, and from difference to difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from scrubber.core.ages import count
from scrubber.ui import theme
from scrubber.ui.inspector.labels import Value

if TYPE_CHECKING:
    from scrubber.transfer.comparing import Comparison


class CompareBar(QWidget):
    """Buttons, and the result in words.

    Signals:
        left(): back to the session.
        step_wanted(bool): to the next difference (True) or the one before.
        again_wanted(): compare anew.
        everything_changed(bool): show bookkeeping, too, or do not.
    """

    left = Signal()
    step_wanted = Signal(bool)
    again_wanted = Signal()
    everything_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareBar")
        self._back = self._button("Back", "Back to the session  (Esc)", "compareBack")
        self._words = Value(self, Qt.TextElideMode.ElideRight)
        self._words.setObjectName("compareWords")
        self._words.setMinimumWidth(120)
        self._again = self._button(
            "Compare Again", "A session has changed since: compare as they are now", "compareAgain"
        )
        self._everything = self._button(
            "Bookkeeping",
            "Show usage, states, hooks and the like, too: they make no difference",
            "compareEverything",
        )
        self._everything.setCheckable(True)
        self._before = self._button("", "Previous difference  (P, or Alt+↑)", "comparePrevious")
        self._next = self._button("", "Next difference  (N, or Alt+↓)", "compareNext")
        self._lay_out()
        self._back.clicked.connect(self.left)
        self._again.clicked.connect(self.again_wanted)
        self._everything.toggled.connect(self.everything_changed)
        self._before.clicked.connect(lambda: self.step_wanted.emit(False))
        self._next.clicked.connect(lambda: self.step_wanted.emit(True))
        self.refresh_icons()

    def _button(self, text: str, tip: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition("  (")[0])
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(6)
        row.addWidget(self._back)
        row.addWidget(self._words, 1)
        for part in (self._again, self._everything, self._before, self._next):
            row.addWidget(part)
        self._again.hide()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        self._back.setIcon(theme.icon("step-back"))
        self._again.setIcon(theme.icon("compare"))
        self._before.setIcon(theme.icon("prev-message"))
        self._next.setIcon(theme.icon("next-message"))

    def show_busy(self, number: int) -> None:
        """So many sessions are being compared."""
        self._words.show_text(f"Comparing {number} sessions…")
        self._again.hide()
        self._enable(False)

    def show_result(self, made: Comparison) -> None:
        """Say how many differences there are."""
        found = len(made.alignment.differences)
        if found:
            where = made.alignment.differences[0]
            words = f"{count(found, 'difference')}, the first behind {count(where, 'event')}"
        else:
            words = f"No difference: {count(len(made.alignment), 'event')} alike"
        self._words.show_text(f"{len(made.columns)} sessions side by side · {words}")
        self._again.hide()
        self._enable(True, bool(found))

    def show_problem(self, words: str) -> None:
        """It could not be done."""
        self._words.show_text(words)
        self._again.show()
        self._enable(False)

    def show_stale(self) -> None:
        """A session has changed since."""
        self._again.show()

    def _enable(self, shown: bool, differs: bool = False) -> None:
        self._everything.setEnabled(shown)
        self._before.setEnabled(differs)
        self._next.setEnabled(differs)
