"""The rows of the tree of sessions: nodes, how Qt asks for them, and how they come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any, overload

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

if TYPE_CHECKING:
    from scrubber.core.session import Session

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """Data of a row beside its text."""

    SESSION = Qt.ItemDataRole.UserRole + 1
    RUN = Qt.ItemDataRole.UserRole + 2
    """How a branch stands that runs in this window: a RunState; None: it does not run."""


class RunState(StrEnum):
    """How a branch stands that runs in this window, in the words that the user reads."""

    QUEUED = "waits its turn"
    RUNNING = "running"
    WAITS = "waits for you"
    STOPPING = "stopping"


@dataclass(slots=True, eq=False)
class Node:
    """A session in the tree, and what is known of those below it."""

    session: Session | None
    parent: Node | None
    row: int
    children: list[Node] = field(default_factory=list)
    loaded: bool = False
    loading: bool = False


class TreeRows(QAbstractItemModel):
    """Sessions below each other, as far as they are known; reads nothing itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Node(None, None, 0)
        self._nodes: dict[str, Node] = {}
        self._removed: list[Node] = []
        """Nodes that Qt may still hold an index of: it keeps a bare pointer, no reference."""
        self._runs: dict[str, RunState] = {}

    def session_at(self, index: Index) -> Session | None:
        """The session of a row."""
        return self._node(index).session if index.isValid() else None

    def index_of(self, session: str) -> QModelIndex:
        """The row of a session, invalid if it is not in the tree (yet)."""
        node = self._nodes.get(session)
        return self._index_of(node) if node else QModelIndex()

    def set_runs(self, runs: dict[str, RunState]) -> None:
        """Show which branches run; what is drawn of them moves, so they are drawn anew."""
        touched, self._runs = self._runs.keys() | runs.keys(), runs
        for name in touched:
            index = self.index_of(name)
            if index.isValid():
                self.dataChanged.emit(index, index, [Role.RUN])

    # How rows come and go

    def _append(self, node: Node, sessions: list[Session]) -> None:
        fresh = [one for one in sessions if one.id not in self._nodes]
        self._insert(node, len(node.children), fresh)

    def _insert(self, parent: Node, at: int, sessions: list[Session]) -> None:
        """Put new rows somewhere, all in one go: a view lays out all of its rows anew for each."""
        if not sessions:
            return
        self.beginInsertRows(self._index_of(parent), at, at + len(sessions) - 1)
        nodes = [Node(session, parent, row) for row, session in enumerate(sessions, at)]
        parent.children[at:at] = nodes
        self._nodes.update(
            (session.id, node) for session, node in zip(sessions, nodes, strict=True)
        )
        renumber(parent, at + len(nodes))
        self.endInsertRows()

    def _remove(self, name: str) -> None:
        node = self._nodes.get(name)
        if node is None or node.parent is None:
            return
        self.beginRemoveRows(self._index_of(node.parent), node.row, node.row)
        del node.parent.children[node.row]
        renumber(node.parent, node.row)
        self._forget(node)
        self.endRemoveRows()

    def _forget(self, node: Node) -> None:
        self._removed.append(node)
        if node.session is not None:
            self._nodes.pop(node.session.id, None)
        for child in node.children:
            self._forget(child)

    def _merge_children(self, parent: Node, sessions: list[Session]) -> None:
        wanted = {session.id for session in sessions}
        gone = [n.session.id for n in parent.children if n.session and n.session.id not in wanted]
        for name in gone:
            self._remove(name)
        row = 0
        for is_here, group in groupby(sessions, lambda session: self._is_below(parent, session)):
            together = list(group)
            if is_here:
                for number, session in enumerate(together, row):
                    self._place(self._nodes[session.id], number, session)
            else:
                for session in together:
                    self._remove(session.id)  # from where it was
                self._insert(parent, row, together)
            row += len(together)

    def _is_below(self, parent: Node, session: Session) -> bool:
        node = self._nodes.get(session.id)
        return node is not None and node.parent is parent

    def _place(self, node: Node, row: int, session: Session) -> None:
        """Let a node stand at a row, and show its session as it is now."""
        if node.row != row:
            self._move(node, row)
        if node.session != session:
            self._show(node, session)

    def _show(self, node: Node, session: Session) -> None:
        node.session = session
        index = self._index_of(node)
        self.dataChanged.emit(index, index)

    def _move(self, node: Node, row: int) -> None:
        """Move a node up among its siblings; it stays selected and open."""
        parent = node.parent
        assert parent is not None
        above = self._index_of(parent)
        self.beginMoveRows(above, node.row, node.row, above, row)
        parent.children.insert(row, parent.children.pop(node.row))
        renumber(parent, row)
        self.endMoveRows()

    # The model as Qt asks for it

    def _node(self, index: Index) -> Node:
        if not index.isValid():
            return self._root
        node: Node = index.internalPointer()
        return node

    def _index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node.parent is None else self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """The index of a child row; a view asks for that of each whenever it lays them out."""
        node = parent.internalPointer() if parent.isValid() else self._root
        children = node.children
        if column or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row])

    @overload
    def parent(self, /) -> QObject | None: ...
    @overload
    def parent(self, index: Index, /) -> QModelIndex: ...
    def parent(self, index: Index | None = None, /) -> QObject | QModelIndex | None:
        """The parent row, or without an argument the parent object."""
        if index is None:
            return super().parent()
        node = self._node(index)
        return self._index_of(node.parent) if node.parent else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Rows that are known so far."""
        return len(self._node(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """One: the delegate draws all of a session in it."""
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:
        """Whether anything hangs below a row, read or not; asked for as often."""
        node = parent.internalPointer() if parent.isValid() else self._root
        return bool(node.children or (node.session and node.session.children))

    def canFetchMore(self, parent: Index) -> bool:
        """Whether rows are still to be read when their parent is opened.

        Never for the roots: a QTreeView reads on after each page until it has them all, which
        takes a minute for 100,000 sessions; ``read_more`` reads those as they are scrolled to.
        """
        node = self._node(parent)
        if node.session is None:
            return False
        return bool(node.session.children) and not node.loaded and not node.loading

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title, a tooltip, or the Session itself."""
        session = self.session_at(index)
        if session is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return session.title or "untitled"
        if role == Role.SESSION:
            return session
        if role == Role.RUN:
            return self._runs.get(session.id)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self._runs.get(session.id)
            runs = f", {state}" if state is not None else ""
            return f"{session.relation}: {session.title}, {session.events} events{runs}"
        return None


def renumber(node: Node, start: int = 0) -> None:
    """Let children, from a row on, know where they stand."""
    for row in range(start, len(node.children)):
        node.children[row].row = row
