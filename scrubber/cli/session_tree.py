"""All sessions as a tree, from one list of them: no question to the store per session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.session import Session

_SIGNS = {"fork": "⑂ ", "subagent": "▸ "}


@dataclass(frozen=True, slots=True)
class Node:
    """A session at its place in the tree."""

    session: Session
    depth: int
    lines: str
    """What is drawn in front of its title."""


def tree(sessions: Iterable[Session]) -> Iterator[Node]:
    """The sessions, each followed by what is below it; the top ones in the order given."""
    roots, below = _sorted_out(list(sessions))
    waiting = [Node(session, 0, "") for session in reversed(roots)]
    indents = {session.id: "" for session in roots}
    while waiting:
        node = waiting.pop()
        yield node
        children = below.get(node.session.id, [])
        for number, child in enumerate(reversed(children)):
            last, indent = number == 0, indents[node.session.id]
            indents[child.id] = indent + ("  " if last else "│ ")
            sign = _SIGNS.get(child.relation, "")
            waiting.append(Node(child, node.depth + 1, indent + ("└ " if last else "├ ") + sign))


def _sorted_out(sessions: list[Session]) -> tuple[list[Session], dict[str, list[Session]]]:
    """The top sessions, and the children of each other one in the order in which they leave it."""
    known = {session.id for session in sessions}
    below: dict[str, list[Session]] = {}
    for session in sorted(sessions, key=lambda one: (one.forked_at or 0, one.created)):
        if session.parent in known:
            below.setdefault(str(session.parent), []).append(session)
    return [session for session in sessions if session.parent not in known], below


def sign_of(session: Session) -> str:
    """The sign of a session's relation to its parent."""
    return _SIGNS.get(session.relation, "")
