"""What several commands share: their options, and the store they work on."""

from __future__ import annotations

import argparse
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.api import OpenStore
    from scrubber.core.session import Session

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What ``add_subparsers`` gives; the type is not subscriptable when running."""

STORE_HELP = "the store to use, instead of $SCRUBBER_STORE or the usual place"


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], help: str
) -> argparse.ArgumentParser:
    """A command with the option that all have; ``--store`` may stand in front of it or behind."""
    parser = commands.add_parser(
        name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False
    )
    parser.add_argument("--store", metavar="FILE", default=argparse.SUPPRESS, help=STORE_HELP)
    parser.set_defaults(run=run)
    return parser


def add_session(parser: argparse.ArgumentParser) -> None:
    """The session that a command is about."""
    parser.add_argument("session", metavar="SESSION", help="its id, or an unambiguous beginning")


def add_json(parser: argparse.ArgumentParser, what: str, *, is_action: bool = False) -> None:
    """``--json``; of an action of a command, it may stand in front of the action or behind."""
    default = argparse.SUPPRESS if is_action else False
    help = f"write JSON: {what}"
    parser.add_argument("--json", action="store_true", default=default, help=help)


def add_at(parser: argparse.ArgumentParser, help: str, required: bool = False) -> None:
    """``--at``."""
    parser.add_argument("--at", metavar="E", type=index, required=required, help=help)


def index(text: str) -> int:
    """An exclusive index as typed: 0, 1, 2, …"""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an index: use 0, 1, 2, …")
    return number


def number(text: str) -> int:
    """A count as typed: 1, 2, 3, …"""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number: use 1, 2, 3, …")
    return int(text)


def cut(session: Session, at: int | None) -> int:
    """The index asked for, or the session's end; a BadArgumentError if it lies behind that."""
    if at is None:
        return session.events
    if at > session.events:
        raise BadArgumentError(f"session {session.id}: index {at} is not within 0…{session.events}")
    return at


def store_path(args: argparse.Namespace) -> Path:
    """The store's file: ``--store``, else ``$SCRUBBER_STORE``, else the usual place."""
    from scrubber.places import default_store_path

    return Path(args.store) if args.store else default_store_path()


@contextmanager
def opened(args: argparse.Namespace, read_only: bool = False) -> Iterator[OpenStore]:
    """The store that a command works on; ``read_only`` ones must exist."""
    from scrubber.api import open_store, store_errors

    path = store_path(args)
    with store_errors(path), open_store(path, read_only=read_only) as store:
        yield store
