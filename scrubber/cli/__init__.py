"""The command line: one small module per command, and ``main``, which runs one of them.

Data goes to stdout, everything else to stderr. Importing this package imports neither Qt nor
SQLite; a command imports what it needs when it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import failures, logs, output, parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status that docs/cli.md lists, and raises nothing."""
    output.prepare()
    with failures.reported() as outcome, logs.said():
        args = parser.build().parse_args(argv)
        outcome.command = args.command or "open"
        outcome.status = _run(args)
        output.flush()
    return outcome.status


def _run(args: argparse.Namespace) -> int:
    status: int = args.run(args)
    return status
