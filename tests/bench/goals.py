"""The goals of the design, row by row, and which figures tell whether they are met."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of the table of goals."""

    what: str
    goal: str
    bench: str
    """The benchmark that measures it."""
    figures: str
    """A regular expression for the names of its figures; those of them that have a goal count."""

    def counts(self, name: str) -> bool:
        """Whether a figure is one of this row's."""
        return re.fullmatch(self.figures, name) is not None


ROWS = (
    Row("import without index, CPU", "≤ 2.5 × parsing", "importing", "import, CPU"),
    Row(
        "import with full text, CPU",
        "≤ 5.5 × parsing",
        "searching",
        "import with full text, CPU",
    ),
    Row("store size, index included", "≤ 0.30 × source", "searching", "store size with index"),
    Row(
        "import memory, any file, 10 MB lines",
        "≤ 150 MB peak",
        "importing",
        "import(?: of 10 MB lines)?, peak memory",
    ),
    Row(
        "re-scan of unchanged files",
        "≤ 24 µs each (50,000 in 1.2 s), none opened",
        "rescanning",
        "scan of unchanged files, (?:each|opened)",
    ),
    Row(
        "fork, 1 M events ÷ 1,000 events",
        "≤ 1.5; ≤ 1 ms; ≤ 4 KB",
        "forking",
        "fork at [^k]*events(?:, growth)?",
    ),
    Row(
        "event + payload, 100 forks deep, 1 M events",
        "p99 ≤ 0.5 ms",
        "seeking",
        "event and content, .* deep, p99",
    ),
    Row("counts up to an index", "p99 ≤ 0.5 ms", "seeking", "totals, .*, p99"),
    Row(
        "open a session of 1 M events to painted",
        "≤ 150 ms warm, ≤ 600 ms cold",
        "scrubbing",
        "open .* events to painted, (?:cold|warm)",
    ),
    Row("drag the playhead, GUI thread per frame", "p99 ≤ 16 ms", "scrubbing", "drag step, .*p99"),
    Row(
        "random jump, all panes",
        "p50 ≤ 10 ms, p99 ≤ 16 ms",
        "scrubbing",
        "random jump, .*events, p(?:50|99)",
    ),
    Row("timeline zoom step, 1 M events", "p99 ≤ 6 ms", "scrubbing", "zoom step, .*p99"),
    Row(
        "tree of 100,000 sessions: open, scroll step",
        "≤ 60 ms, ≤ 8 ms",
        "tables",
        "tree of .* sessions, opened|scroll step, p99",
    ),
    Row("start to first painted window", "≤ 1.25 × bare window", "window", "first paint"),
    Row(
        "memory, 1 M events open, after 400 jumps",
        "≤ 2 × bare window",
        "memory",
        "memory, .* jumps",
    ),
    Row(
        "search, 1 M events, first hits",
        "≤ 50 ms; without index ≤ 0.6 × parsing",
        "searching",
        "search [\\d,]+ events, .*|search without index, nothing found",
    ),
    Row(
        "live tail of 1,000 lines a second",
        "≤ 25 % of a core, ≤ 200 ms behind",
        "tailing",
        "live tail.*",
    ),
    Row("export of untouched events", "≤ 6 × writing", "exporting", "export as source"),
    Row(
        "other tools on the same files, to the first view",
        "window sooner than each",
        "peers",
        "Scrubber's window, .*",
    ),
)
