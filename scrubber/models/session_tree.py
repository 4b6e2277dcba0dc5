"""The sessions as a tree: forks and sub-agents below what they come from, read when shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.session import Changes, Session
    from scrubber.models.tasks import Tasks

Index = QModelIndex | QPersistentModelIndex

PAGE = 200
"""Top-level sessions read at a time."""


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


@dataclass(slots=True)
class _Node:
    session: Session | None
    parent: _Node | None
    row: int
    children: list[_Node] = field(default_factory=list)
    loaded: bool = False
    loading: bool = False


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What the store has now of what the tree shows."""

    page: list[Session]
    strays: list[Session]
    below: dict[str, list[Session]]
    complete: bool


class SessionTree(QAbstractItemModel):
    """Sessions, lazily: a page of roots at a time, children when their parent is opened.

    Signals:
        filled(): the first page for the present filter and order is there.
        found(str): ``reveal`` has brought this session into the tree.
    """

    filled = Signal()
    found = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._store: OpenStore | None = None
        self._root = _Node(None, None, 0)
        self._nodes: dict[str, _Node] = {}
        self._strays: set[str] = set()
        """Roots that ``reveal`` has put behind the pages read so far."""
        self._removed: list[_Node] = []
        """Nodes that Qt may still hold an index of: it keeps a bare pointer, no reference."""
        self._filter = ""
        self._order = "updated"
        self._runs: dict[str, RunState] = {}

    def set_runs(self, runs: dict[str, RunState]) -> None:
        """Show which branches run; what is drawn of them moves, so they are drawn anew."""
        touched, self._runs = self._runs.keys() | runs.keys(), runs
        for name in touched:
            index = self.index_of(name)
            if index.isValid():
                self.dataChanged.emit(index, index, [Role.RUN])

    def set_store(self, store: OpenStore) -> None:
        """Show the sessions of a store."""
        self._store = store
        self.reload()

    def set_filter(self, words: str) -> None:
        """Show only sessions whose title, model, format, folder or id holds all the words."""
        if words != self._filter:
            self._filter = words
            self.reload()

    def set_order(self, order: str) -> None:
        """Sort by ``updated``, ``title``, ``events``, ``tokens`` or ``errors``."""
        if order != self._order:
            self._order = order
            self.reload()

    @property
    def is_filtered(self) -> bool:
        """Whether sessions are left out, whose children then hang below the nearest above."""
        return bool(self._filter.strip())

    @property
    def order(self) -> str:
        """What the roots are sorted by."""
        return self._order

    def reload(self) -> None:
        """Read the first page anew."""
        store, words, order = self._store, self._filter, self._order
        if store is not None:
            self._tasks.run("tree", lambda: _page(store, words, order, 0, PAGE), self._replace)

    def refresh(self) -> None:
        """Read what is shown anew, keeping what is open, selected and scrolled to."""
        store, words, order = self._store, self._filter, self._order
        count = max(PAGE, len(self._root.children) - len(self._strays))
        strays = frozenset(self._strays)
        opened = [name for name, node in self._nodes.items() if node.loaded]
        if store is None:
            return

        def work() -> _Fresh:
            page = _page(store, words, order, 0, count)
            known = {session.id for session in store.sessions_with(opened)}
            below = {name: _below(store, name, words) for name in opened if name in known}
            return _Fresh(page, store.sessions_with(strays), below, len(page) < count)

        self._tasks.run("tree", work, self._merge)

    def _merge(self, fresh: _Fresh) -> None:
        paged = {session.id for session in fresh.page}
        self._strays -= paged
        roots = fresh.page + [one for one in fresh.strays if one.id in self._strays]
        self._merge_children(self._root, roots)
        self._strays &= {session.id for session in roots}
        self._root.loaded = fresh.complete
        for name, children in fresh.below.items():
            if (node := self._nodes.get(name)) is not None:
                self._merge_children(node, children)

    def _merge_children(self, parent: _Node, sessions: list[Session]) -> None:
        wanted = {session.id for session in sessions}
        gone = [n.session.id for n in parent.children if n.session and n.session.id not in wanted]
        for name in gone:
            self._remove(name)
        for row, session in enumerate(sessions):
            self._place(parent, row, session)

    def _place(self, parent: _Node, row: int, session: Session) -> None:
        """Make the child at this row show a session, whatever stood there."""
        node = self._nodes.get(session.id)
        if node is not None and node.parent is not parent:
            self._remove(session.id)
            node = None
        if node is None:
            self._insert(parent, row, session)
            return
        if node.row != row:
            self._move(node, row)
        if node.session != session:
            node.session = session
            index = self._index_of(node)
            self.dataChanged.emit(index, index)

    def _move(self, node: _Node, row: int) -> None:
        """Move a node up among its siblings; it stays selected and open."""
        parent = node.parent
        assert parent is not None
        above = self._index_of(parent)
        self.beginMoveRows(above, node.row, node.row, above, row)
        parent.children.insert(row, parent.children.pop(node.row))
        _renumber(parent)
        self.endMoveRows()

    def _replace(self, sessions: list[Session]) -> None:
        self.beginResetModel()
        self._removed = [self._root]
        self._root = _Node(None, None, 0, loaded=len(sessions) < PAGE)
        self._nodes.clear()
        self._strays.clear()
        self._add_nodes(self._root, sessions)
        self.endResetModel()
        self.filled.emit()

    def read_more(self) -> None:
        """Read the next page of roots, if there is one: the view's wish at the end of its list."""
        store, root, words, order = self._store, self._root, self._filter, self._order
        if store is None or root.loaded or root.loading:
            return
        start = len(root.children) - len(self._strays)
        root.loading = True

        def done(sessions: list[Session]) -> None:
            if root is not self._root:
                return
            root.loading, root.loaded = False, len(sessions) < PAGE
            self._strays -= {session.id for session in sessions}
            self._append(root, sessions)

        self._tasks.run("", lambda: _page(store, words, order, start, PAGE), done)

    def _append(self, node: _Node, sessions: list[Session]) -> None:
        fresh = [one for one in sessions if one.id not in self._nodes]
        if not fresh:
            return
        first = len(node.children)
        self.beginInsertRows(self._index_of(node), first, first + len(fresh) - 1)
        self._add_nodes(node, fresh)
        self.endInsertRows()

    def _add_nodes(self, node: _Node, sessions: list[Session]) -> None:
        for session in sessions:
            child = _Node(session, node, len(node.children))
            node.children.append(child)
            self._nodes[session.id] = child

    def apply(self, changes: Changes) -> None:
        """Show what has changed in the store, keeping everything else as it is."""
        store = self._store
        if store is None or not changes:
            return
        if self._filter:  # who fits, and what then hangs where, only the store knows
            self.refresh()
            return
        wanted = changes.added | changes.changed

        def work() -> list[Session]:
            return store.sessions_with(wanted)

        def done(sessions: list[Session]) -> None:
            for name in changes.removed:
                self._remove(name)
            for session in sorted(sessions, key=lambda s: s.created):
                self._put(session)

        self._tasks.run("", work, done)

    def _put(self, session: Session) -> None:
        node = self._nodes.get(session.id)
        if node is not None and _parent_id(node) == (session.parent or ""):
            node.session = session
            index = self._index_of(node)
            self.dataChanged.emit(index, index)
            return
        if node is not None:
            self._remove(session.id)
        if session.parent is None:
            self._insert_root(session)
        elif (parent := self._nodes.get(session.parent)) and parent.loaded:
            self._append(parent, [session])

    def _insert_root(self, session: Session) -> None:
        at = 0 if self._order == "updated" else len(self._root.children)
        self._insert(self._root, at, session)

    def _insert(self, parent: _Node, at: int, session: Session) -> None:
        self.beginInsertRows(self._index_of(parent), at, at)
        node = _Node(session, parent, at)
        parent.children.insert(at, node)
        self._nodes[session.id] = node
        _renumber(parent)
        self.endInsertRows()

    def _remove(self, name: str) -> None:
        node = self._nodes.get(name)
        if node is None or node.parent is None:
            return
        self.beginRemoveRows(self._index_of(node.parent), node.row, node.row)
        del node.parent.children[node.row]
        _renumber(node.parent)
        self._forget(node)
        self.endRemoveRows()

    def _forget(self, node: _Node) -> None:
        self._removed.append(node)
        self._strays.discard(node.session.id if node.session else "")
        if node.session is not None:
            self._nodes.pop(node.session.id, None)
        for child in node.children:
            self._forget(child)

    def session_at(self, index: Index) -> Session | None:
        """The session of a row."""
        return self._node(index).session if index.isValid() else None

    def index_of(self, session: str) -> QModelIndex:
        """The row of a session, invalid if it is not in the tree (yet)."""
        node = self._nodes.get(session)
        return self._index_of(node) if node else QModelIndex()

    def reveal(self, session: str) -> None:
        """Bring a session into the tree, with all that it comes from, then emit ``found``."""
        if session in self._nodes:
            self.found.emit(session)
            return
        store = self._store
        if store is None:
            return

        def done(line: list[Session]) -> None:
            if line:
                self._add_stray(line[0])
            for one, below in pairwise(line):
                self._load_children_now(one.id, below)
            self.found.emit(session)

        self._tasks.run("reveal", lambda: store.ancestry(session), done)

    def _add_stray(self, root: Session) -> None:
        if root.id not in self._nodes:
            self._strays.add(root.id)
            self._append(self._root, [root])

    def _load_children_now(self, parent: str, child: Session) -> None:
        node = self._nodes.get(parent)
        if node is not None and child.id not in self._nodes:
            self._append(node, [child])

    # The model as Qt asks for it

    def _node(self, index: Index) -> _Node:
        if not index.isValid():
            return self._root
        node: _Node = index.internalPointer()
        return node

    def _index_of(self, node: _Node) -> QModelIndex:
        return QModelIndex() if node.parent is None else self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """The index of a child row."""
        children = self._node(parent).children
        if column != 0 or not 0 <= row < len(children):
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
        """Whether anything hangs below a row, read or not."""
        node = self._node(parent)
        return bool(node.children) or bool(node.session and node.session.children)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether rows are still to be read when their parent is opened.

        Never for the roots: a QTreeView reads on after each page until it has them all, which
        takes a minute for 100,000 sessions; ``read_more`` reads those as they are scrolled to.
        """
        node = self._node(parent)
        if node.session is None:
            return False
        return bool(node.session.children) and not node.loaded and not node.loading

    def fetchMore(self, parent: Index) -> None:
        """Have them read."""
        node, store = self._node(parent), self._store
        if store is None or node.session is None:
            return
        session, words = node.session.id, self._filter
        node.loading = True

        def done(children: list[Session]) -> None:
            if self._nodes.get(session) is node:
                node.loading, node.loaded = False, True
                self._append(node, children)

        self._tasks.run("", lambda: _below(store, session, words), done)

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


def _parent_id(node: _Node) -> str:
    above = node.parent.session if node.parent else None
    return above.id if above else ""


def _renumber(node: _Node) -> None:
    for row, child in enumerate(node.children):
        child.row = row


def _page(store: OpenStore, words: str, order: str, start: int, count: int) -> list[Session]:
    if words.strip():
        return store.filtered_page(words, order, start, count)
    return store.page("", order, start, count)


def _below(store: OpenStore, session: str, words: str) -> list[Session]:
    return store.filtered_children(session, words) if words.strip() else store.children(session)
