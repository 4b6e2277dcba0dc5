"""Two long branches side by side: other runs altogether, copies, and forks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.measuring import Result, Size, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST = 10_000
"""Events of a branch, for which the goal is given."""


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    events = min(size.events[-1], _MOST)
    one, other, copy = (
        corpus.write_events(folder / f"{name}.jsonl", events, seed, scale=0.2)
        for name, seed in (("one", 1), ("other", 2), ("copy", 1))
    )
    with open_store(folder / "compare.db") as store:
        names = [str(result.session) for result in store.import_paths([one, other, copy])]
        first, second, again = names
        floor = seconds(lambda: [store.events(name) for name in (first, second)], size.rounds)
        told = f"the events of both, read: {floor:.2f} s"
        for what, pair in (("other runs", (first, second)), ("copies", (first, again))):
            spent = seconds(partial(store.compare, pair), size.rounds)
            yield Result(f"two {what} of {events:,} events", spent, "s", 2)
            yield Result(f"two {what} of {events:,} events", spent / floor, "x reading", None, told)
        fork = store.fork(first, events * 9 // 10).session.id
        spent = seconds(lambda: store.compare([first, fork]), size.rounds)
        yield Result(f"a fork of {events:,} events beside its source", spent, "s", 0.3)
