"""The tree of a store with very many sessions: opened, scrolled, sorted, filtered."""

from __future__ import annotations

import os
from statistics import median
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.models.session_tree import SessionTree
from scrubber.models.tasks import Tasks
from scrubber.ui.tree import TreePane
from tests.bench.measuring import Result, Size, microseconds
from tests.bench.sessions import many_sessions
from tests.bench.turns import Spent, Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

ORDERS = ("updated", "title", "events", "tokens", "errors")


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    path, count = many_sessions(folder, size)
    with open_store(path) as store:
        yield from pages(store, count, size)
        yield from tree(store, count, size)


def pages(store: OpenStore, count: int, size: Size) -> Iterator[Result]:
    """A page of the list in every order, and of what a filter leaves."""
    works: dict[str, Callable[[int], object]] = {
        f"page by {order}": _page_by(store, order) for order in ORDERS
    }
    works["page deep down"] = lambda _n: store.page("", "updated", count // 2)
    works["page of a filter"] = lambda n: store.page(f"question {n}")
    for name, work in works.items():
        half, _ = microseconds(work, 4 * size.rounds)
        yield Result(f"{name}, {count:,} sessions, p50", half / 1000, "ms")


def _page_by(store: OpenStore, order: str) -> Callable[[int], object]:
    return lambda _number: store.page("", order)


def tree(store: OpenStore, count: int, size: Size) -> Iterator[Result]:
    """The pane: until its first page is painted, and a step of the wheel."""
    opened, steps = Spent(), Spent()
    for _ in range(size.rounds):
        _open_and_scroll(store, opened, steps, 60 * size.rounds)
    yield Result(f"tree of {count:,} sessions, opened", median(opened.wall), "ms", 60)
    yield from steps.results("scroll step", None, 8)


def _open_and_scroll(store: OpenStore, opened: Spent, steps: Spent, count: int) -> None:
    turns, tasks = Turns(), Tasks()
    pane = TreePane(SessionTree(tasks))
    pane.resize(300, 800)
    pane.show()
    turns.turn()
    opened.time(lambda: _fill(turns, store, pane))
    for _ in range(count):
        steps.time(lambda: _scroll(turns, pane))
    tasks.stop()
    pane.close()
    pane.deleteLater()
    turns.turn()


def _fill(turns: Turns, store: OpenStore, pane: TreePane) -> None:
    pane.model.set_store(store)
    turns.until(lambda: pane.model.rowCount() > 0)
    pane.repaint()


def _scroll(turns: Turns, pane: TreePane) -> None:
    bar = pane.view.verticalScrollBar()
    bar.setValue(bar.value() + 3 * bar.singleStep())
    pane.view.viewport().repaint()
    turns.turn()
