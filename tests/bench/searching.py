"""Search: first hits over long histories with and without the index, and what the index costs."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.core.timeline.prepare import filtered, prepare
from tests.bench import corpus, words
from tests.bench.importing import parse
from tests.bench.measuring import Result, Size, cpu_seconds, seconds
from tests.bench.sessions import long_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

_FIRST = 20
"""Hits on the first screen."""
_MANY = 5_000
_SESSIONS = 10
"""Files over which the events are spread."""


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    yield from costs(folder, size)
    yield from speeds(folder, size)
    yield from filters(folder, size)


def costs(folder: Path, size: Size) -> Iterator[Result]:
    """CPU of indexing and size of the index, for transcripts as long as real ones."""
    source = corpus.write(folder / "session.jsonl", size.source_bytes // 2)
    floor = cpu_seconds(lambda: parse(source), size.rounds)
    with open_store(folder / "costs.db") as store:
        imported = cpu_seconds(lambda: store.import_paths([source]), 1)
        indexed = cpu_seconds(store.rebuild_index, size.rounds)
    kept = (folder / "costs.db-search").stat().st_size
    whole = kept + (folder / "costs.db").stat().st_size
    yield Result("indexing, CPU", indexed / floor, "x parsing", None)
    told = f"orjson.loads of {source.stat().st_size / 1e6:.0f} MB: {floor:.3f} s CPU"
    both = imported + indexed
    yield Result("import with full text, CPU", both / floor, "x parsing", 5.5, told)
    yield Result("import with index, CPU", both / imported, "x import")
    yield Result("index size", kept / source.stat().st_size, "x source")
    yield Result("store size with index", whole / source.stat().st_size, "x source", 0.30)


def speeds(folder: Path, size: Size) -> Iterator[Result]:
    """First hits of a rare and a frequent word, a phrase, words with conditions."""
    events = size.events[-1]
    sources = [
        corpus.write_events(folder / f"{n}.jsonl", events // _SESSIONS, n, scale=0.03)
        for n in range(_SESSIONS)
    ]
    floor = seconds(lambda: deque(map(parse, sources)), 1)
    with open_store(folder / "speeds.db") as store:
        store.import_paths(sources)
        frequent, rare = _words()
        scan = seconds(lambda: first(store, "nowordlikethis"), 1)
        told = f"orjson.loads of the same: {floor:.2f} s"
        yield Result("search without index, nothing found", scan / floor, "x parsing", 0.6, told)
        store.update_index()
        for name, query in {
            "a rare word": rare,
            "a frequent word": frequent,
            "two words": f"{frequent} {rare}",
            "a phrase": f'"{frequent} {rare}"',
            "three letters": frequent[:3],
            "a word in failed calls": f"{frequent} tool:bash is:error",
            "no word": "is:error role:tool",
            "only what is not in them": f"-{frequent}",
            "on branches, of which there are none": "in:branch",
            "with a label that no event has": "label:none",
            "nothing": "nowordlikethis",
        }.items():
            spent = seconds(lambda query=query: first(store, query), max(size.rounds, 3))  # type: ignore[misc]
            yield Result(f"search {events:,} events, {name}", spent * 1000, "ms", 50)
        hits: list[int] = []
        spent = seconds(lambda: hits.append(first(store, frequent, _MANY)), 1)
        yield Result(f"search, each of {hits[0]:,} hits", spent / hits[0] * 1e6, "us")


def filters(folder: Path, size: Size) -> Iterator[Result]:
    """Which events of one long session fit, as the filter of the window asks."""
    store, session = long_session(folder, size.events[-1])
    with store:
        store.update_index()
        prepared = prepare(store.track(session))
        for query in ("is:error", "lane:you,model", "tool:bash", _words()[0]):
            spent = seconds(lambda query=query: store.fits(session, query), size.rounds)  # type: ignore[misc]
            yield Result(f"filter {len(prepared):,} events, {query.split(':')[0]}", spent, "s")
        mask = store.fits(session, "lane:you,model")
        spent = seconds(lambda: filtered(prepared, mask), size.rounds)
        yield Result(f"timeline of {len(prepared):,} events, filtered", spent * 1000, "ms", 16)


def first(store: OpenStore, query: str, most: int = 0) -> int:
    """How many hits there are: of the first screen, or, with ``most``, of all sessions."""
    return len(list(islice(store.search(query, each=most or 5), most or _FIRST)))


def _words() -> tuple[str, str]:
    """A frequent and a rare word of the corpus."""
    counts: dict[str, int] = {}
    for word in words.prose().split():
        if word.isalpha() and len(word) >= 4:
            counts[word] = counts.get(word, 0) + 1
    ordered = sorted(counts, key=counts.__getitem__)
    return ordered[-1], ordered[len(ordered) // 4]
