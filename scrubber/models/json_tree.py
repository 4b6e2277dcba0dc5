"""A parsed JSON value as a tree of key and value, made as it is opened.

A list or an object of more than some hundred items is shown as ranges of its items, and those of
ranges again if need be: so a list of a million is at hand at once, and every part of it is a few
clicks away.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

import orjson
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from scrubber.core.events import one_line
from scrubber.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized

    from scrubber.core.content import JSON

Index = QModelIndex | QPersistentModelIndex

MOST_CHILDREN = 300
"""Rows of one parent; more items are put into ranges."""

_RANGE = 100
_SHOWN = 240
_NOTHING = -1


class JsonRole(IntEnum):
    """Data of a row beside its text."""

    TYPE = Qt.ItemDataRole.UserRole + 1
    """``object``, ``array``, ``range``, ``string``, ``number`` or ``word``."""


@dataclass(slots=True, eq=False)
class _Node:
    key: str | int
    value: JSON
    parent: _Node | None
    row: int
    start: int = 0
    stop: int = _NOTHING
    """For ranges: the items start…stop-1 of the value."""
    children: list[_Node] = field(default_factory=list)
    """Made when the first of them is asked for."""

    @property
    def is_range(self) -> bool:
        return self.stop != _NOTHING

    @property
    def bounds(self) -> tuple[int, int]:
        """The items that lie below."""
        if self.is_range:
            return self.start, self.stop
        return 0, len(self.value) if isinstance(self.value, (dict, list)) else 0

    @property
    def rows(self) -> int:
        """Items below, or ranges of them if they are many."""
        start, stop = self.bounds
        count = stop - start
        return count if count <= MOST_CHILDREN else -(-count // range_size(count))

    def child(self, row: int) -> _Node:
        if not self.children:
            self.children = list(_children(self))
        return self.children[row]


class JsonTree(QAbstractItemModel):
    """Keys in the first column, values in the second; read only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node("", None, None, 0)
        self._former: _Node | None = None
        """What was shown before: Qt may still hold an index of it, and keeps no reference."""

    def set_value(self, value: JSON) -> None:
        """Show another value; one that is neither list nor object is a single row."""
        self.beginResetModel()
        self._former = self._root
        self._root = _Node("", value, None, 0)
        if not isinstance(value, (dict, list)):
            self._root.value = {"value": value}
        self.endResetModel()

    def value(self, index: Index) -> JSON:
        """The value of a row; of a range, its items."""
        node = self._node(index)
        if not node.is_range:
            return node.value
        if isinstance(node.value, list):
            return node.value[node.start : node.stop]
        return dict(islice(node.value.items(), node.start, node.stop))

    def text(self, index: Index) -> str:
        """The value as text: a string as it is, everything else as JSON."""
        value = self.value(index)
        return value if isinstance(value, str) else dump(value)

    def path(self, index: Index) -> str:
        """Where a row stands, as in ``message.content[0].text``."""
        node: _Node | None = self._node(index)
        steps: list[str] = []
        while node is not None and node.parent is not None:
            if not node.is_range:
                steps.append(_step(node.key))
            node = node.parent
        return "".join(reversed(steps)).removeprefix(".")

    # The model as Qt asks for it

    def _node(self, index: Index) -> _Node:
        if not index.isValid():
            return self._root
        node: _Node = index.internalPointer()
        return node

    def _index_of(self, node: _Node) -> QModelIndex:
        return QModelIndex() if node.parent is None else self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """The index of a child row, which is made now if it was not before."""
        if not (0 <= row < self.rowCount(parent) and 0 <= column < 2):
            return QModelIndex()
        return self.createIndex(row, column, self._node(parent).child(row))

    @overload
    def parent(self, /) -> QObject | None: ...
    @overload
    def parent(self, index: Index, /) -> QModelIndex: ...
    def parent(self, index: Index | None = None, /) -> QObject | QModelIndex | None:
        """The parent row, or without an argument the parent object."""
        if index is None:
            return super().parent()
        above = self._node(index).parent
        return self._index_of(above) if above else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Items or ranges below a row."""
        return self._node(parent).rows if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Key and value."""
        return 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Key and Value."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return ("Key", "Value")[section] if section < 2 else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Key or value in one short line; the type for colouring."""
        if not index.isValid():
            return None
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return key_text(node) if index.column() == 0 else summary(node.value, node.is_range)
        if role == JsonRole.TYPE:
            return "range" if node.is_range else type_of(node.value)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{key_text(node)}: {summary(node.value, node.is_range)}"
        return None


def dump(value: JSON) -> str:
    """A value as indented JSON."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # half a surrogate pair, or a number of more than 64 bits
        return json.dumps(value, indent=2)


def type_of(value: JSON) -> str:
    """What a value is, in the words of JsonRole.TYPE."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    return "word" if value is None or isinstance(value, bool) else "number"


def summary(value: JSON, is_range: bool = False) -> str:
    """A value in one short line; long strings end in an ellipsis."""
    if is_range:
        return ""
    if isinstance(value, dict):
        return f"{{ {_counted(value, 'key')} }}" if value else "{ }"
    if isinstance(value, list):
        return f"[ {_counted(value, 'item')} ]" if value else "[ ]"
    if isinstance(value, str):
        return f"“{visible(one_line(value, _SHOWN))}”"
    return json.dumps(value)


def key_text(node: _Node) -> str:
    """What stands in the first column."""
    if node.is_range:
        return f"{node.start:,} … {node.stop - 1:,}"
    return visible(one_line(node.key, _SHOWN)) if isinstance(node.key, str) else str(node.key)


def _counted(value: Sized, noun: str) -> str:
    return f"{len(value):,} {noun}{'' if len(value) == 1 else 's'}"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if key.isidentifier() else f"[{json.dumps(key, ensure_ascii=False)}]"


def _children(node: _Node) -> Iterator[_Node]:
    start, stop = node.bounds
    if stop - start > MOST_CHILDREN:
        size = range_size(stop - start)
        for row, first in enumerate(range(start, stop, size)):
            yield _Node("", node.value, node, row, first, min(first + size, stop))
        return
    for row, (key, value) in enumerate(_items(node.value, start, stop)):
        yield _Node(key, value, node, row)


def _items(value: JSON, start: int, stop: int) -> Iterable[tuple[str | int, JSON]]:
    if isinstance(value, dict):
        return islice(value.items(), start, stop)
    return enumerate(value[start:stop], start)


def range_size(count: int) -> int:
    """Items in one range, so that there are few enough ranges: 100, 10,000, …"""
    size = _RANGE
    while count / size > MOST_CHILDREN:
        size *= _RANGE
    return size
