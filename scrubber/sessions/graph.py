"""The graph of a session, as lash has it: all that it ever said, a leaf, and the path up to it.

Here the graph is no table of its own. A session is a list of slices; what it was before each
change is kept; these paths together are the graph (``nodes.Tree``). So moving the leaf destroys
nothing, and forking a path copies nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scrubber.core.slices import Slice, SliceList
from scrubber.formats import own
from scrubber.sessions.frames import refuse_followed
from scrubber.sessions.nodes import ROOT, Place, Tree
from scrubber.sessions.reading import ReadView
from scrubber.store import paths, sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.events import Draft, Event
    from scrubber.core.session import Session
    from scrubber.store import Store

_STEP = 500


class Residency(StrEnum):
    """How much of a graph is held (lash)."""

    KEEP_ALL = "keep_all"
    """All paths ever taken, to go back to any of them; the default."""
    ACTIVE_PATH_ONLY = "active_path_only"
    """The path of now; others must be asked for anew."""


@dataclass(frozen=True, slots=True)
class Node:
    """One event at its place. ``id`` is ``LOG:SEQ`` (``LOG:SEQ:2`` where that has two places)."""

    id: str
    parent: str | None
    depth: int
    """Nodes that lead to it, itself included."""
    event: Event


class SessionGraph:
    """The graph of one session, as it was when this was made; for one thread at a time.

    ``revision`` is what the session's revision was: whoever changes the session by what he sees
    here passes it, and gets a ConflictError if the session is another by now.
    """

    def __init__(
        self, store: Store, session: str, residency: Residency = Residency.KEEP_ALL
    ) -> None:
        self.store = store
        self.session = store.session(session).id
        self.residency = residency
        self.refresh()

    def refresh(self) -> None:
        """See the session as it is now; a leaf that was moved and not committed is forgotten."""
        connection = self.store.connections.get()
        pk = sessions.find(connection, self.session)
        self.revision = sessions.get(connection, pk).revision
        taken = paths.taken(connection, pk)
        kept = taken if self.residency is Residency.KEEP_ALL else taken[-1:]
        self.tree = Tree()
        for path in kept:
            self._leaf = self.tree.add(path)

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed the session since."""
        return self.store.session(self.session).revision == self.revision

    def __len__(self) -> int:
        """How many nodes there are, on all paths that are held."""
        return len(self.tree)

    # The leaf

    @property
    def leaf(self) -> str | None:
        """Id of the node that the session ends with; None: an empty conversation."""
        return self.tree.id(self._leaf)

    def branch_to(self, node: str | None) -> None:
        """Let the conversation end with a node, or (None) be empty; the store does not know yet.

        What is committed next goes on from there, and ``commit_leaf`` makes it known as it is.
        Unlike lash, which takes any id, a BadArgumentError for a node that there is not: a leaf
        that leads nowhere would show an empty conversation.
        """
        self._leaf = self.tree.place(node)

    def commit_leaf(self) -> Session:
        """Let the session end with the leaf of this graph; the former path stays in the graph.

        ConflictError: the session has changed since. BadArgumentError: it grows with its file, and
        is what that says; fork it.
        """
        with self.store.connections.write() as connection:
            pk = sessions.find(connection, self.session)
            refuse_followed(self.store, self.session)
            paths.move(connection, pk, self.active_path(), "branch_to", self.revision)
        self.refresh()
        return self.store.session(self.session)

    # Looking

    def active_path(self) -> SliceList:
        """From the first node to the leaf, as slices of logs."""
        return self.tree.path(self._leaf)

    def node(self, id: str) -> Node:
        """One node, with its event."""
        return self._node(self.tree.place(id))

    def children(self, id: str | None) -> list[str]:
        """Ids of the nodes right behind one (None: of the first ones), by time."""
        found = [self._node(place) for place in self.tree.children(self.tree.place(id))]
        return [node.id for node in sorted(found, key=_time)]

    def path_ids(self) -> list[str]:
        """The ids of the active path; as many as the session has events."""
        found, place = [], self._leaf
        while place != ROOT:
            found.append(self.tree.id(place) or "")
            place = self.tree.parent(place)
        return found[::-1]

    def leaves(self) -> list[Node]:
        """The last nodes of all paths, by time: what can be gone back to."""
        return sorted(map(self._node, self.tree.leaves()), key=_time)

    def forks(self) -> list[str | None]:
        """The nodes behind which paths part; None stands for the beginning."""
        return [self.tree.id(place) for place in self.tree.forks()]

    def message_tree(self) -> Iterator[tuple[int, Node]]:
        """(how many forks above it, node) of each node, in depth-first order, siblings by time."""
        todo = self._below(ROOT, 0)
        while todo:
            level, run = todo.pop()
            length = len(self.tree.runs[run])
            for start in range(0, length, _STEP):
                for node in self._nodes(run, start, min(start + _STEP, length)):
                    yield level, node
            todo.extend(self._below((run, length - 1), level))

    def _below(self, place: Place, level: int) -> list[tuple[int, int]]:
        """(level, run) of the runs behind a node, the last one first."""
        below = self.tree.children(place)
        if len(below) > 1:
            below, level = sorted(below, key=lambda p: _time(self._node(p))), level + 1
        return [(level, run) for run, _ in reversed(below)]

    def _node(self, place: Place) -> Node:
        return next(self._nodes(place[0], place[1], place[1] + 1))

    def _nodes(self, run: int, start: int, stop: int) -> Iterator[Node]:
        """The nodes start…stop-1 of a run."""
        found = self.tree.runs[run]
        piece = Slice(found.log, found.start + start, found.start + stop)
        for at, event in enumerate(self.store.read(SliceList([piece]), 0, stop - start), start):
            place, depth = (run, at), found.depth + at
            above = self.tree.id(self.tree.parent(place))
            event = replace(event, index=depth)
            yield Node(self.tree.id(place) or "", above, depth + 1, event)

    def read_view(self) -> ReadView:
        """The conversation up to the leaf, which stays as it is whatever happens to the session."""
        return ReadView(self.store, self.session, self.active_path(), self.revision)

    # Forking and replacing

    def fork_current_path(self, title: str = "", note: str = "") -> Session:
        """A new session of the active path and nothing else; no event is copied.

        Its checkpoint and its frames are those of the path. (lash copies both the nodes and the
        token ledger: there, adding up sessions counts twice. See ``ledger``.)
        """
        path = self.active_path()
        with self.store.connections.write() as connection:
            pk = sessions.find(connection, self.session)
            name = title or f"{len(path)} · branch"
            child = paths.fork(connection, pk, path, name, note)
            return sessions.get(connection, child)

    def replace_read_state(self, items: list[tuple[Draft, Content]]) -> Session:
        """Let the conversation be these events: the longest beginning that is so already is kept,
        the rest becomes a new branch behind it (lash's ``replace_active_read_state``).

        Events are the same if kind, role, name and content are. Errors as ``commit_leaf``.
        """
        with self.store.connections.write() as connection:
            refuse_followed(self.store, self.session)
            kept = self.read_view().first(self._matching(items))
            paths.move(
                connection,
                sessions.find(connection, self.session),
                kept,
                "replace_read_state",
                self.revision,
            )
            rest = items[len(kept) :]
            self.store.append(self.session, [(own.encode(d, c), d) for d, c in rest])
        self.refresh()
        return self.store.session(self.session)

    def _matching(self, items: list[tuple[Draft, Content]]) -> int:
        view = self.read_view()
        pairs = zip(view.events(), items, strict=False)
        for number, (event, (draft, content)) in enumerate(pairs):
            same = (event.kind, event.role, event.name) == (draft.kind, draft.role, draft.name)
            if not same or view.content(event) != content:
                return number
        return min(len(view), len(items))


def _time(node: Node) -> tuple[int, int, int]:
    return node.event.ts or 0, node.event.log, node.event.seq


def family(store: Store, session: str) -> tuple[Tree, dict[str, str | None]]:
    """The nodes of a session and of all its forks, their forks, … as one tree, and where each of
    these sessions ends: ``{session: id of its last node}``.

    The tree of sessions is a graph as it stands: forks share slices, and shared slices are nodes.
    """
    below = (one for one in store.dependents(session) if one.relation == "fork")
    ordered = sorted([store.session(session), *below], key=lambda one: one.created)
    paths_of = {one.id: store.slices(one.id) for one in ordered}
    tree = Tree(paths_of.values())
    # Each path is walked once more: a later one may have cut the runs of an earlier.
    return tree, {name: tree.id(tree.add(path)) for name, path in paths_of.items()}
