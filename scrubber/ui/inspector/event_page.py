"""The event in front of the playhead: its facts, its record, or its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.events import Origin
from scrubber.ui import theme
from scrubber.ui.inspector import reading, words
from scrubber.ui.inspector.bytes_view import BytesView
from scrubber.ui.inspector.facts import FactsForm
from scrubber.ui.inspector.labels import MARGIN, UNIT, Badge, IconLabel, Value, strong
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.record_view import RecordView
from scrubber.ui.inspector.session_words import session_sections
from scrubber.ui.inspector.switch import Switch
from scrubber.ui.transcript.labels import colour, icon_name

if TYPE_CHECKING:
    from scrubber.models.library import Library
    from scrubber.ui.inspector.page import Reader
    from scrubber.ui.inspector.reading import EventLook, Look, Parsed

FACTS, RECORD, BYTES = range(3)
"""What the switch chooses from."""


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


class EventPage(Page):
    """Heading, a switch, and what the switch has chosen."""

    name, icon = "Event", "info"

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.look: Look | None = None
        """What is shown."""
        self.heading = Heading(self)
        self.switch = Switch("View of the event", ("Facts", "Record", "Bytes"), self)
        self.facts = FactsForm("Facts about the event", self)
        self.record, self.bytes = RecordView(self), BytesView(self)
        self._lay_out()
        self.facts.activated.connect(self._on_activated)
        self.switch.changed.connect(self._on_switched)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, UNIT)
        top.setSpacing(UNIT + UNIT // 2)
        top.addWidget(self.heading)
        top.addWidget(self.switch)
        area, page = QScrollArea(self), QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, UNIT // 2, MARGIN, 2 * UNIT)
        column.addWidget(self.facts)
        column.addStretch(1)
        make_plain(area, page)
        self._views = QStackedWidget(self)
        for view in (area, self.record, self.bytes):
            self._views.addWidget(view)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self._views, 1)

    def reader(self) -> Reader:
        """The event, and its record as a tree where that is what is seen."""
        return reading.read_parsed if self.switch.current == RECORD else reading.read_unparsed

    def show_found(self, found: tuple[Look, Parsed | None]) -> None:
        """Show another event."""
        self.look, parsed = found
        self._views.setCurrentIndex(self.switch.current)
        self.heading.show_look(self.look)
        (self._show_facts, self._show_record, self._show_bytes)[self.switch.current](
            self.look, parsed
        )

    def _show_facts(self, look: Look, _parsed: Parsed | None) -> None:
        at_start = look.look is None
        self.facts.set_sections(session_sections(look) if at_start else words.event_sections(look))

    def _show_record(self, look: Look, parsed: Parsed | None) -> None:
        self.record.show_parsed(parsed, look.look.raw if look.look else b"")

    def _show_bytes(self, look: Look, _parsed: Parsed | None) -> None:
        event = look.look
        self.bytes.show_bytes(event.raw if event else b"", event.place.offset if event else 0)

    def _on_switched(self) -> None:
        self.stale.emit()

    def _on_activated(self, action: str, target: str) -> None:
        signal = self.reveal_wanted if action == words.REVEAL else self.session_wanted
        signal.emit(target)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.look is not None:
            self.heading.show_look(self.look)


def make_plain(area: QScrollArea, page: QWidget) -> None:
    """A scroll area that is nothing but its page, as wide as there is room."""
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
    page.setBackgroundRole(QPalette.ColorRole.Base)
