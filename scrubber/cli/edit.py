"""``scrubber edit``: a fork in which one event says something else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, index, opened
from scrubber.cli.failures import DONE
from scrubber.cli.fork import as_json
from scrubber.core.errors import BadArgumentError
from scrubber.core.lint import Repair

if TYPE_CHECKING:
    import argparse

    from scrubber.api import Fork, OpenStore


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "edit", run, "fork a session with one event edited; the session stays as it is"
    )
    add_session(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--event", metavar="N", type=index, help="edit event #N, the N-th of the session"
    )
    what.add_argument(
        "--system", action="store_true", help="edit the system prompt, or add one in front"
    )
    said = parser.add_mutually_exclusive_group()
    said.add_argument("--text", metavar="T", help="what it shall say")
    said.add_argument("--file", metavar="FILE", help="the same from a file, - for stdin")
    said.add_argument("--arguments", metavar="JSON", help="a call's arguments")
    failed = parser.add_mutually_exclusive_group()
    failed.add_argument("--failed", action="store_true", help="make a result a failure")
    failed.add_argument("--succeeded", action="store_true", help="make a result a success")
    parser.add_argument(
        "--keep", action="store_true", help="keep what follows; else the fork ends with the event"
    )
    parser.add_argument("--title", metavar="T", default="", help="its title")
    parser.add_argument("--note", metavar="N", default="", help="a note on why")
    add_json(parser, "one object")


def run(args: argparse.Namespace) -> int:
    """Fork with the edit; the id of the fork is the output."""
    with opened(args) as store:
        fork = _fork(store, args)
    if args.json:
        output.put_json(as_json(fork, Repair.NONE))
    else:
        output.put(fork.session.id)
        output.say(f"forked at {fork.session.forked_at}: {output.line(fork.session.title)}")
    return DONE


def _fork(store: OpenStore, args: argparse.Namespace) -> Fork:
    from scrubber.transfer.editing import Edit

    how: dict[str, Any] = {"keep_following": args.keep, "title": args.title, "note": args.note}
    text = _text(args)
    if args.system:
        if text is None:
            raise BadArgumentError("--system needs --text or --file")
        return store.fork_with_system(args.session, text, **how)
    if args.event < 1:
        raise BadArgumentError("events are counted from #1")
    is_error = True if args.failed else False if args.succeeded else None
    edit = Edit(text, _arguments(args.arguments), is_error)
    return store.fork_edited(args.session, args.event - 1, edit, **how)


def _text(args: argparse.Namespace) -> str | None:
    if args.file is None:
        return args.text if args.text is None else str(args.text)
    if args.file == "-":
        return sys.stdin.read()
    return Path(args.file).read_text("utf-8")


def _arguments(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadArgumentError(f"--arguments: no JSON: {error}") from error
