"""Notes cost what they are, whatever a session's length; a scan for secrets, next to reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.transfer import scanning
from tests.bench import corpus
from tests.bench.measuring import Result, Size, microseconds, seconds
from tests.bench.sessions import long_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.core.redaction import Finding

_NOTES = 100
_TOKEN = "ghp" + "_" + "Ab1" * 12


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    first = None
    for events in size.events:
        store, session = long_session(folder, events)
        with store:
            write(store, session, events)
            name, spent = f"{_NOTES} notes of {events:,} events", look(store, session, size)
            yield Result(name, spent, "us", 5000)
            if first:
                told = f"{first:.0f} us at {size.events[0]:,} events"
                yield Result(name, spent / first, "x short", 1.5, told)
            first = first or spent
            spent = mark(store, session, events // 2, size)
            yield Result(f"bookmark in {events:,} events", spent, "us", 20000)
    yield from scan(folder, size)


def look(store: OpenStore, session: str, size: Size) -> float:
    """Microseconds to read all notes."""
    return microseconds(lambda _n: store.notes.of(session), 100 * size.rounds)[0]


def mark(store: OpenStore, session: str, at: int, size: Size) -> float:
    """Microseconds to set or take a bookmark."""
    return microseconds(lambda n: store.notes.bookmark(session, at, n % 2 == 0), 100 * size.rounds)[
        0
    ]


def write(store: OpenStore, session: str, events: int) -> None:
    """Notes all over the session."""
    for number in range(_NOTES):
        store.notes.write(session, number * events // _NOTES, f"note {number}")


def scan(folder: Path, size: Size) -> Iterator[Result]:
    """Looking for secrets, and writing without them, next to reading what all records say."""
    source = folder / "session.jsonl"
    corpus.write(source, size.source_bytes // 4)
    mega = source.stat().st_size / 1e6
    with open_store(folder / "store.db") as store:
        session = str(store.import_paths([source])[0].session)
        number = store.store.source_of(source)
        assert number is not None

        def read() -> None:
            for raw in store.store.records(number.id):
                scanning.texts_of(raw)

        store.notes.write(session, 5, f"never tell {_TOKEN}")
        found = store.secrets(session)
        floor = seconds(read, size.rounds)
        spent = seconds(lambda: store.secrets(session), size.rounds)
        told = f"reading and decoding {mega:.0f} MB: {floor:.2f} s"
        yield Result("scan for secrets", spent / floor, "x reading", 25, told)
        yield Result("scan for secrets, rate", mega / spent, "MB/s")
        drain(store, session, found)  # the first time imports what it needs
        plain = seconds(lambda: drain(store, session, None), size.rounds)
        safe = seconds(lambda: drain(store, session, found), size.rounds)
        told = f"without: {plain:.2f} s"
        yield Result("export with placeholders", safe / plain, "x without", 3, told)


def drain(store: OpenStore, session: str, found: list[Finding] | None) -> None:
    """Make the whole file, and keep nothing of it."""
    for _ in store.export(session, format="messages", redact=found):
        pass
