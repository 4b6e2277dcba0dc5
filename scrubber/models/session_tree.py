"""The sessions as a tree: forks and sub-agents below what they come from, read when shown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.session import Changes
from scrubber.models.tree_rows import Index, Node, TreeRows

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.session import Session
    from scrubber.models.tasks import Tasks

PAGE = 200
"""Top-level sessions read at a time, at first."""
_CALM_MS = 200
"""Between two changes that are shown."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What the store has now of what the tree shows."""

    page: list[Session]
    strays: list[Session]
    below: dict[str, list[Session]]
    complete: bool


class SessionTree(TreeRows):
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
        self._revealed: set[str] = set()
        self.kept = ""
        """The session that is shown: what it hangs below stays, wherever others are put."""
        self._filter = ""
        self._order = "updated"
        self._changes = Changes()
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self._apply)

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

    @property
    def _strays(self) -> set[str]:
        """Roots that ``reveal`` has put behind the pages read so far."""
        self._revealed &= self._nodes.keys()
        return self._revealed

    def reload(self) -> None:
        """Read the first page anew."""
        store, words, order = self._store, self._filter, self._order
        if store is not None:
            self._tasks.run("tree", lambda: _page(store, words, order, 0, PAGE), self._replace)

    def refresh(self) -> None:
        """Read what is shown anew, keeping what is open, selected and scrolled to."""
        store, words, order = self._store, self._filter, self._order
        count = max(PAGE, len(self._root.children) - len(self._strays))
        strays = frozenset(self._strays | self._kept_root())
        opened = [name for name, node in self._nodes.items() if node.loaded]
        if store is None:
            return

        def work() -> _Fresh:
            page = _page(store, words, order, 0, count)
            known = {session.id for session in store.sessions_with(opened)}
            below = {name: _below(store, name, words) for name in opened if name in known}
            return _Fresh(page, store.sessions_with(strays), below, len(page) < count)

        self._tasks.run("tree", work, self._merge)

    def _kept_root(self) -> set[str]:
        node = self._nodes.get(self.kept) if not self._filter else None
        while node is not None and node.parent is not None and node.parent is not self._root:
            node = node.parent
        return {node.session.id} if node is not None and node.session is not None else set()

    def _merge(self, fresh: _Fresh) -> None:
        paged = {session.id for session in fresh.page}
        self._revealed |= {session.id for session in fresh.strays}
        self._revealed -= paged
        roots = fresh.page + [one for one in fresh.strays if one.id in self._strays]
        self._merge_children(self._root, roots)
        self._revealed &= {session.id for session in roots}
        self._root.loaded = fresh.complete
        for name, children in fresh.below.items():
            if (node := self._nodes.get(name)) is not None:
                self._merge_children(node, children)

    def _replace(self, sessions: list[Session]) -> None:
        self.beginResetModel()
        self._removed = [self._root]
        self._root = root = Node(None, None, 0, loaded=len(sessions) < PAGE)
        root.children = nodes = [Node(one, root, row) for row, one in enumerate(sessions)]
        self._nodes.clear()
        self._revealed.clear()
        self._nodes.update((node.session.id, node) for node in nodes if node.session)
        self.endResetModel()
        self.filled.emit()

    def read_more(self) -> None:
        """Read the next page of roots, if there is one: the view's wish at the end of its list."""
        store, root, words, order = self._store, self._root, self._filter, self._order
        if store is None or root.loaded or root.loading:
            return
        start = len(root.children) - len(self._strays)
        count = max(PAGE, start // 2)  # a view lays out all that is there whenever a page comes
        root.loading = True

        def done(sessions: list[Session]) -> None:
            if root is not self._root:
                return
            root.loading, root.loaded = False, len(sessions) < count
            self._revealed -= {session.id for session in sessions}
            self._append(root, sessions)

        self._tasks.run("", lambda: _page(store, words, order, start, count), done)

    def apply(self, changes: Changes) -> None:
        """Show what has changed in the store, keeping everything else as it is.

        At once; but of what changes soon after that, as in an import, many together.
        """
        self._changes |= changes
        if not self._calm.isActive():
            self._apply()

    def _apply(self) -> None:
        store, changes = self._store, self._changes
        if store is None or not changes:
            return
        self._changes = Changes()
        self._calm.start()
        if self._filter:  # who fits, and what then hangs where, only the store knows
            self.refresh()
            return
        wanted = changes.added | changes.changed

        def done(sessions: list[Session]) -> None:
            for name in changes.removed:
                self._remove(name)
            self._put(sorted(sessions, key=lambda session: session.created))

        self._tasks.run("", lambda: store.sessions_with(wanted), done)

    def _put(self, sessions: list[Session]) -> None:
        """Show sessions as they are now: the known ones where they stand, new ones in one go."""
        fresh: dict[Node, list[Session]] = {}
        for session in sessions:
            above = self._nodes.get(session.parent) if session.parent else self._root
            node = self._nodes.get(session.id)
            if node is not None and node.parent is above:
                self._show(node, session)
                continue
            if node is not None:
                self._remove(session.id)
            if above is not None and (above is self._root or above.loaded):
                fresh.setdefault(above, []).append(session)
        for above, added in fresh.items():
            if above is self._root and self._order == "updated":
                self._insert(above, 0, added[::-1])
            else:
                self._append(above, added)

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
            self._append(self._root, [root])
            self._revealed.add(root.id)

    def _load_children_now(self, parent: str, child: Session) -> None:
        node = self._nodes.get(parent)
        if node is not None and child.id not in self._nodes:
            self._append(node, [child])

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


def _page(store: OpenStore, words: str, order: str, start: int, count: int) -> list[Session]:
    if words.strip():
        return store.filtered_page(words, order, start, count)
    return store.page("", order, start, count)


def _below(store: OpenStore, session: str, words: str) -> list[Session]:
    return store.filtered_children(session, words) if words.strip() else store.children(session)
