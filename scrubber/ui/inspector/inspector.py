"""The right pane: a page about what stands in front of the playhead, one of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.pages import PAGES
from scrubber.ui.inspector.tabs import TabStrip

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library

_EVERY_MS = 50
_P = TypeVar("_P", bound=Page)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a page is asked to show; another ``turn`` asks for the same place anew."""

    session: str
    index: int
    turn: int


class Inspector(QWidget):
    """Tabs about what stands in front of the playhead; ``pages.py`` says which there are.

    The page that is seen reads on the store's thread. One request of it is under way at a time, and
    what is seen stays until the next is there: while one scrubs, nothing flickers and nothing waits
    in line.

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
        self._turn = 0
        self._reading: set[Page] = set()
        self._shown: dict[Page, _Place] = {}
        self._made: dict[type[Page], Page] = {}
        self.tabs = TabStrip(tuple((kind.name, kind.icon) for kind in PAGES), self)
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._connect()
        self._show_current()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._stack = QStackedWidget(self)
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
        self.tabs.currentChanged.connect(self._on_tab)
        self._cursor.session_changed.connect(self._on_session)
        self._cursor.index_changed.connect(self._on_moved)
        self._library.changed.connect(self.refresh)
        self._library.opened.connect(self.refresh)

    def sizeHint(self) -> QSize:
        """Some 320 pixels wide."""
        return QSize(40 * UNIT, 80 * UNIT)

    def minimumSizeHint(self) -> QSize:
        """Less than some pages would like: no page may press the timeline out of a small window."""
        return QSize(self.minimumWidth(), 24 * UNIT)

    @property
    def current(self) -> Page:
        """The page that is chosen."""
        return self.page(PAGES[self.tabs.currentIndex()])

    def page(self, kind: type[_P]) -> _P:
        """The page of this kind, made when it is first asked for."""
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return cast("_P", self._made[kind])

    def _make(self, kind: type[Page]) -> Page:
        page = kind(self._library, self)
        page.stale.connect(self.refresh)
        page.index_wanted.connect(self._cursor.set_index)
        page.session_wanted.connect(self.session_activated)
        page.reveal_wanted.connect(self.reveal_requested)
        self._stack.addWidget(page)
        return page

    def show_page(self, kind: type[Page]) -> None:
        """Choose the page of this kind."""
        self.tabs.setCurrentIndex(PAGES.index(kind))

    def show_named(self, name: str) -> None:
        """Choose the page with this word on its tab; nothing happens where there is none."""
        names = [kind.name for kind in PAGES]
        if name in names:
            self.tabs.setCurrentIndex(names.index(name))

    @property
    def is_settled(self) -> bool:
        """Whether what is seen is what stands in front of the playhead."""
        return not self._cursor.session or self._shown.get(self.current) == self._place()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Catch up with what went on while nobody looked."""
        super().showEvent(event)
        self._on_moved()

    def flush(self) -> None:
        """Save what is still being written; for closing the window."""
        for page in self._made.values():
            page.flush()

    def refresh(self) -> None:
        """Read anew what is in front of the playhead, soon."""
        self._turn += 1
        self._on_moved()

    def _on_moved(self) -> None:
        if not self._pause.isActive():
            self._read_if_stale()

    def _place(self) -> _Place:
        return _Place(self._cursor.session, self._cursor.index, self._turn)

    def _read_if_stale(self) -> None:
        store, place = self._library.store, self._place()
        if store is None or self.is_settled or not self.isVisible():
            return
        page = self.current
        if page in self._reading:
            return
        self._reading.add(page)
        self._pause.start()
        read = page.reader()
        tasks = self._library.looks if page.is_slow else self._library.tasks
        tasks.run(
            f"inspect {page.name}",
            lambda: read(store, place.session, place.index),
            lambda found: self._on_read(page, place, found),
            lambda error: self._on_failed(page, place, error),
        )

    def _on_read(self, page: Page, place: _Place, found: Any) -> None:
        if place.session == self._cursor.session:
            page.show_found(found)
        self._on_done(page, place)

    def _on_failed(self, page: Page, place: _Place, error: Exception) -> None:
        # A session that was deleted meanwhile is no news; the window closes it.
        if not isinstance(error, LookupError):
            self._library.tasks.failed.emit(str(error))
        self._on_done(page, place)

    def _on_done(self, page: Page, place: _Place) -> None:
        self._reading.discard(page)
        self._shown[page] = place
        self._show_current()
        self._on_moved()

    def _on_session(self, session: str) -> None:
        self.flush()
        if not session:
            self._shown.clear()
        self._show_current()
        self._on_moved()

    def _on_tab(self) -> None:
        self._show_current()
        self._read_if_stale()

    def _show_current(self) -> None:
        """Show the chosen page once it has something to show; a blank until then."""
        session = self._cursor.session
        self._empty.setText("" if session else "No session is open")
        is_filled = bool(session) and self.current in self._shown
        self._stack.setCurrentWidget(self.current if is_filled else self._empty)
