"""The left pane: a filter box, an order, and the tree of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.ui import theme
from scrubber.ui.tree.view import SessionView

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.models.session_tree import SessionTree

_OPENED = 50
"""Sessions of a filtered tree that are opened at once."""
_FILTER_MS = 150

_ORDERS = {
    "updated": "Last changed",
    "title": "Title",
    "events": "Most events",
    "tokens": "Most tokens",
    "errors": "Most errors",
}


class TreePane(QWidget):
    """Filter, order and tree.

    Signals:
        session_chosen(str): the user has chosen a session.
        menu_wanted(QPoint): its context menu shall open.
        selection_changed(): others are selected.
    """

    session_chosen = Signal(str)
    menu_wanted = Signal(QPoint)
    selection_changed = Signal()

    def __init__(self, model: SessionTree, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.view = SessionView(model, self)
        self.filter = QLineEdit(self)
        self._delay = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self._wanted = self._opens = ""
        self._make_filter()
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.view.selectionModel().selectionChanged.connect(
            lambda _chosen, _left: self.selection_changed.emit()
        )
        self.view.clicked.connect(self._on_clicked)
        self.filter.returnPressed.connect(self._leave_filter)
        bar = self.view.verticalScrollBar()
        bar.valueChanged.connect(lambda _value: self._read_ahead())
        bar.rangeChanged.connect(lambda _low, _high: self._read_ahead())
        model.found.connect(self._on_found)
        model.dataChanged.connect(lambda *_args: self._open_if_known())
        model.filled.connect(self._on_filled)
        model.rowsInserted.connect(self._on_inserted)

    def _make_filter(self) -> None:
        self.filter.setObjectName("sessionFilter")
        self.filter.setAccessibleName("Filter sessions")
        self.filter.setPlaceholderText("Filter sessions")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda _text: self._delay.start())
        self._delay.timeout.connect(lambda: self.model.set_filter(self.filter.text()))
        self._sort = QToolButton(self)
        self._sort.setAutoRaise(True)
        self._sort.setToolTip("Sort sessions")
        self._sort.setAccessibleName("Sort sessions")
        self._sort.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._sort)
        self._orders = QActionGroup(menu)
        for key, text in _ORDERS.items():
            action = menu.addAction(text)
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key == self.model.order)
            self._orders.addAction(action)
        self._orders.triggered.connect(self._on_order)
        self._sort.setMenu(menu)
        self._sort.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.refresh_icons()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 6)
        top.setSpacing(4)
        top.addWidget(self.filter)
        top.addWidget(self._sort)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.view)

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        self._sort.setIcon(theme.icon("sort"))

    @property
    def wanted(self) -> str:
        """Id of the session that was chosen last, here or elsewhere; it may not be open yet."""
        return self._wanted

    def chosen(self) -> Session | None:
        """The session that is selected."""
        return self.model.session_at(self.view.currentIndex())

    def selected(self) -> list[Session]:
        """The sessions that are selected, from top to bottom."""
        rows = self.view.selectedIndexes()
        if len(rows) > 1:  # where a row stands is known only when all are laid out
            rows.sort(key=lambda index: self.view.visualRect(index).y())
        found = (self.model.session_at(index) for index in rows)
        return [session for session in found if session is not None]

    def show_session(self, session: str) -> None:
        """Select a session, wherever in the tree it is."""
        self._wanted = self.model.kept = session
        self.model.reveal(session)

    def open_branch(self, session: str) -> None:
        """Show what hangs below a session, as soon as the tree knows of it."""
        self._opens = session
        self._open_if_known()

    def _open_if_known(self) -> None:
        index = self.model.index_of(self._opens) if self._opens else QModelIndex()
        if index.isValid() and self.model.hasChildren(index):
            self._opens = ""
            if self.model.canFetchMore(index):  # a view that is still to be laid out forgets to ask
                self.model.fetchMore(index)
            self.view.expand(index)

    def choose_none(self) -> None:
        """Select nothing, and forget what was selected."""
        self._wanted = self.model.kept = ""
        self.view.select_only(QModelIndex())

    def step(self, by: int) -> None:
        """Choose the next or previous visible row."""
        index = self.view.currentIndex()
        if not index.isValid():
            target = self.model.index(0, 0)
        else:
            target = self.view.indexBelow(index) if by > 0 else self.view.indexAbove(index)
        if target.isValid():
            self.view.select_only(target)

    def _leave_filter(self) -> None:
        """Give the keys back to the window, with a session chosen if there is one."""
        if not self.view.currentIndex().isValid():
            self.step(1)
        self.filter.clearFocus()

    def _read_ahead(self) -> None:
        """Have more sessions read before the end of what is there comes into sight."""
        bar = self.view.verticalScrollBar()
        if bar.value() + 2 * bar.pageStep() >= bar.maximum():
            self.model.read_more()

    def _on_order(self, action: QAction) -> None:
        self.model.set_order(action.data())

    def _on_clicked(self, index: QModelIndex) -> None:
        """A plain click opens, also what had become the current row by adding to a selection."""
        self.filter.clearFocus()
        if not self.view.extends and len(self.view.selectedIndexes()) == 1:
            self._on_current(index, index)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        session = self.model.session_at(current)
        if session is not None and not self.view.extends:
            self._wanted = self.model.kept = session.id
            self.session_chosen.emit(session.id)

    def _on_found(self, session: str) -> None:
        index = self.model.index_of(session)
        if session != self._wanted or not index.isValid():
            return
        above = index.parent()
        while above.isValid():
            self.view.expand(above)
            above = above.parent()
        self.view.select_only(index)
        self.view.expand(index)
        self.view.scrollTo(index)

    def _on_inserted(self, above: QModelIndex, first: int, last: int) -> None:
        """What a filter leaves is shown open: it would be no use folded away."""
        if self.model.is_filtered:
            self.view.expand(above)
            for row in range(first, last + 1):
                self._open(self.model.index(row, 0, above))

    def _open(self, index: QModelIndex) -> None:
        if self.model.hasChildren(index):
            if self.model.canFetchMore(index):
                self.model.fetchMore(index)
            self.view.expand(index)

    def _on_filled(self) -> None:
        if self.model.is_filtered:
            for row in range(min(self.model.rowCount(), _OPENED)):
                self._open(self.model.index(row, 0))
        if self._wanted and not self.filter.text():
            self.model.reveal(self._wanted)
