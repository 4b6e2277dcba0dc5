"""The last line of the composer: what a run would use, how it stands, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from scrubber.core.running import Ending
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.composer.words import failure_words, outcome_words, preview_words, run_words
from scrubber.ui.inspector.labels import Value
from scrubber.ui.tree.states import paint_ring

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from scrubber.core.running import Outcome
    from scrubber.models.live_runs import LiveRun
    from scrubber.models.preview import Preview

_SIZE = 14
_ICONS = {
    Ending.FINISHED: "check",
    Ending.BUDGET: "pause",
    Ending.CANCELLED: "stop",
    Ending.NEEDS_PERSON: "user",
    Ending.UNMATCHED: "warning",
    Ending.FAILED: "error",
}


class StateIcon(QWidget):
    """An icon, or a ring that turns while something runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_SIZE + 2, _SIZE + 2))
        self._name = ""

    def show_state(self, name: str) -> None:
        """Show an icon of resources/icons; ``ring`` turns, ``""`` is nothing."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._name == "ring":
            paint_ring(painter, QRectF(1, 1, _SIZE, _SIZE), look.accent)
        elif self._name:
            colour = {"error": look.error, "warning": look.warning, "user": look.warning}
            drawn = theme.pixmap(
                self._name,
                colour.get(self._name, look.muted).name(),
                _SIZE,
                self.devicePixelRatioF(),
            )
            painter.drawPixmap(1, 1, drawn)
        painter.end()


class RunStatus(QWidget):
    """Icon and words, with what can be done about them.

    Signals:
        retry_wanted(): run it once more.
        models_wanted(): endpoints and keys.
        notes_wanted(): what was noted during the run.
    """

    retry_wanted = Signal()
    models_wanted = Signal()
    notes_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerStatus")
        self.icon = StateIcon(self)
        self.text = Value(self, Qt.TextElideMode.ElideRight)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reason = QLabel(self)
        self.reason.setObjectName("composerReason")
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setWordWrap(True)
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.hide()
        self.notes = self._button("composerNotes", "", self.notes_wanted)
        self.retry = self._button("composerRetry", "Retry", self.retry_wanted)
        self.models = self._button("composerModels", "Models…", self.models_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 2, 0)
        row.setSpacing(6)
        row.addWidget(self.icon)
        row.addWidget(self.text, 1)
        for button in (self.notes, self.retry, self.models):
            row.addWidget(button)
        self.show_words("", "")

    def _button(self, name: str, text: str, signal: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(signal)
        button.hide()
        return button

    def show_words(self, icon: str, words: str, loud: bool = False) -> None:
        """Show words and nothing that can be done."""
        look = theme.current()
        self.icon.show_state(icon)
        self.icon.setVisible(bool(icon))
        self.text.show_text(words)
        self.text.set_colour(look.text if loud else look.muted)
        self.reason.hide()
        for button in (self.notes, self.retry, self.models):
            button.hide()

    def show_preview(self, preview: Preview) -> None:
        """What continuing would use."""
        wrong = bool(preview.error) and preview.forecast is None
        self.show_words("warning" if wrong else "", preview_words(preview))
        if wrong and preview.left is None:
            self._explain("Cannot be sent", preview.error)
        self.models.setVisible(wrong and preview.left is None)

    def show_run(self, live: LiveRun) -> None:
        """How the run stands."""
        self.show_words("user" if live.waits else "ring", run_words(live), loud=True)
        self.show_notes(len(live.notes))

    def show_outcome(self, outcome: Outcome) -> None:
        """How the run has ended, and what can be done."""
        failed = outcome.ending is Ending.FAILED
        self.show_words(_ICONS[outcome.ending], outcome_words(outcome), loud=True)
        if failed:
            self._explain(failure_words(outcome), outcome.reason)
        self.show_notes(len(outcome.notes))
        self.retry.setVisible(failed)
        self.models.setVisible(failed and not outcome.retryable)

    def _explain(self, words: str, reason: str) -> None:
        """Show a reason in full, on lines of its own."""
        self.text.show_text(words)
        self.reason.setText(visible(reason))
        self.reason.show()

    def show_notes(self, number: int) -> None:
        """Offer what was noted."""
        self.notes.setText(f"{number} note{'' if number == 1 else 's'}")
        self.notes.setVisible(number > 0)
