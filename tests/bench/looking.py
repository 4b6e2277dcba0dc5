"""What the inspector asks of a long session: its context, usage and files at an index."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench.measuring import Result, Size, cpu_seconds
from tests.bench.sessions import long_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

EVENTS = 50_000


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure; the floor is reading the session's events, once."""
    events = min(EVENTS, size.events[-1])
    store, session = long_session(folder, events)
    with store:
        floor = cpu_seconds(lambda: store.events(session), size.rounds)
        floored = f"reading {events:,} events takes {floor * 1000:.0f} ms"
        for name, value, goal in looks(store, session, events, size.rounds):
            yield Result(f"{name}, {events:,} events", value * 1000, "ms")
            yield Result(f"{name}, ratio", value / floor, "x reading", goal, floored)


def looks(
    store: OpenStore, session: str, events: int, rounds: int
) -> Iterator[tuple[str, float, float | None]]:
    """(what, CPU seconds, goal as a ratio to the floor)."""
    random = Random(4)

    def first() -> None:
        with open_store(store.path) as fresh:
            fresh.context(session)

    def jump() -> None:
        store.context(session, random.randrange(events * 9 // 10, events))

    at = events - 40 * rounds - 40

    def step() -> None:
        nonlocal at
        at += 7
        store.context(session, at)

    yield "context at the end, first look", cpu_seconds(first, rounds), 5
    store.context(session)
    yield "context after a jump", cpu_seconds(jump, rounds), 2
    store.context(session, at)
    yield "context after a step", cpu_seconds(step, rounds), 0.5
    yield "usage, first look", cpu_seconds(lambda: store.usage(session), 1), None
    yield "usage after a jump", cpu_seconds(lambda: store.usage(session, events // 2), rounds), None
    yield "files, first look", cpu_seconds(lambda: store.files(session), 1), None
    yield "files after a jump", cpu_seconds(lambda: store.files(session, events // 2), rounds), None
