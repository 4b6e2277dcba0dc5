"""The tree of a store with very many sessions: opened, scrolled, sorted, filtered."""

from __future__ import annotations

import os
import time
from statistics import median, quantiles
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from scrubber.api import open_store
from scrubber.models.session_tree import SessionTree
from scrubber.models.tasks import Tasks
from scrubber.ui.tree import TreePane
from tests.bench.measuring import Result, Size, microseconds
from tests.bench.sessions import many_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

ORDERS = ("updated", "title", "events", "tokens", "errors")
_PATIENCE_S = 30


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
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    opened, steps = [], []
    for _ in range(size.rounds):
        tasks = Tasks()
        model = SessionTree(tasks)
        pane = TreePane(model)
        pane.resize(300, 800)
        pane.show()
        app.processEvents()
        before = time.perf_counter()
        model.set_store(store)
        _wait(app, lambda model=model: model.rowCount() > 0)  # type: ignore[misc]
        pane.repaint()
        opened.append((time.perf_counter() - before) * 1000)
        steps += _scroll(app, pane, 60 * size.rounds)
        tasks.stop()
        pane.close()
        pane.deleteLater()
        app.processEvents()
    yield Result(f"tree of {count:,} sessions, opened", median(opened), "ms", 60)
    yield Result("scroll step, p50", median(steps), "ms")
    yield Result("scroll step, p99", quantiles(steps, n=100)[98], "ms", 8)


def _scroll(app: QApplication, pane: TreePane, count: int) -> list[float]:
    bar, spent = pane.view.verticalScrollBar(), []
    for _ in range(count):
        before = time.perf_counter()
        bar.setValue(bar.value() + 3 * bar.singleStep())
        pane.view.viewport().repaint()
        app.processEvents()
        spent.append((time.perf_counter() - before) * 1000)
    return spent


def _wait(app: QApplication, done: Callable[[], bool]) -> None:
    until = time.perf_counter() + _PATIENCE_S
    while not done():
        if time.perf_counter() > until:
            raise TimeoutError("the tree was not filled")
        app.processEvents()
        time.sleep(0.0005)
