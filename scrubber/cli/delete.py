"""``scrubber delete``: puts sessions away, and empties the trash on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.failures import DONE, FAILED
from scrubber.cli.session_tree import sign_of
from scrubber.cli.short_ids import ShortIds
from scrubber.core.ages import bytes_text, count
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore
    from scrubber.core.session import Session


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "delete", run, "put a session away; `restore` brings it back")
    parser.add_argument(
        "session", metavar="SESSION", nargs="?", help="its id, or a beginning of it"
    )
    parser.add_argument("--tree", action="store_true", help="with everything below it")
    parser.add_argument(
        "--purge",
        action="store_true",
        help="then delete for good all that was put away, also earlier; works without SESSION too",
    )
    add_json(parser, "one object")


def run(args: argparse.Namespace) -> int:
    """Delete a session; refused if others depend on it, unless these are to go as well."""
    if args.session is None and not args.purge:
        raise BadArgumentError("name a session, or use --purge to empty the trash")
    with opened(args) as store:
        gone: list[str] = []
        if args.session is not None:
            session = store.session(args.session)
            below = store.dependents(session.id)
            if below and not args.tree:
                return _refuse(store, session, below)
            gone = sorted(store.delete(session.id).removed)
        freed = store.purge() if args.purge else None
    _report(args, gone, freed)
    return DONE


def _refuse(store: OpenStore, session: Session, below: list[Session]) -> int:
    ids = ShortIds(store.sessions())
    depend = "depends" if len(below) == 1 else "depend"
    output.say(
        f"scrubber delete: {count(len(below), 'session')} {depend} on {ids.of(session.id)}, "
        "nothing was deleted; --tree deletes these too:"
    )
    for one in below:
        output.say(f"  {ids.of(one.id)}  {sign_of(one)}{output.line(one.title)}")
    return FAILED


def _report(args: argparse.Namespace, gone: list[str], freed: int | None) -> None:
    if args.json:
        output.put_json({"deleted": gone, "freed": freed})
        return
    for session in gone:
        output.put(session)
    if freed is not None:
        output.say(f"{count(len(gone), 'session')} deleted for good, {bytes_text(freed)} freed")
    else:
        output.say(f"{count(len(gone), 'session')} deleted; `scrubber restore` brings back")
