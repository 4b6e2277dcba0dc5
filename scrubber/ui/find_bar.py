"""A slim bar to find words in the open session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from scrubber.models.finder import Finder
from scrubber.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library

_TYPE_MS = 120
_UNIT = 8
_NARROW = 300


class FindBar(QWidget):
    """Line edit, "3 of 17", next and previous, case, close.

    Signals:
        highlight_changed(str): the transcript shall mark this text; "" marks nothing.
        match_activated(int): go to this event (its position, not the index behind it).
        dismissed(): the bar was closed by the user; the focus may go back to where it was.
    """

    highlight_changed = Signal(str)
    match_activated = Signal(int)
    dismissed = Signal()

    def __init__(self, library: Library, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setAccessibleName("Find in session")
        self._cursor = cursor
        self._before: QWidget | None = None
        self._jump = 0
        self.finder = Finder(library, cursor, self)
        self.edit = QLineEdit(self)
        self.count = QLabel(self)
        self.case = self._button("Aa", "Tell upper from lower case")
        self.back = self._button("", "Previous match (Shift+Enter)")
        self.on = self._button("", "Next match (Enter)")
        self.close_button = self._button("", "Close (Esc)")
        self._delay = QTimer(self, singleShot=True, interval=_TYPE_MS)
        self._lay_out()
        self._connect()
        self.refresh_icons()
        self._tell()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        return button

    def _lay_out(self) -> None:
        self.case.setCheckable(True)
        self.edit.setPlaceholderText("Find in session")
        self.edit.setAccessibleName("Find in session")
        self.edit.setClearButtonEnabled(True)
        self.edit.setMinimumWidth(5 * _UNIT)
        self.edit.setMaximumWidth(48 * _UNIT)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(_UNIT, _UNIT // 2, _UNIT, _UNIT // 2 + 1)
        row.setSpacing(_UNIT // 2)
        row.addWidget(self.edit, 1)
        row.addWidget(self.case)
        row.addWidget(self.back)
        row.addWidget(self.on)
        row.addSpacing(_UNIT // 2)
        row.addWidget(self.count)
        row.addStretch(0)
        row.addWidget(self.close_button)

    def _connect(self) -> None:
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._on_typed)
        self._delay.timeout.connect(self._search)
        self.case.toggled.connect(self._search)
        self.back.clicked.connect(self.previous)
        self.on.clicked.connect(self.next)
        self.close_button.clicked.connect(self.dismiss)
        self.finder.changed.connect(self._on_found)
        self._cursor.index_changed.connect(self._tell)

    # For actions

    def open(self) -> None:
        """Show the bar, ready to type."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def next(self) -> None:
        """Go to the next match behind the playhead, round the end if need be."""
        self._go(1)

    def previous(self) -> None:
        """Go to the match in front of the one at the playhead."""
        self._go(-1)

    def dismiss(self) -> None:
        """Close the bar and forget the matches; the text is kept for the next time."""
        had_focus = self.edit.hasFocus()
        self.hide()
        if had_focus and self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.dismissed.emit()

    def set_hidden(self, hidden: bool) -> None:
        """Whether hidden events are searched too, as they should be while they are shown."""
        self.finder.set_hidden(hidden)

    # What happens

    def _on_typed(self, text: str) -> None:
        self._jump = 0
        if text:
            self._delay.start()
        else:
            self._search()

    def _search(self) -> None:
        self._delay.stop()
        self.finder.search(self.edit.text(), any_case=not self.case.isChecked())
        self.highlight_changed.emit(self.edit.text())

    def _go(self, by: int) -> None:
        """Go on at once, or as soon as there is a match."""
        if not self.isVisible():
            self.open()
        if self._delay.isActive() or self.edit.text() != self.finder.text:
            self._search()
        here = self._cursor.index - 1
        found = self.finder.next_after(here) if by > 0 else self.finder.last_before(here)
        self._jump = 0 if found is not None or not self.finder.searching else by
        if found is not None:
            self.match_activated.emit(found)
            self._tell()

    def _on_found(self) -> None:
        self._tell()
        if self._jump and self.finder.matches:
            self._go(self._jump)

    def _tell(self) -> None:
        """ "3 of 17", and colour where nothing was found."""
        finder, look = self.finder, theme.current()
        found = len(finder.matches)
        self.back.setEnabled(bool(found))
        self.on.setEnabled(bool(found))
        self.count.setText(count_words(finder.text, found, self._rank(), finder.searching))
        nothing = bool(finder.text) and not found and not finder.searching
        palette = self.count.palette()
        palette.setColor(self.count.foregroundRole(), look.warning if nothing else look.muted)
        self.count.setPalette(palette)

    def _rank(self) -> int | None:
        return self.finder.rank_of(self._cursor.index - 1)

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        self.back.setIcon(theme.icon("step-back"))
        self.on.setIcon(theme.icon("step-forward"))
        self.close_button.setIcon(theme.icon("close"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Shift+Enter and Esc in the line edit, before any shortcut of the window."""
        press = event.type() == QEvent.Type.KeyPress
        if not (press or event.type() == QEvent.Type.ShortcutOverride):
            return False
        if not isinstance(event, QKeyEvent):
            return False
        work = self._work_of(event)
        if work is None:
            return False
        if press:
            work()
        event.accept()
        return True

    def _work_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            return self.previous if shift else self.next
        return self.dismiss if event.key() == Qt.Key.Key_Escape else None

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Where there is little room, the case button goes first."""
        super().resizeEvent(event)
        self.case.setVisible(self.width() >= _NARROW)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Take the search up again."""
        super().showEvent(event)
        if self.edit.text():
            self._search()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Search no more."""
        super().hideEvent(event)
        self._delay.stop()
        self.finder.stop()
        self.highlight_changed.emit("")

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A line below the bar."""
        look = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_delay"):
            self.refresh_icons()
            self._tell()


def count_words(text: str, found: int, rank: int | None, searching: bool) -> str:
    """What the bar says of the matches."""
    if not text:
        return ""
    more = "…" if searching else ""
    if rank is not None:
        return f"{rank:,} of {found:,}{more}"
    if found:
        return f"{found:,} {'event' if found == 1 else 'events'}{more}"
    return "searching…" if searching else "not found"
