"""``scrubber bookmark``: events to come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import noting
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.failures import DONE
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(commands, "bookmark", run_list, "bookmark events, list bookmarks")
    add_json(parser, "an object a line")
    parser.set_defaults(session=None)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    noting.add_list(add_command(actions, "list", run_list, "list the bookmarks"))
    adding = add_command(actions, "add", run_add, "bookmark an event")
    noting.add_place(adding)
    removing = add_command(actions, "remove", run_remove, "take a bookmark away")
    noting.add_place(removing)
    removing.add_argument("--id", metavar="ID", help="one whose evidence has changed, by its id")


def run_list(args: argparse.Namespace) -> int:
    """List the bookmarks of a session, or of all."""
    with opened(args, read_only=True) as store:
        found = list(noting.notes_of(store, noting.chosen(store, args.session), "bookmark"))
        noting.put(store, found, args.json, "no event is bookmarked")
    return DONE


def _event(store: OpenStore, place: str) -> tuple[str, int]:
    session, index = noting.place_of(store, place)
    if index is None:
        raise BadArgumentError(f"{place}: a bookmark is on an event: {place}@E")
    return session, index


def run_add(args: argparse.Namespace) -> int:
    """Bookmark an event."""
    with opened(args) as store:
        store.notes.bookmark(*_event(store, args.place))
    return DONE


def run_remove(args: argparse.Namespace) -> int:
    """Take a bookmark away."""
    with opened(args) as store:
        if args.id is not None:
            changes = store.notes.remove(noting.place_of(store, args.place)[0], args.id)
        else:
            changes = store.notes.bookmark(*_event(store, args.place), on=False)
    if not changes:
        raise BadArgumentError(f"{args.place}: there is no bookmark")
    return DONE
