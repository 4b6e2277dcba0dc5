"""Going anywhere in a long session, also deep down in a family of forks."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.bench.measuring import Result, Size, microseconds, seconds
from tests.bench.sessions import deepen, long_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scrubber.api import OpenStore


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    for events in (size.events[0], size.events[-1]):
        store, session = long_session(folder, events)
        with store:
            yield from seek(store, session, f"{events:,} events", size)
            deep = deepen(store, session, size.depths[-1])
            yield from seek(store, deep, f"{events:,} events, {size.depths[-1]} deep", size)
            spent = seconds(lambda store=store, one=session: store.track(one), size.rounds)  # type: ignore[misc]
            yield Result(f"track of {events:,} events", spent * 1000, "ms")


def seek(store: OpenStore, session: str, where: str, size: Size) -> Iterator[Result]:
    """Random places in one session."""
    random, length = Random(2), store.session(session).events
    places = [random.randrange(length) for _ in range(400 * size.rounds)]

    def content(number: int) -> None:
        (event,) = store.events(session, places[number], places[number] + 1)
        store.content(event)

    works: dict[str, tuple[Callable[[int], object], float | None]] = {
        "totals": (lambda n: store.totals(session, places[n]), 500),
        "event and content": (content, 500),
        "50 events before": (
            lambda n: store.events(session, places[n] - 50, places[n]),
            None,
        ),
        "lint": (lambda n: store.lint(session, places[n]), None),
    }
    for name, (work, goal) in works.items():
        work(0)
        half, most = microseconds(work, len(places))
        yield Result(f"{name}, {where}, p50", half, "us")
        yield Result(f"{name}, {where}, p99", most, "us", goal)
