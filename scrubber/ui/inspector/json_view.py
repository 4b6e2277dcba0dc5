"""The view of a JSON tree: quiet keys, coloured values, copy by menu and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from scrubber.core.track import Lane
from scrubber.models.json_tree import JsonRole, JsonTree, dump
from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QResizeEvent

Index = QModelIndex | QPersistentModelIndex

_OPENED = 24
"""Lists and objects of the first level with at most so many rows are opened at once."""

_KEY_SHARE = 0.42


class JsonDelegate(QStyledItemDelegate):
    """Colours values by type."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Colour the text; of a selected row only its background tells."""
        super().initStyleOption(option, index)
        if not option.state & QStyle.StateFlag.State_Selected:
            option.palette.setColor(QPalette.ColorRole.Text, _colour(index))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line with some air."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + 5)


def _colour(index: Index) -> QColor:
    look, kind = theme.current(), index.data(JsonRole.TYPE)
    if index.column() == 0:
        return look.muted if kind == "range" else look.text
    if kind == "string":
        return look.lane(Lane.YOU)
    if kind in ("number", "word"):
        return look.lane(Lane.TOOLS)
    return look.muted


class JsonView(QTreeView):
    """A JsonTree to open and close; its menu copies value, path and subtree."""

    def __init__(self, tree: JsonTree, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = tree
        self.setModel(tree)
        self.setItemDelegate(JsonDelegate(self))
        self.setAccessibleName("Record as JSON")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHeaderHidden(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.header().setMinimumSectionSize(40)

    def open_first_level(self) -> None:
        """Open what is not too long."""
        for row in range(min(self.tree.rowCount(), _OPENED)):
            index = self.tree.index(row, 0)
            if 0 < self.tree.rowCount(index) <= _OPENED:
                self.expand(index)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Keep the share of the keys."""
        super().resizeEvent(event)
        self.setColumnWidth(0, round(self.viewport().width() * _KEY_SHARE))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Copy the value of the current row."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            _copy(self.tree.text(self.currentIndex()))
            return
        super().keyPressEvent(event)

    def _show_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.menu_for(index).popup(self.viewport().mapToGlobal(at))

    def menu_for(self, index: QModelIndex) -> QMenu:
        """What can be done with a row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tree, held = self.tree, QPersistentModelIndex(index)
        menu.addAction("Copy Value").triggered.connect(lambda: _copy(tree.text(held)))
        menu.addAction("Copy Path").triggered.connect(lambda: _copy(tree.path(held)))
        menu.addAction("Copy as JSON").triggered.connect(lambda: _copy(dump(tree.value(held))))
        if tree.rowCount(index.siblingAtColumn(0)):
            menu.addSeparator()
            menu.addAction("Open All Below").triggered.connect(lambda: self._expand_below(held))
            menu.addAction("Close All").triggered.connect(self.collapseAll)
        return menu

    def _expand_below(self, index: QPersistentModelIndex) -> None:
        """Open a bounded number of rows, the nearest first."""
        waiting, left = [self.tree.index(index.row(), 0, index.parent())], 500
        while waiting and left > 0:
            node = waiting.pop(0)
            rows = self.tree.rowCount(node)
            if rows:
                self.expand(node)
                left -= rows
                waiting += [self.tree.index(row, 0, node) for row in range(rows)]


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
