"""A commit must cost little more than the events that it adds; a graph, little for each change."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.core.events import Usage
from scrubber.sessions.checkpoints import Checkpoint
from scrubber.sessions.heads import Commit
from tests.bench.measuring import Result, Size, microseconds, seconds
from tests.sessions.made import add, cost, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

_HOUR_MS = 3_600_000


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    with open_store(folder / "store.db") as store:
        runtime, number = store.runtime, count()
        lease = runtime.lease(runtime.open("s"), ttl_ms=_HOUR_MS)
        items = (said("word"), cost("m", Usage(1, output=1, context=5)))
        point = Checkpoint({"turn": 1}, tool_state=b"tools" * 100)

        def commit(checkpoint: Checkpoint | None = None) -> None:
            what = Commit(f"t{next(number)}", items, checkpoint=checkpoint)
            runtime.commit("s", what, lease=lease)

        times = 100 * size.rounds
        floor, _ = microseconds(lambda _: add(store, "s", *items), times)
        spent, _ = microseconds(lambda _: commit(), times)
        yield Result("commit of two events", spent / floor, "x floor", 2, _told(floor))
        spent, _ = microseconds(lambda _: commit(point), times)
        yield Result("commit with a checkpoint", spent / floor, "x floor", 3, _told(floor))
        yield from _reads(store, size)


def _told(floor: float) -> str:
    return f"adding them: {floor:.0f} us"


def _reads(store: OpenStore, size: Size) -> Iterator[Result]:
    """What is read of a session with many changes, against reading its events."""
    runtime, session = store.runtime, store.session("s")
    floor = seconds(lambda: store.events("s"), size.rounds)
    told = f"reading {session.events:,} events: {floor * 1000:.1f} ms"
    changes = f"{session.revision:,} changes"
    for name, work, goal in (
        (f"graph of {changes}", lambda: runtime.graph("s"), 2.0),
        (f"token ledger of {changes}", lambda: runtime.usage("s"), 3.0),
        ("head", lambda: runtime.head("s"), None),
    ):
        yield Result(name, seconds(work, size.rounds) / floor, "x floor", goal, told)
