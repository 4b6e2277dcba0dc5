"""Import: CPU against the parsing of the same bytes, size of the store, peak memory."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from scrubber.api import open_store
from scrubber.formats import containers, registry
from tests.bench import corpus
from tests.bench.measuring import TELL_PEAK, Result, Size, cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
IMPORT = """
import sys
from scrubber.api import open_store
with open_store(sys.argv[1]) as store:
    assert all(result.events for result in store.import_paths(sys.argv[2:]))
"""


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    source = corpus.write(folder / "session.jsonl", size.source_bytes)
    floor = cpu_seconds(lambda: parse(source), size.rounds)
    stores = count()

    def import_it() -> None:
        with open_store(folder / f"{next(stores)}.db") as store:
            assert [result.status for result in store.import_paths([source])] == ["new"]

    spent = cpu_seconds(import_it, size.rounds)
    told = f"orjson.loads of {source.stat().st_size / 1e6:.0f} MB: {floor:.3f} s CPU"
    yield Result("import, CPU", spent / floor, "x parsing", 2.5, told)
    reading = cpu_seconds(lambda: read(source), size.rounds)
    yield Result("import, CPU of reading alone", reading / floor, "x parsing")
    yield Result("import, rate", source.stat().st_size / 1e6 / spent, "MB/s CPU")
    with open_store(folder / "0.db") as store:
        events = store.sessions()[0].events
    yield Result("import, CPU for each event", spent / events * 1e6, "us")
    kept = (folder / "0.db").stat().st_size
    yield Result("store size", kept / source.stat().st_size, "x source", 0.30)
    yield Result("import, peak memory", peak_memory(folder, source), "MB", 150)
    yield Result("import of 10 MB lines, peak memory", peak_of_long_lines(folder, size), "MB", 150)


def parse(source: Path) -> None:
    """The floor: read each line, and make objects of it."""
    with source.open("rb") as stream:
        for line in stream:
            orjson.loads(line)


def read(source: Path) -> None:
    """Recognise a file and derive its events, but keep none of them."""
    format = registry.recognise(source)
    with containers.open_source(format, source) as stream:
        for _ in containers.reader_of(format, source).read(stream):
            pass


def peak_of_long_lines(folder: Path, size: Size) -> float:
    """Peak memory for a file whose records are as long as real ones get."""
    scale = size.source_bytes / 1_000_000
    source = folder / "long.jsonl"
    with source.open("wb") as stream:
        for line in corpus.lines("long", 10, scale=1.0):
            record = orjson.loads(line)
            stream.write(line)
            record["toolUseResult"] = {"stdout": "0123456789abcde\n" * int(5_000 * scale)}
            record["uuid"] = f"long-{len(line)}"
            stream.write(orjson.dumps(record) + b"\n")
    return peak_memory(folder, source)


def peak_memory(folder: Path, source: Path) -> float:
    """Peak memory in MB of a process that imports a file."""
    command = [
        sys.executable,
        "-c",
        IMPORT + TELL_PEAK,
        str(folder / f"peak-{source.stem}.db"),
        str(source),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, text=True)
    return int(done.stdout) / 1e6
