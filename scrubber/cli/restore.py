"""``scrubber restore``: brings back what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, opened
from scrubber.cli.failures import DONE
from scrubber.core.ages import count

if TYPE_CHECKING:
    import argparse


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "restore", run, "bring back a deleted session and what went with it"
    )
    add_session(parser)
    add_json(parser, "one object")


def run(args: argparse.Namespace) -> int:
    """Bring a session back."""
    with opened(args) as store:
        restored = sorted(store.restore(args.session).added)
    if args.json:
        output.put_json({"restored": restored})
        return DONE
    for session in restored:
        output.put(session)
    output.say(f"{count(len(restored), 'session')} restored")
    return DONE
