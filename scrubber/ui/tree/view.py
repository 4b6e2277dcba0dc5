"""The tree of sessions as a view: what is selected, which keys are its own, what stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from scrubber.ui.tree.delegate import SessionDelegate

if TYPE_CHECKING:
    from scrubber.models.session_tree import SessionTree

_EXTENDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

_OWN_KEYS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
}


class SessionView(QTreeView):
    """The tree itself. With the keyboard's focus its arrows are its own, else the timeline's.

    Signals:
        menu_wanted(QPoint): the context menu shall open there (global position).
    """

    menu_wanted = Signal(QPoint)

    def __init__(self, model: SessionTree, parent: QWidget) -> None:
        super().__init__(parent)
        self.extends = False
        """Whether the key or click that is being handled adds to the selection."""
        self.setObjectName("sessionTree")
        self.setAccessibleName("Sessions")
        self._kept = QPersistentModelIndex()
        """The current row, if it was in sight before rows came or went."""
        self._keeping = QTimer(self, singleShot=True, interval=0)
        self._keeping.timeout.connect(self._keep_in_sight)
        # Before the view hears of it: what is to be removed has no place in it any more.
        for about in (
            model.rowsAboutToBeInserted,
            model.rowsAboutToBeMoved,
            model.rowsAboutToBeRemoved,
        ):
            about.connect(lambda *_rows: self._note_in_sight())
        self.setModel(model)
        self.setItemDelegate(SessionDelegate(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setIndentation(14)
        self.setExpandsOnDoubleClick(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A click must not take the arrow keys away from the timeline; Tab may.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _note_in_sight(self) -> None:
        """Look whether the current row is seen: once, while rows are still laid out as before."""
        if self._keeping.isActive():
            return
        self._keeping.start()
        place = self.visualRect(self.currentIndex())
        seen = place.isValid() and self.viewport().rect().intersects(place)
        self._kept = QPersistentModelIndex(self.currentIndex() if seen else QModelIndex())

    def _keep_in_sight(self) -> None:
        current = self.currentIndex()
        if current.isValid() and self._kept == current:
            self.scrollTo(current)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys for the tree while it has the focus."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def select_only(self, index: QModelIndex) -> None:
        """Make one row the current one, and the only one selected, whatever keys are held."""
        if not index.isValid():
            self.clearSelection()
            self.setCurrentIndex(index)
            return
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open, select, or add to the selection; the right button leaves a selection alone."""
        if event.button() is Qt.MouseButton.RightButton:
            event.accept()
            return
        self.extends = bool(event.modifiers() & _EXTENDING)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.extends = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, or with Shift and Ctrl select more."""
        self.extends = bool(event.modifiers() & _EXTENDING)
        super().keyPressEvent(event)
        self.extends = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select what is under the mouse, unless it is among several; then ask for the menu."""
        index = self.indexAt(event.pos())
        if index.isValid():
            if not self.selectionModel().isSelected(index):
                self.select_only(index)
            self.menu_wanted.emit(event.globalPos())
