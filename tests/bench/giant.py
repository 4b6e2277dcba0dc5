"""A session file of 2 GB, written, imported and opened, once each; ``--size`` makes it another.

Not among the benchmarks of a run without names: it takes minutes, and twice its size on the disk.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.importing import parse, peak_memory
from tests.bench.measuring import FULL, Result, Size, cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BYTES = 2_000_000_000


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    source, store = folder / "giant.jsonl", folder / "peak-giant.db"
    wanted = _BYTES if size == FULL else size.source_bytes
    written = _seconds(lambda: corpus.write(source, wanted))
    large = source.stat().st_size
    name = f"file of {large / 1e6:,.0f} MB"
    yield Result(f"{name}: written by the corpus", written, "s")
    floor = cpu_seconds(lambda: parse(source), 1)
    before = time.perf_counter()
    peak = peak_memory(folder, source)
    took = time.perf_counter() - before
    told = f"orjson.loads of the same: {floor:.1f} s CPU"
    yield Result(f"{name}: imported", took, "s", None, told)
    yield Result(f"{name}: imported, peak memory", peak, "MB", 150)
    yield Result(f"{name}: store", store.stat().st_size / large, "x source", 0.30)
    yield from _opened(store, name)


def _opened(path: Path, name: str) -> Iterator[Result]:
    with open_store(path) as store:
        (session,) = store.sessions()
        yield Result(f"{name}: events", session.events, "")
        spent = _seconds(lambda: store.track(session.id))
        yield Result(f"{name}: opened, its timeline", spent * 1000, "ms")
        last = store.events(session.id, session.events - 50)
        spent = _seconds(lambda: [store.content(event) for event in last])
        yield Result(f"{name}: opened, 50 events and their content", spent * 1000, "ms")
        spent = _seconds(lambda: store.fork(session.id, session.events // 2))
        yield Result(f"{name}: forked, with its lint", spent * 1000, "ms")


def _seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
