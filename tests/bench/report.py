"""Makes Markdown of what ``python -m tests.bench --json`` printed.

    python -m tests.bench.report RUN.json [OTHER.json] [--into PAGE.md]

Of one run: the goals and whether they are met, then other tools on the same files. Of two: every
figure of both, side by side. ``--into`` writes it between the two marks of a page.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from tests.bench.goals import ROWS
from tests.bench.measuring import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_PEAK = ": peak memory"
_FEW = 3
"""Figures that one cell of the table still has room for."""


def results(lines: Iterable[bytes]) -> list[Result]:
    """The figures of a run, from JSON Lines."""
    found = [{**orjson.loads(line)} for line in lines if line.strip()]
    return [Result(**{k: v for k, v in one.items() if k != "passed"}) for one in found]


def goals(run: Sequence[Result], *, only_measured: bool = False) -> Iterator[str]:
    """The table of goals; of a row with many figures, the one that is worst."""
    yield "| what | goal | measured | |"
    yield "|---|---|---|---|"
    for row in ROWS:
        figures = [one for one in run if row.counts(one.name) and one.goal is not None]
        if figures or not only_measured:
            yield f"| {row.what} | {row.goal} | {_told(figures)} | {_met(figures)} |"


def _told(figures: Sequence[Result]) -> str:
    worst = sorted((one for one in figures if one.value is not None), key=_share)
    if not worst:
        return "not measured"
    if len(worst) <= _FEW:
        return "; ".join(_value(one) for one in worst)
    return f"at most {_value(worst[-1])} ({worst[-1].name})"


def _met(figures: Sequence[Result]) -> str:
    known = [one.passed for one in figures if one.passed is not None]
    if not known:
        return ""
    return "met" if all(known) else f"short: {known.count(False)} of {len(known)}"


def _share(one: Result) -> float:
    assert one.value is not None
    return one.value / one.goal if one.goal else one.value


def _value(one: Result) -> str:
    if one.value is None:
        return "–"
    digits = 0 if one.value >= 100 else 1 if one.value >= 10 else 2
    return f"{one.value:,.{digits}f} {one.unit}".rstrip()


def tools(run: Sequence[Result]) -> Iterator[str]:
    """The table of other tools, a file at a time."""
    peaks = {one.name.removesuffix(_PEAK): one for one in run if one.name.endswith(_PEAK)}
    yield "| tool, file | what there is then | time | memory |"
    yield "|---|---|---:|---:|"
    for one in run:
        if re.search(r", [\d.]+ MB \.\w+$", one.name):
            peak = peaks.get(one.name)
            yield f"| {one.name} | {one.floor} | {_value(one)} | {_value(peak) if peak else '–'} |"


def beside(run: Sequence[Result], other: Sequence[Result]) -> Iterator[str]:
    """Every figure of two runs; the last column is the second divided by the first."""
    second = {(one.name, one.unit): one for one in other}
    yield "| figure | first | second | ÷ |"
    yield "|---|---:|---:|---:|"
    for one in run:
        then = second.get((one.name, one.unit))
        ratio = then.value / one.value if then and then.value and one.value else None
        told = f"{ratio:.2f}" if ratio is not None else "–"
        yield f"| {one.name} | {_value(one)} | {_value(then) if then else '–'} | {told} |"


def put_into(page: str, text: str) -> str:
    """The page with the text between its marks; a ValueError if it has none."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    return page[: page.index(BEGIN) + len(BEGIN)] + f"\n{text}\n" + page[page.index(END) :]


def main(arguments: Sequence[str]) -> int:
    """Print the tables, or write them into a page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.report", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN.json")
    parser.add_argument("--into", type=Path, metavar="PAGE.md")
    options = parser.parse_args(arguments)
    runs = [results(path.read_bytes().splitlines()) for path in options.runs]
    lines = beside(*runs[:2]) if len(runs) > 1 else [*goals(runs[0]), "", *tools(runs[0])]
    text = "\n".join(lines)
    if options.into:
        page = options.into.read_text(encoding="utf-8")
        options.into.write_text(put_into(page, text), encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
