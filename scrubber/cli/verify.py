"""``scrubber verify``: checks everything in the store that can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.failures import DONE, FAILED
from scrubber.cli.progress import progress_line
from scrubber.core.ages import count

if TYPE_CHECKING:
    import argparse


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "verify", run, "check the store: records, events, sessions, sums"
    )
    add_json(parser, "an object a line for each fault")


def run(args: argparse.Namespace) -> int:
    """Check the store; the status is 1 if anything is wrong with it."""
    faults = 0
    with opened(args, read_only=True) as store, progress_line() as line:
        for fault in store.verify(line.progress()):
            faults += 1
            line.clear()
            if args.json:
                output.put_json({"where": fault.where, "what": fault.what})
            else:
                output.put(f"{fault.where}: {fault.what}")
        line.clear()
        output.say(
            f"{store.path}: {count(faults, 'fault')}" if faults else f"{store.path}: all is well"
        )
    return FAILED if faults else DONE
