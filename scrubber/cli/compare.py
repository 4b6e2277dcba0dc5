"""``scrubber compare``: what branches have in common, and where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.compare_text import ComparisonText
from scrubber.cli.failures import DONE, USAGE, sentence
from scrubber.cli.progress import progress_line
from scrubber.core.compare.values import NOTHING, as_text, changes
from scrubber.core.errors import ScrubberError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.compare.alignment import Alignment, Row
    from scrubber.transfer.comparing import Cell, Column, Comparison

DIFFERENT = 1
"""As ``diff`` and ``cmp`` have it: 0 equal, 1 different, 2 trouble."""

_WIDTH = 100


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "compare", run, "compare sessions or branches, event by event")
    parser.add_argument(
        "sessions", metavar="SESSION", nargs="+", help="two to eight, by id or a beginning of one"
    )
    parser.add_argument(
        "--all", action="store_true", help="list every difference, not only the first ones"
    )
    add_json(parser, "one object with the figures, the first divergence and the alignment")


def run(args: argparse.Namespace) -> int:
    """Print figures, first divergence and differences; the status tells equal from different."""
    try:
        with opened(args, read_only=True) as store:
            with progress_line() as line:
                comparison = store.compare(args.sessions, line.progress())
            if args.json:
                output.put_json(_as_json(store, comparison))
            else:
                text = ComparisonText(store, comparison, output.width() or _WIDTH)
                for one in text.lines(everything=args.all):
                    output.put(one)
    except BrokenPipeError:
        raise  # whoever read it has had enough: no trouble
    except (ScrubberError, OSError) as error:
        output.say(f"scrubber compare: {sentence(error)}")
        return USAGE
    return DONE if comparison.is_equal else DIFFERENT


def _as_json(store: OpenStore, comparison: Comparison) -> dict[str, Any]:
    alignment = comparison.alignment
    first = alignment.first
    shared = len(alignment) if first is None else first.number
    return {
        "equal": comparison.is_equal,
        "columns": [
            _column_json(column, alignment.cut(n, shared))
            for n, column in enumerate(comparison.columns)
        ],
        "first": None if first is None else _row_json(store, comparison, first),
        "differences": len(alignment.differences),
        "rows": list(_rows_json(alignment)),
    }


def _column_json(column: Column, shared: int) -> dict[str, Any]:
    headline = column.headline
    return {
        "session": column.session.id,
        "title": column.session.title,
        "model": column.session.model,
        "hypothesis": column.session.hypothesis,
        "verdict": column.session.verdict,
        "shared": shared,
        "outcome": headline.outcome,
        **headline.whole.as_json(),
        "own": headline.own.as_json(),
    }


def _row_json(store: OpenStore, comparison: Comparison, row: Row) -> dict[str, Any]:
    cells = store.compared(comparison, row.number)
    return {
        "state": row.state,
        "events": list(row.places),
        "variants": _variants(row),
        "kind": next(cell.event.kind.label for cell in cells if cell is not None),
        "texts": [None if cell is None else as_text(cell.content) for cell in cells],
        "arguments": _arguments_json(cells),
    }


def _arguments_json(cells: tuple[Cell | None, ...]) -> list[dict[str, Any]]:
    """What differs inside the arguments of the first two columns that have any."""
    values = [c.content.arguments for c in cells if c is not None and c.content.arguments]
    if len(values) < 2:
        return []
    return [
        {
            "path": change.path,
            **({} if change.before is NOTHING else {"before": change.before}),
            **({} if change.after is NOTHING else {"after": change.after}),
        }
        for change in changes(values[0], values[1])
    ]


def _rows_json(alignment: Alignment) -> Iterator[dict[str, Any]]:
    """The rows in order; neighbours where all columns go on alike are one, with their number."""
    row, length = 0, len(alignment)
    while row < length:
        here = alignment.row(row)
        stop = row + 1
        if here.is_alike and here.is_whole:
            stop = _end_of_run(alignment, row)
        made: dict[str, Any] = {"state": here.state, "events": list(here.places)}
        made["count"] = stop - row
        if here.state != "equal":
            made |= {"variants": _variants(here), "telling": here.is_telling}
        yield made
        row = stop


def _end_of_run(alignment: Alignment, row: int) -> int:
    middle = alignment.middle()
    stop = row + 1
    while stop < len(alignment):
        if stop < middle.start:
            stop = middle.start
        elif stop >= middle.stop:
            stop = len(alignment)
        elif not (alignment.row(stop).is_alike and alignment.row(stop).is_whole):
            break
        else:
            stop += 1
    return stop


def _variants(row: Row) -> list[int | None]:
    return [
        None if place is None else variant
        for place, variant in zip(row.places, row.variants, strict=True)
    ]
