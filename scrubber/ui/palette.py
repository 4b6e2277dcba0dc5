"""The command palette: type some letters of an action or a session, and press Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from scrubber.ui import theme
from scrubber.ui.palette_list import (
    Entry,
    EntryDelegate,
    PaletteModel,
    action_entries,
    session_entry,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.session import Session
    from scrubber.models.library import Library
    from scrubber.ui.actions import Actions

_WIDTH = 600
_MOST_ROWS = 10
_SESSION_LETTERS = 2
_SESSIONS = 20
_SEARCH_MS = 80
_RECENT = 8


class CommandPalette(QFrame):
    """A popup in the upper middle of its window; it closes when the focus goes elsewhere.

    Signals:
        session_activated(str): a session was chosen.
    """

    session_activated = Signal(str)

    def __init__(self, actions: Actions, library: Library, parent: QWidget) -> None:
        super().__init__(parent.window())
        self._actions, self._library = actions, library
        self._recent: list[str] = []
        self._sessions: list[Session] = []
        self._before: QWidget | None = None
        self.setObjectName("commandPalette")
        self.setAccessibleName("Command palette")
        self.edit = QLineEdit(self)
        self.model = PaletteModel(self)
        self.list = QListView(self)
        self.nothing = QLabel("Nothing fits", self)
        self._make_parts()
        self._lay_out()
        self._search = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._search.timeout.connect(self._find_sessions)
        self.edit.textChanged.connect(self._on_typed)
        self.list.clicked.connect(self._on_clicked)
        self.edit.installEventFilter(self)
        parent.window().installEventFilter(self)
        self.hide()

    def _make_parts(self) -> None:
        self.edit.setObjectName("paletteEdit")
        self.edit.setAccessibleName("Command or session")
        self.edit.setPlaceholderText("Type a command, or the name of a session")
        self.edit.setFrame(False)
        self.list.setAccessibleName("What fits")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.nothing.setEnabled(False)
        self.nothing.setContentsMargins(12, 4, 12, 8)
        self.nothing.hide()
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(False)
        self._line = QFrame(self)
        self._line.setObjectName("paletteLine")
        self._line.setFixedHeight(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 1, 4)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addWidget(self._line)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self._refresh_colours()

    def _refresh_colours(self) -> None:
        look = theme.current()
        sheet = (
            f"#commandPalette {{ background: {look.background.name()};"
            f" border: 1px solid {look.line.name()}; border-radius: 10px; }}"
            f"#paletteLine {{ background: {look.line.name()}; }}"
            f"#paletteEdit {{ background: transparent; border: none; padding: 4px 12px;"
            f" color: {look.text.name()}; font-size: {self.font().pointSizeF() * 1.2:.1f}pt; }}"
            "#commandPalette QScrollBar { width: 8px; background: transparent; }"
            f"#commandPalette QScrollBar::handle {{ background: {look.line.name()};"
            " border-radius: 3px; margin: 0 2px 0 0; min-height: 24px; }"
            "#commandPalette QScrollBar::add-line, #commandPalette QScrollBar::sub-line"
            " { height: 0; } #commandPalette QScrollBar::add-page,"
            " #commandPalette QScrollBar::sub-page { background: transparent; }"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    # Opening and closing

    def open_centered(self) -> None:
        """Open in the upper middle of the window, empty, ready to type."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._refresh_colours()
        self.edit.clear()
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close, and give the focus back."""
        if self.isHidden():
            return
        had_focus = self.edit.hasFocus()
        self._search.stop()
        self.hide()
        if had_focus and self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        window = self.window()
        width = min(_WIDTH, window.width() - 48)
        row = self.list.sizeHintForRow(0) if self.model.rowCount() else 0
        room = max(window.height() - window.height() // 8 - 120, row)
        rows = min(self.model.rowCount(), _MOST_ROWS, max(room // row, 1) if row else 0)
        self.list.setFixedHeight(rows * row)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self._column.activate()
        height = self._column.sizeHint().height()
        self.setGeometry((window.width() - width) // 2, window.height() // 8, width, height)

    # What is listed

    def recent(self) -> list[str]:
        """Actions used lately, the last one first; to be kept between two runs."""
        return list(self._recent)

    def set_recent(self, names: list[str]) -> None:
        """Take up what was kept."""
        self._recent = names[:_RECENT]

    def _on_typed(self) -> None:
        words = self.edit.text().strip()
        if len(words) < _SESSION_LETTERS:
            self._sessions = []
        self._search.start()
        self._fill()
        self._place()

    def _find_sessions(self) -> None:
        store, words = self._library.store, self.edit.text().strip()
        if store is None or len(words) < _SESSION_LETTERS or self.isHidden():
            return

        def done(found: list[Session]) -> None:
            if words == self.edit.text().strip() and self.isVisible():
                self._sessions = found
                self._fill(keep=True)
                self._place()

        self._library.tasks.run("palette", lambda: store.page(words, "updated", 0, _SESSIONS), done)

    def _fill(self, keep: bool = False) -> None:
        """List what fits; ``keep``: what was chosen stays chosen, if it is still there."""
        words = self.edit.text().strip()
        before = self.model.entry(self.list.currentIndex().row()) if keep else None
        entries = action_entries(self._actions, words, self._recent)
        entries += [session_entry(one, words) for one in self._sessions]
        self.model.set_entries(entries)
        targets = [entry.target for entry in entries]
        row = targets.index(before.target) if before and before.target in targets else 0
        self.list.setCurrentIndex(self.model.index(row, 0))

    # Choosing

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(self.model.entry(index.row()))

    def _choose(self, entry: Entry | None) -> None:
        if entry is None:
            return
        self.dismiss()
        if entry.is_session:
            self.session_activated.emit(entry.target)
            return
        self._recent = [entry.target, *(n for n in self._recent if n != entry.target)][:_RECENT]
        self._actions[entry.target].trigger()

    def _step(self, by: int) -> None:
        count = self.model.rowCount()
        if count:
            row = (self.list.currentIndex().row() + by) % count
            self.list.setCurrentIndex(self.model.index(row, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and focus of the line edit, size of the window."""
        if watched is not self.edit:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        kind = event.type()
        # A popup is the line edit's own menu.
        popup = Qt.FocusReason.PopupFocusReason
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() is not popup:
            self.dismiss()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(
            event, QKeyEvent
        ):
            return self._on_key(event, press=kind == QEvent.Type.KeyPress)
        return False

    def _on_key(self, event: QKeyEvent, press: bool) -> bool:
        """The keys of the list; claimed first, so that no shortcut of the window takes them."""
        works: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_PageUp: lambda: self._jump(-_MOST_ROWS),
            Qt.Key.Key_PageDown: lambda: self._jump(_MOST_ROWS),
            Qt.Key.Key_Escape: self.dismiss,
            Qt.Key.Key_Return: self._choose_current,
            Qt.Key.Key_Enter: self._choose_current,
        }
        if (work := works.get(event.key())) is None:
            return False
        if press:
            work()
        event.accept()
        return True

    def _choose_current(self) -> None:
        self._choose(self.model.entry(self.list.currentIndex().row()))

    def _jump(self, by: int) -> None:
        row = min(max(self.list.currentIndex().row() + by, 0), self.model.rowCount() - 1)
        self.list.setCurrentIndex(self.model.index(row, 0))

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_line"):
            self._refresh_colours()
