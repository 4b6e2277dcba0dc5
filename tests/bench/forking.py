"""A fork must cost the same at any length, and next to nothing at any depth."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.bench.measuring import Result, Size, microseconds
from tests.bench.sessions import deepen, long_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    first = None
    for events in size.events:
        store, session = long_session(folder, events)
        with store:
            spent, grown = fork(store, session, size)
            told = f"{first:.0f} us at {size.events[0]:,} events" if first else ""
            yield Result(f"fork at {events:,} events", spent, "us", 1000)
            yield Result(f"fork at {events:,} events, growth", grown, "bytes", 4096)
            if first:
                yield Result(f"fork at {events:,} events", spent / first, "x short", 1.5, told)
            first = first or spent
            spent, _ = fork(store, session, size, with_lint=True)
            yield Result(f"fork with lint and title at {events:,} events", spent, "us", 1000)
            if events != size.events[-1]:
                continue
            for depth in size.depths:
                spent, grown = fork(store, deepen(store, session, depth), size)
                yield Result(f"fork {depth} deep", spent, "us", 1000)
                yield Result(f"fork {depth} deep, growth", grown, "bytes", None)


def fork(
    store: OpenStore, session: str, size: Size, *, with_lint: bool = False
) -> tuple[float, float]:
    """(microseconds, bytes) of one fork at a random index, median and mean of many."""
    random, length = Random(1), store.session(session).events
    before = used_bytes(store)
    count = 100 * size.rounds

    def one(number: int) -> None:
        at = random.randrange(length // 2, length + 1)
        if with_lint:
            store.fork(session, at)
        else:
            store.store.fork(session, at, title=f"fork {number}")

    spent, _ = microseconds(one, count)
    return spent, (used_bytes(store) - before) / count


def used_bytes(store: OpenStore) -> int:
    """The size of the store's file, without its free pages."""
    connection = store.store.connections.get()
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)
