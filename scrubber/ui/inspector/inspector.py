"""The right pane: the event in front of the playhead, its record, its bytes, its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from scrubber.ui.inspector import reading, words
from scrubber.ui.inspector.bytes_tab import BytesTab
from scrubber.ui.inspector.event_tab import EventTab
from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator
from scrubber.ui.inspector.record_tab import RecordTab
from scrubber.ui.inspector.session_tab import SessionTab
from scrubber.ui.inspector.tabs import TabStrip

if TYPE_CHECKING:
    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library
    from scrubber.ui.inspector.reading import Look, Parsed

TABS = ("Event", "Record", "Bytes", "Session")
EVENT, RECORD, BYTES, SESSION = range(4)

_EVERY_MS = 50


class Inspector(QWidget):
    """Four tabs about what stands in front of the playhead.

    All is read on the store's thread. One request is under way at a time, and what is seen stays
    until the next is there: while one scrubs, nothing flickers and nothing waits in line.

    Signals:
        reveal_requested(str): show this file in the system's file manager.
        session_activated(str): open this session.
    """

    reveal_requested = Signal(str)
    session_activated = Signal(str)

    def __init__(self, library: Library, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self._library, self._cursor = library, cursor
        self._look: Look | None = None
        self._reading = self._stale = False
        self._shown: dict[int, object] = {}
        self.tabs = TabStrip(TABS, self)
        self.event_tab, self.record_tab = EventTab(self), RecordTab(self)
        self.bytes_tab, self.session_tab = BytesTab(self), SessionTab(self)
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._connect()
        self._on_session("")

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._stack = QStackedWidget(self)
        for page in (self.event_tab, self.record_tab, self.bytes_tab, self.session_tab):
            self._stack.addWidget(page)
        self._empty = QLabel("No session is open", self)
        self._empty.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, 2 * UNIT)
        self._empty.setEnabled(False)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QHBoxLayout()
        strip.setContentsMargins(MARGIN - UNIT, 0, 0, 0)
        strip.addWidget(self.tabs)
        column.addLayout(strip)
        column.addWidget(Separator(self))
        column.addWidget(self._stack, 1)
        self.setMinimumWidth(208)

    def _connect(self) -> None:
        self._pause.timeout.connect(self._read_if_stale)
        self.tabs.currentChanged.connect(self._show_current)
        self.event_tab.activated.connect(self._on_activated)
        self.session_tab.activated.connect(self._on_activated)
        self.session_tab.note.written.connect(self._on_note)
        self._cursor.session_changed.connect(self._on_session)
        self._cursor.index_changed.connect(self.refresh)
        self._library.changed.connect(self.refresh)
        self._library.opened.connect(self.refresh)

    def sizeHint(self) -> QSize:
        """Some 320 pixels wide."""
        return QSize(40 * UNIT, 80 * UNIT)

    @property
    def look(self) -> Look | None:
        """What is shown."""
        return self._look

    def flush(self) -> None:
        """Save a note that is still being written; for closing the window."""
        self.session_tab.note.flush()

    def refresh(self) -> None:
        """Read anew what is in front of the playhead, soon."""
        self._stale = True
        if not self._pause.isActive():
            self._read_if_stale()

    def _read_if_stale(self) -> None:
        store, session, index = self._library.store, self._cursor.session, self._cursor.index
        if not self._stale or self._reading or store is None or not session:
            return
        self._stale, self._reading = False, True
        self._pause.start()
        self._library.tasks.run(
            "inspect", lambda: reading.read(store, session, index), self._on_read, self._on_failed
        )

    def _on_read(self, look: Look) -> None:
        self._reading = False
        if look.session.id == self._cursor.session:
            self._look = look
            self._show_current()
        self._read_again()

    def _on_failed(self, error: Exception) -> None:
        self._reading = False
        # A session that was deleted meanwhile is no news; the window closes it.
        if not isinstance(error, LookupError):
            self._library.tasks.failed.emit(str(error))
        self._read_again()

    def _read_again(self) -> None:
        if self._stale and not self._pause.isActive():
            self._read_if_stale()

    def _on_session(self, session: str) -> None:
        self.flush()
        if not session:
            self._look = None
            self._show_current()
        self.refresh()

    def _show_current(self) -> None:
        """Fill the tab that is seen, if what it shows is of yesterday."""
        tab = self.tabs.currentIndex()
        self._stack.setCurrentIndex(tab if self._look is not None else len(TABS))
        if self._look is None or self._shown.get(tab) is self._look:
            return
        self._shown[tab] = self._look
        (self._show_event, self._show_record, self._show_bytes, self._show_session)[tab](self._look)

    def _show_event(self, look: Look) -> None:
        self.event_tab.show_look(look)

    def _show_session(self, look: Look) -> None:
        self.session_tab.show_look(look)

    def _show_bytes(self, look: Look) -> None:
        event = look.look
        self.bytes_tab.show_bytes(event.raw if event else b"", event.place.offset if event else 0)

    def _show_record(self, look: Look) -> None:
        event = look.look
        if event is None:
            self.record_tab.show_parsed(None, b"")
            return
        raw = event.raw

        def done(parsed: Parsed) -> None:
            if self._look is look:
                self.record_tab.show_parsed(parsed, raw)

        self._library.tasks.run("inspect-record", lambda: reading.parse(raw), done)

    def _on_activated(self, action: str, target: str) -> None:
        if action == words.REVEAL:
            self.reveal_requested.emit(target)
        elif action == words.SESSION:
            self.session_activated.emit(target)

    def _on_note(self, session: str, note: str) -> None:
        store = self._library.store
        if store is not None:
            self._library.do(lambda: store.set_note(session, note))
