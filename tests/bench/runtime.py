"""What an agent runtime does with its sessions must not cost more the longer they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.bench.measuring import Result, Size, microseconds
from tests.bench.sessions import long_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.sessions import Sessions

_LONGEST = 100_000
_SAID = {"role": "assistant", "content": "a sentence of some length, as models say it " * 4}


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    count = 100 * size.rounds
    with closing(_Rows(folder / "floor.db")) as rows:
        floor, _ = microseconds(rows.add, count)
    first: dict[str, float] = {}
    for events in (number for number in size.events if number <= _LONGEST):
        store, session = long_session(folder, events)
        with store:
            for name, spent in _verbs(store.runtime, session, count):
                yield Result(f"{name} at {events:,} events", spent, "us")
                if name in first:
                    told = f"{first[name]:.0f} us at {size.events[0]:,} events"
                    goal = None if "length" in name else 2  # counts what is in memory
                    ratio = spent / first[name]
                    yield Result(f"{name} at {events:,} events", ratio, "x short", goal, told)
                first.setdefault(name, spent)
    told = f"a row of 200 bytes, committed: {floor:.0f} us"
    yield Result("inject", first["inject"] / floor, "x a row", None, told)


def _verbs(runtime: Sessions, source: str, count: int) -> Iterator[tuple[str, float]]:
    session = runtime.fork(source)
    runtime.length(session)
    yield "inject", microseconds(lambda _: runtime.inject(session, _SAID), count)[0]
    yield "inject, then length", microseconds(lambda _: _talk(runtime, session), count)[0]
    yield "runtime's fork", microseconds(lambda _: runtime.fork(session), count)[0]
    yield "fork_at", microseconds(lambda n: runtime.fork_at(session, 50 + n), count)[0]


def _talk(runtime: Sessions, session: str) -> None:
    runtime.inject(session, _SAID)
    runtime.length(session)


class _Rows:
    """A table in a file like a store's, to which nothing but a row is added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                "PRAGMA journal_mode = WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)"
            )
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def add(self, number: int) -> None:
        """One transaction."""
        self._connection.execute("INSERT INTO rows (data) VALUES (?)", (b"x" * 200,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
