"""The first tab: what the event in front of the playhead is, in facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from scrubber.core.ages import count
from scrubber.core.events import Origin
from scrubber.ui import theme
from scrubber.ui.inspector import words
from scrubber.ui.inspector.facts import FactsForm
from scrubber.ui.inspector.labels import MARGIN, UNIT, Badge, IconLabel, Value, strong
from scrubber.ui.inspector.session_words import session_sections
from scrubber.ui.transcript.labels import colour, icon_name

if TYPE_CHECKING:
    from scrubber.ui.inspector.reading import EventLook, Look


class Heading(QWidget):
    """Icon and title, and below them a badge and how the text begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(20, self)
        self.title = Value(self)
        self.title.setFont(strong(self.font(), 1.15))
        self._badge = Badge(self)
        self._badge.hide()
        self.preview = Value(self, Qt.TextElideMode.ElideRight)
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self._icon)
        top.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(top)
        below = QHBoxLayout()
        below.setSpacing(UNIT)
        below.addWidget(self._badge)
        below.addWidget(self.preview, 1)
        column.addLayout(below)

    def show_look(self, look: Look) -> None:
        """Show the event, or at the start of a session the session."""
        shades = theme.current()
        if look.look is None:
            self._icon.show_icon("session", shades.muted)
            self.title.show_text("Start of the session")
            self._badge.show_text("", shades.muted)
        else:
            self._show_event(look.look, shades)
        self.title.set_colour(shades.text)
        self.preview.show_text(_preview(look))
        self.preview.set_colour(shades.muted)

    def _show_event(self, look: EventLook, shades: theme.Theme) -> None:
        self._icon.show_icon(icon_name(look.event), colour(look.event, shades))
        self.title.show_text(words.title(look))
        origin = look.event.origin
        self._badge.show_text(
            "" if origin is Origin.RECORDED else origin.label,
            shades.warning,
        )


def _preview(look: Look) -> str:
    if look.look is None:
        return f"{count(look.session.events, 'event')} ahead"
    return look.look.event.text or "no text"


class EventTab(QScrollArea):
    """Heading and facts.

    Signals:
        activated(str, str): as FactsForm.
    """

    activated = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self.heading = Heading(self)
        self.facts = FactsForm("Facts about the event", self)
        self.facts.activated.connect(self.activated)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, 2 * UNIT)
        column.setSpacing(UNIT + UNIT // 2)
        column.addWidget(self.heading)
        column.addWidget(self.facts)
        column.addStretch(1)
        make_plain(self, page)

    def show_look(self, look: Look) -> None:
        """Show another event."""
        self._look = look
        self.heading.show_look(look)
        at_start = look.look is None
        self.facts.set_sections(session_sections(look) if at_start else words.event_sections(look))

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._look is not None:
            self.heading.show_look(self._look)


def make_plain(area: QScrollArea, page: QWidget) -> None:
    """A scroll area that is nothing but its page, as wide as there is room."""
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
    page.setBackgroundRole(QPalette.ColorRole.Base)
