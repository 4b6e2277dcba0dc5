"""Following a file that an agent writes at 1,000 lines a second."""

from __future__ import annotations

import time
from statistics import quantiles
from threading import Thread
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.transfer.following import Follower
from tests.bench import corpus
from tests.bench.measuring import Result, Size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RATE = 1000
_LOOK_S = 0.04


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    seconds = min(size.rounds, 5)
    lines = corpus.lines("tail", 400 + _RATE * seconds, scale=0.05)
    path = folder / "session.jsonl"
    path.write_bytes(b"".join(lines[:400]))
    with open_store(folder / "store.db") as store:
        store.import_paths([path])
        follower = Follower(store.store, path)
        follower.catch_up()
        written: list[float] = []
        writer = Thread(target=_write, args=(path, lines[400:], written))
        writer.start()
        cpu, begun, lags, seen = time.thread_time(), time.perf_counter(), [], 0
        source = store.store.sources()[0].id
        while writer.is_alive() or seen < len(written):
            follower.catch_up()
            now, upto = time.perf_counter(), store.store.source(source).records - 400
            lags += [now - written[n] for n in range(seen, upto)]
            seen = upto
            time.sleep(_LOOK_S)
        took, used = time.perf_counter() - begun, time.thread_time() - cpu
        writer.join()
    told = f"{len(lines) - 400:,} lines in {took:.1f} s"
    yield Result("live tail, 1,000 lines a second: CPU", 100 * used / took, "% of a core", 25, told)
    yield Result("live tail: behind by, p99", 1000 * quantiles(lags, n=100)[98], "ms", 200, told)


def _write(path: Path, lines: list[bytes], written: list[float]) -> None:
    """Append lines as an agent does, each by itself, at an even pace."""
    begun = time.perf_counter()
    with path.open("ab", buffering=0) as stream:
        for number, line in enumerate(lines):
            wait = begun + number / _RATE - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            written.append(time.perf_counter())  # first: it may be read before write comes back
            stream.write(line)
