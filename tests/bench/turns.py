"""A window that lives, and how long each turn of its event loop keeps its thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from tests.bench.measuring import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_S = 60
_NOTHING_MS = 0.05
"""A turn that took less had nothing to do."""

FRAME_MS = 16.0
"""Milliseconds of the GUI thread that a frame, or what is done between two, may take."""


@dataclass(slots=True)
class Spent:
    """Milliseconds of the GUI thread, and of the clock, for each time that something was done.

    The first tells what the window does, whatever else runs on the machine; the second is what a
    user waits, with everything that other threads and programs take.
    """

    thread: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], object]) -> None:
        """Do something, and note how long it took."""
        wall, thread = time.perf_counter(), time.thread_time()
        work()
        self.thread.append((time.thread_time() - thread) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def results(
        self, name: str, half: float | None = None, most: float | None = None
    ) -> Iterator[Result]:
        """Figures, against goals for the median and the 99th percentile of the GUI thread."""
        yield Result(f"{name}, p50", median(self.thread), "ms of GUI", half)
        yield Result(f"{name}, p99", _most(self.thread), "ms of GUI", most)
        yield Result(f"{name}, p99, clock", _most(self.wall), "ms")


class Turns:
    """Turns the event loop of an application until something holds, and notes each turn."""

    def __init__(self) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        self.spent = Spent()

    def until(self, done: Callable[[], bool]) -> None:
        """Let the window live until something holds, and for one turn more."""
        until = time.perf_counter() + _PATIENCE_S
        while not done():
            if time.perf_counter() > until:
                raise TimeoutError("the window did not settle")
            self.turn()
            time.sleep(0.0005)
        self.turn()

    def turn(self) -> None:
        """Handle what waits, once."""
        self.spent.time(self.app.processEvents)
        if self.spent.thread[-1] < _NOTHING_MS:
            self.spent.thread.pop()
            self.spent.wall.pop()

    def take(self) -> Spent:
        """What was noted since this was asked last."""
        spent, self.spent = self.spent, Spent()
        return spent


def _most(values: list[float]) -> float:
    return quantiles(values, n=100)[98] if len(values) > 1 else values[0]
