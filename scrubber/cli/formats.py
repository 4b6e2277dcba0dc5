"""``scrubber formats``: what can be read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json
from scrubber.cli.failures import DONE

if TYPE_CHECKING:
    import argparse


class _Row(NamedTuple):
    name: str
    title: str
    reads: bool
    writes: bool


_ALWAYS = (
    _Row("native", "Scrubber snapshot, which loses nothing", True, True),
    _Row("source", "the format that a session came from", False, True),
)


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "formats", run, "list the formats that are read and written")
    add_json(parser, "an object a line for each format")


def run(args: argparse.Namespace) -> int:
    """List the formats; needs no store."""
    from scrubber.api import OpenStore

    rows = [*_ALWAYS, *(_Row(*entry) for entry in OpenStore.formats())]
    if args.json:
        for row in rows:
            output.put_json(row._asdict())
        return DONE
    cells = [(r.name, _tick(r.reads), _tick(r.writes), r.title) for r in rows]
    for line in tables.table(("FORMAT", "READ", "WRITE", "TITLE"), cells, width=output.width()):
        output.put(line)
    return DONE


def _tick(yes: bool) -> str:
    return "yes" if yes else "—"
