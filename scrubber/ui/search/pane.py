"""The search pane: a box to type in, what was found below it, and its help."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.events import one_line
from scrubber.core.query import QueryError
from scrubber.core.visible import visible
from scrubber.models.hit_list import HitList
from scrubber.ui import theme
from scrubber.ui.search.delegate import HitDelegate
from scrubber.ui.search.help import QueryHelp

if TYPE_CHECKING:
    from scrubber.models.event_search import EventSearch
    from scrubber.models.index_keeper import IndexKeeper
    from scrubber.transfer.searching import Hit

_TYPE_MS = 120
_LONGEST_FAULT = 220
_MOST_BRANCHES = 30


class SearchPane(QWidget):
    """Finds events in all sessions as one types.

    Signals:
        hit_activated(object): go to the event of this Hit.
        dismissed(): the pane was closed.
    """

    hit_activated = Signal(object)
    dismissed = Signal()

    def __init__(
        self, search: EventSearch, keeper: IndexKeeper, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("searchPane")
        self.setAccessibleName("Search all sessions")
        self.setMinimumWidth(300)
        self._search = search
        self.hits = HitList(self)
        self.edit = QLineEdit(self)
        self.close_button = QToolButton(self)
        self.said = QLabel(self)
        self.indexing = QLabel(self)
        self.list = QListView(self)
        self.body = QStackedWidget(self)
        self._menu = QMenu(self)
        self._delay = QTimer(self, singleShot=True, interval=_TYPE_MS)
        self._set_up()
        self._lay_out()
        self._connect(keeper)
        self.refresh_icons()

    def _set_up(self) -> None:
        self.edit.setPlaceholderText("Search all sessions")
        self.edit.setAccessibleName("Search all sessions")
        self.edit.setClearButtonEnabled(True)
        self.edit.installEventFilter(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip("Close (Esc)")
        self.close_button.setAccessibleName("Close")
        for label in (self.said, self.indexing):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.indexing.hide()
        self.list.setModel(self.hits)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setAccessibleName("Hits")
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.installEventFilter(self)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 4)
        top.setSpacing(4)
        top.addWidget(self.edit)
        top.addWidget(self.close_button)
        words = QVBoxLayout()
        words.setContentsMargins(12, 0, 12, 6)
        words.setSpacing(2)
        words.addWidget(self.said)
        words.addWidget(self.indexing)
        self.body.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(words)
        column.addWidget(self.body, 1)

    def _connect(self, keeper: IndexKeeper) -> None:
        self.edit.textChanged.connect(self._on_typed)
        self._delay.timeout.connect(self._ask)
        self.close_button.clicked.connect(self.dismiss)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.customContextMenuRequested.connect(self._show_branches)
        self._search.started.connect(self._on_started)
        self._search.found.connect(self._on_found)
        self._search.ended.connect(self._tell)
        self._search.failed.connect(self._on_failed)
        keeper.moved.connect(self._on_indexed)

    @cached_property
    def help(self) -> QueryHelp:
        """What can be asked for, made when it is first seen."""
        made = QueryHelp(self)
        self.body.addWidget(made)
        return made

    # For actions

    def open(self, text: str | None = None) -> None:
        """Show the pane, ready to type; with a text, search for it."""
        self.show()
        if text is not None:
            self.edit.setText(text)
        elif not self._search.searching:
            self._ask()  # there may be more by now
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def dismiss(self) -> None:
        """Close it; the query and what it found are kept for the next time."""
        self.hide()
        self.dismissed.emit()

    def step(self, by: int) -> None:
        """Go to the next hit, or the one in front of it."""
        current = self.list.currentIndex()
        start = current.row() if current.isValid() else (-1 if by > 0 else self.hits.rowCount())
        row = self.hits.next_hit(start, by)
        if row is not None:
            self._choose(row)
            self._activate(row)

    # What happens

    def _on_typed(self, text: str) -> None:
        if text.strip():
            self._delay.start()
        else:
            self._ask()

    def _ask(self) -> None:
        self._delay.stop()
        self._search.search(self.edit.text())

    def _on_started(self) -> None:
        self.hits.clear()
        self.body.setCurrentWidget(self.list if self.edit.text().strip() else self.help)
        self._tell()

    def _on_found(self, hits: list[Hit]) -> None:
        self.hits.add(hits)
        self._tell()

    def _on_failed(self, error: Exception) -> None:
        text = self._search.text
        if isinstance(error, QueryError):
            at = visible(text[error.start : error.stop])
            self._say(one_line(f"{at}  ←  {error.reason}", _LONGEST_FAULT), theme.current().warning)
        else:
            self._say(one_line(str(error), _LONGEST_FAULT), theme.current().error)

    def _tell(self) -> None:
        """How much was found so far."""
        search, look = self._search, theme.current()
        if not search.text.strip():
            self._say("", look.muted)
        elif not self.hits.hits:
            words = "searching…" if search.searching else "nothing found"
            self._say(words, look.muted if search.searching else look.warning)
        else:
            words = count(self.hits.hits, "hit") + f" in {count(self.hits.sessions, 'session')}"
            tail = "…" if search.searching else ", and more; ask more narrowly"
            self._say(words + (tail if search.searching or search.is_cut else ""), look.muted)

    def _say(self, text: str, ink: QColor) -> None:
        palette = self.said.palette()
        palette.setColor(self.said.foregroundRole(), ink)
        self.said.setPalette(palette)
        self.said.setText(text)

    def _on_indexed(self, done: int, total: int) -> None:
        """Say how far the index is, while it is behind: until then searching takes longer."""
        self.indexing.setVisible(done < total)
        self.indexing.setText(f"being indexed: {done * 100 // max(total, 1)} %")

    def _on_chosen(self, index: QModelIndex) -> None:
        self._activate(index.row())

    def _activate(self, number: int) -> None:
        row = self.hits.row(number)
        if row is not None and row.hit is not None:
            self.hit_activated.emit(row.hit)
        elif row is not None and row.more:
            self.edit.setText(f"{self.edit.text()} session:{row.group.session[:12]}")

    def _show_branches(self, at: QPoint) -> None:
        """Offer the event in each of the branches that have it."""
        row = self.hits.row(self.list.indexAt(at).row())
        if row is not None and row.hit is not None:
            self._fill_menu(row.hit)
            self._menu.popup(self.list.viewport().mapToGlobal(at))

    def _fill_menu(self, found: Hit) -> None:
        self._menu.clear()
        for number, branch in enumerate(found.branches[:_MOST_BRANCHES]):
            title = one_line(visible(branch.title or "untitled"), 60).replace("&", "&&")
            hit = replace(
                found,
                event=replace(found.event, index=branch.index),
                branches=(branch, *(b for b in found.branches if b is not branch)),
            )
            words = (
                f"Go to it in “{title}”" if number else f"Go to it in “{title}”, where it was said"
            )
            action = self._menu.addAction(words)
            action.triggered.connect(lambda _on=False, hit=hit: self.hit_activated.emit(hit))

    def _choose(self, row: int) -> None:
        index = self.hits.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑ ↓ Enter and Esc work in the box and in the list alike, before any shortcut."""
        press = event.type() == QEvent.Type.KeyPress
        if not (press or event.type() == QEvent.Type.ShortcutOverride):
            return False
        if not isinstance(event, QKeyEvent) or not self._is_ours(event):
            return False
        if press:
            self._on_key(Qt.Key(event.key()))
        event.accept()
        return True

    def _is_ours(self, event: QKeyEvent) -> bool:
        return event.key() in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier

    def _on_key(self, key: Qt.Key) -> None:
        current = self.list.currentIndex().row()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._delay.isActive():
                self._ask()
            elif self.list.currentIndex().isValid():
                self._activate(current)
            else:
                self.step(1)
        else:
            by = 1 if key == Qt.Key.Key_Down else -1
            row = current + by
            while (found := self.hits.row(row)) is not None and not (found.hit or found.more):
                row += by
            if found is not None:
                self._choose(row)

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        self.close_button.setIcon(theme.icon("close"))
        self._tell()


_KEYS = {
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
}
