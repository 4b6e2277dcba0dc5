"""How the costs grow with the length of a session, from a thousand events to a million."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.measuring import Result, Size, microseconds, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

_JUMPS = 100


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure; the names are ``growth of WORK, N events``, which ``plotting`` draws."""
    lengths = [10**power for power in range(2 if size.rounds == 1 else 3, 7)]
    for events in lengths:
        if events <= size.events[-1]:
            yield from grown(folder, events, size)


def grown(folder: Path, events: int, size: Size) -> Iterator[Result]:
    """The costs for one length."""
    source = corpus.write_events(folder / f"{events}.jsonl", events, scale=0.03)
    with open_store(folder / f"{events}.db") as store:
        begun = time.perf_counter()
        (found,) = store.import_paths([source])
        yield _told("import", events, time.perf_counter() - begun)
        session = str(found.session)
        yield _told("open", events, seconds(lambda: _open(store, session), size.rounds))
        places, jumps = Random(13), _JUMPS * size.rounds
        at = [places.randrange(events) for _ in range(jumps)]
        yield _told("jump", events, microseconds(lambda n: _jump(store, session, at[n]), jumps)[0])
        forks = microseconds(lambda n: store.fork(session, at[n]), jumps)[0]
        yield _told("fork", events, forks)
        store.update_index()
        yield _told("search", events, seconds(lambda: _search(store), size.rounds))


def _told(work: str, events: int, spent: float) -> Result:
    of_one = spent / 1e6 if work in ("jump", "fork") else spent
    return Result(f"growth of {work}, {events:,} events", of_one * 1000, "ms")


def _open(store: OpenStore, session: str) -> None:
    length = store.session(session).events
    store.track(session)
    store.events(session, max(length - 100, 0), length)


def _jump(store: OpenStore, session: str, at: int) -> None:
    store.totals(session, at)
    for event in store.events(session, max(at - 10, 0), at):
        store.content(event)


def _search(store: OpenStore) -> None:
    next(iter(store.search("nowordlikethis")), None)
