"""The parser of all commands; it needs no Qt and no store, so that ``--help`` is quick."""

from __future__ import annotations

import argparse

from scrubber import __version__
from scrubber.cli import (
    bookmark,
    compare,
    context,
    continue_,
    delete,
    demo,
    edit,
    events,
    export,
    files,
    fork,
    formats,
    import_,
    label,
    models,
    note,
    open_,
    redact,
    restore,
    search,
    session,
    sessions,
    show,
    tools,
    usage,
    verify,
)
from scrubber.cli.arguments import STORE_HELP

_MODULES = (
    open_,
    import_,
    sessions,
    events,
    show,
    context,
    search,
    files,
    usage,
    fork,
    edit,
    continue_,
    compare,
    note,
    label,
    bookmark,
    redact,
    export,
    delete,
    restore,
    verify,
    formats,
    models,
    tools,
    session,
    demo,
)

_EPILOG = """\
SESSION is an id or an unambiguous beginning of one. An index E means the first E events.
Data goes to stdout, everything else to stderr.
Exit status: 0 done, 1 failed, 2 wrong usage, 3 done in part,
4 budget used up, 5 waits for a person, 6 recording does not fit, 130 interrupted.
"""


def build() -> argparse.ArgumentParser:
    """The parser; what it parses has ``run``, the function of the command."""
    parser = argparse.ArgumentParser(
        prog="scrubber",
        description="Open the transcripts of AI agents, scrub through them, fork at any event, "
        "export. Without a command: open the window.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"scrubber {__version__}")
    parser.add_argument("--store", metavar="FILE", help=STORE_HELP)
    parser.set_defaults(run=open_.run, files=[])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in _MODULES:
        module.add(commands)
    return parser
