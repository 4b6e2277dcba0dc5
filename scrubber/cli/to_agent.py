"""``scrubber export --to-agent``: a new session where an agent looks for its sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output, redacting
from scrubber.cli.arguments import cut, opened
from scrubber.cli.failures import DONE
from scrubber.cli.progress import progress_line
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.transfer.handing_over import Continuation


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``export`` that are about agents."""
    parser.add_argument(
        "--to-agent",
        action="store_true",
        help="write it where the agent of that format looks for its sessions, as a new one",
    )
    parser.add_argument("--cwd", metavar="DIR", help="the folder for the agent to work in")
    parser.add_argument(
        "--repair",
        choices=["interrupt", "snap"],
        default="interrupt",
        help="open calls: answered as interrupted, or the cut moved back",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written")


def check_options(args: argparse.Namespace) -> None:
    """A BadArgumentError for options that do not go together."""
    if args.to_agent and (args.output != "-" or args.tree or args.force):
        raise BadArgumentError("--to-agent chooses the file, and never overwrites one")
    if not args.to_agent and (args.cwd or args.dry_run or args.repair != "interrupt"):
        raise BadArgumentError("--cwd, --repair and --dry-run need --to-agent")


def run(args: argparse.Namespace) -> int:
    """Hand the session over; gives the file and the command that resumes it on stdout."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        secrets = redacting.chosen(store, session.id, args)
        with progress_line() as line:
            done = store.continue_in(
                session.id,
                cut(session, args.at),
                args.format,
                cwd=args.cwd,
                repair=args.repair,
                dry_run=args.dry_run,
                progress=line.progress(),
                redact=secrets,
            )
    for loss in done.losses:
        output.say(f"note: {loss}")
    for warning in done.warnings:
        output.say(f"warning: {warning}")
    if args.json:
        _put_json(done)
    else:
        output.put(output.line(str(done.path)))
        output.put(output.line(done.command))
    return DONE


def _put_json(done: Continuation) -> None:
    output.put_json(
        {
            "session": done.session,
            "at": done.at,
            "format": done.format,
            "path": str(done.path),
            "native_id": done.native_id,
            "cwd": done.cwd,
            "command": done.command,
            "bytes": done.size,
            "losses": list(done.losses),
            "warnings": list(done.warnings),
        }
    )
