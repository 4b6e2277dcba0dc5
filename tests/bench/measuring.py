"""What a benchmark gives, and how it measures: medians, next to a floor of the same run."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Size:
    """How much a run measures; ``SMALL`` only shows that everything works."""

    source_bytes: int
    files: int
    events: tuple[int, ...]
    """Lengths of the sessions that are forked and read."""
    depths: tuple[int, ...]
    rounds: int
    """Medians are taken of so many runs of what takes long, a hundred times as many of the rest."""
    peer_bytes: tuple[int, ...]
    """Sizes of the files that other tools are given, too."""


FULL = Size(
    120_000_000, 5_000, (1_000, 100_000, 1_000_000), (1, 10, 100), 5, (12_000_000, 120_000_000)
)
SMALL = Size(300_000, 20, (200, 1_000), (1, 3), 1, (100_000,))


@dataclass(frozen=True)
class Result:
    """One figure, with its goal (None: only told)."""

    name: str
    value: float | None
    """None if it could not be measured here; ``floor`` then says why."""
    unit: str
    goal: float | None = None
    floor: str = ""
    """What the figure is compared with, if it is a ratio."""

    @property
    def passed(self) -> bool | None:
        """Whether the goal is reached; None if there is none."""
        return None if self.goal is None or self.value is None else self.value <= self.goal

    def line(self) -> str:
        """For people."""
        told = {None: "", True: "pass", False: "short"}[self.passed]
        goal = "" if self.goal is None else f"goal {self.goal:g}"
        value = "–" if self.value is None else f"{self.value:,.3f}"
        return f"{self.name:<58}{value:>12} {self.unit:<14}{goal:<12}{told:<6} {self.floor}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "passed": self.passed}


def cpu_seconds(work: Callable[[], object], rounds: int) -> float:
    """The median CPU time of this process for some work."""
    return median(_timed(work, time.process_time) for _ in range(rounds))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median wall time of some work."""
    return median(_timed(work, time.perf_counter) for _ in range(rounds))


def microseconds(work: Callable[[int], object], count: int) -> tuple[float, float]:
    """(median, 99th percentile) of the wall time of ``work(0)``, ``work(1)``, …"""
    times = [_timed(lambda n=n: work(n), time.perf_counter) * 1e6 for n in range(count)]  # type: ignore[misc]
    return median(times), quantiles(times, n=100)[98] if len(times) > 1 else times[0]


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


TELL_PEAK = """
import resource, sys
if sys.platform == "linux":  # getrusage tells of the parent there, if that was larger
    lines = open("/proc/self/status").read().splitlines()
    print(next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak if sys.platform == "darwin" else peak * 1024)
"""
"""The end of a program that tells the most memory it had, in bytes."""
