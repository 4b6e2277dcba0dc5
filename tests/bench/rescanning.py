"""Looking again at files that did not change: nothing but a stat for each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.measuring import Result, Size, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    files = [folder / "projects" / f"{n % 50}" / f"{n}.jsonl" for n in range(size.files)]
    for number, path in enumerate(files):
        corpus.write_events(path, 2, number)
    floor = seconds(lambda: [path.stat() for path in files], size.rounds)
    with open_store(folder / "store.db") as store:

        def scan() -> None:
            assert sum(r.events for r in store.import_paths([folder / "projects"])) == 2 * len(
                files
            )

        first = seconds(scan, 1)
        again = seconds(scan, size.rounds)
        opened = _opened(scan, files)
    told = f"os.stat of {len(files)} files: {floor / len(files) * 1e6:.1f} us each"
    yield Result("first scan, for each small file", first / len(files) * 1e6, "us")
    yield Result("scan of unchanged files, each", again / len(files) * 1e6, "us", 24, told)
    yield Result("scan of unchanged files", again / floor, "x os.stat", None, told)
    yield Result("scan of unchanged files, opened", opened, "files", 0)


def _opened(work: Callable[[], object], files: Sequence[Path]) -> int:
    """How many of the files some work opens."""
    wanted, seen, listens = set(map(str, files)), set[str](), True

    def hear(event: str, words: tuple[object, ...]) -> None:
        if listens and event == "open" and str(words[0]) in wanted:
            seen.add(str(words[0]))

    sys.addaudithook(hear)  # for good: it cannot be taken away
    work()
    listens = False
    return len(seen)
