"""Measures how fast Scrubber is, against the goals of its design.

    python -m tests.bench [--small] [--size MB] [--json] [NAME…]

A name is that of a module beside this one; an unknown name lists them. Ratios are to a floor
measured in the same run; of the rest only the order of magnitude carries over to another machine.
``tests.bench.report`` makes tables of what ``--json`` prints.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from tests.bench import report
from tests.bench.measuring import FULL, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.measuring import Result, Size

NAMES = (
    *("importing", "rescanning", "tailing", "forking", "seeking", "exporting", "committing"),
    *("searching", "looking", "comparing", "noting", "runtime", "growing", "extremes"),
    *("waiting", "window", "scrubbing", "tables", "memory", "streaming", "peers"),
)
BY_NAME_ONLY = ("giant",)
"""Those that take minutes each."""


def names() -> list[str]:
    """The benchmarks of a run without names."""
    return [name for name in NAMES if find_spec(f"tests.bench.{name}")]


def results(wanted: Sequence[str], size: Size) -> Iterator[Result]:
    """Run benchmarks, each in an empty folder of its own; how long each takes goes to stderr."""
    for name in wanted:
        begun, cpu = time.perf_counter(), sum(os.times()[:4])
        with tempfile.TemporaryDirectory(prefix="scrubber-bench-") as folder:
            yield from import_module(f"tests.bench.{name}").run(Path(folder), size)
        took, cpu = time.perf_counter() - begun, sum(os.times()[:4]) - cpu
        print(f"{name}: {took:.0f} s, {cpu:.0f} s of them CPU", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Print the figures as they come, then the goals; 1 if a figure falls short of its goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES + BY_NAME_ONLY))
    parser.add_argument("--small", action="store_true", help="only show that everything works")
    parser.add_argument("--size", type=int, metavar="MB", help="of the files that are generated")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - {*names(), *BY_NAME_ONLY}:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    size = SMALL if options.small else FULL
    if options.size:
        mega = options.size * 1_000_000
        size = replace(size, source_bytes=mega, peer_bytes=(mega,))
    found = []
    for result in results(options.names or names(), size):
        print(
            orjson.dumps(result.as_json()).decode() if options.json else result.line(), flush=True
        )
        found.append(result)
    if not options.json:
        print("", *report.goals(found, only_measured=True), sep="\n")
    return 1 if any(result.passed is False for result in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
