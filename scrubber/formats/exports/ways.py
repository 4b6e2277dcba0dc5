"""In which order a tree is told: the way that was shown last, then the ways that leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def way_to(leaf: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The nodes from a root to a leaf; parents that are missing, or lead in a circle, end it."""
    way: dict[str, None] = {}
    while leaf is not None and leaf in parents and leaf not in way:
        way[leaf] = None
        leaf = parents[leaf]
    return list(way)[::-1]


def order_of(
    leaf: str | None, parents: Mapping[str, str | None], children: Mapping[str, Sequence[str]]
) -> list[str]:
    """All nodes: those of the way to the leaf, then branch after branch; a child behind its parent.

    Of several children that go on, the last is told first: it is the newest. Nodes that no root
    leads to come at the end.
    """
    ordered = dict.fromkeys(way_to(leaf, parents))
    roots = [node for node, parent in parents.items() if parent not in parents]
    for start in [*ordered, *roots, *parents]:
        _descend(start, children, parents, ordered)
    return list(ordered)


def _descend(
    start: str,
    children: Mapping[str, Sequence[str]],
    parents: Mapping[str, str | None],
    ordered: dict[str, None],
) -> None:
    """Add a node and what is below it, as far as it was not told yet."""
    waiting = [start]
    visited: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node in visited or node not in parents:
            continue
        visited.add(node)
        is_new = node not in ordered
        ordered[node] = None
        if is_new or node == start:
            waiting += [child for child in children.get(node, ()) if child not in ordered]
