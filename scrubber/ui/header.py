"""The line above the transcript: which session this is, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from scrubber.core.ages import amount, count
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.tree.delegate import short_model

if TYPE_CHECKING:
    from scrubber.core.session import Session


class SessionHeader(QWidget):
    """Title and facts of the open session, with the way up to its parent.

    Signals:
        parent_wanted(): the session it comes from shall be opened.
    """

    parent_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sessionHeader")
        self._full = self._full_facts = ""
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self._title.setFont(font)
        self._facts = QLabel(self)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._up = QToolButton(self)
        self._up.setObjectName("parentButton")
        self._up.setAutoRaise(True)
        self._up.setText("↑ Parent")
        self._up.setToolTip("Open the session this one comes from  (U)")
        self._up.clicked.connect(self.parent_wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.addLayout(words, 1)
        row.addWidget(self._up)
        self.show_session(None)

    def show_session(self, session: Session | None) -> None:
        """Show what is known of a session; None: nothing."""
        self.setVisible(session is not None)
        if session is None:
            return
        self._full = visible(session.title).replace("\n", " ") or "untitled"
        self._up.setVisible(session.parent is not None)
        self._full_facts = visible(facts(session))
        self.refresh_colours()
        self._elide()

    def refresh_colours(self) -> None:
        """Follow the palette."""
        quiet = self._facts.palette()
        quiet.setColor(self._facts.foregroundRole(), theme.current().muted)
        self._facts.setPalette(quiet)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the title to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = max(self._title.width(), 40)
        metrics = QFontMetrics(self._title.font())
        self._title.setText(metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, width))
        small = QFontMetrics(self._facts.font())
        self._facts.setText(small.elidedText(self._full_facts, Qt.TextElideMode.ElideRight, width))


def facts(session: Session) -> str:
    """A session's facts on one line."""
    parts = []
    if session.relation == "fork":
        at = session.forked_at
        parts.append("fork" if at is None else f"fork at {at:,}")
    elif session.relation == "subagent":
        parts.append("sub-agent")
    parts.append(session.format)
    if session.model:
        parts.append(short_model(session.model))
    parts += [count(session.events, "event"), count(session.messages, "message")]
    if session.tokens:
        parts.append(f"{amount(session.tokens)} tokens")
    if session.errors:
        parts.append(count(session.errors, "error"))
    if session.cwd:
        parts.append(session.cwd)
    return " · ".join(parts)
