"""``scrubber label``: labels on events and sessions, and their colours."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import noting, output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.failures import DONE
from scrubber.core.errors import BadArgumentError
from scrubber.core.notes import COLOURS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scrubber.api import OpenStore


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(commands, "label", run_list, "label events and sessions, list labels")
    add_json(parser, "an object a line")
    parser.set_defaults(session=None)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    listing = add_command(actions, "list", run_list, "list the labels, or those of a session")
    noting.add_list(listing, "all labels, with how often they are used")
    adding = add_command(actions, "add", run_add, "label an event or a session")
    noting.add_place(adding)
    adding.add_argument("name", metavar="NAME", help="the label")
    adding.add_argument("--colour", choices=COLOURS, help="its colour, wherever it is")
    removing = add_command(actions, "remove", run_remove, "take a label away")
    noting.add_place(removing)
    removing.add_argument("name", metavar="NAME", nargs="?", default="", help="the label")
    removing.add_argument("--id", metavar="ID", help="one whose evidence has changed, by its id")
    colour = add_command(actions, "colour", run_colour, "give a label a colour")
    colour.add_argument("name", metavar="NAME", help="the label")
    colour.add_argument("colour", choices=COLOURS, help="its colour, wherever it is")


def run_list(args: argparse.Namespace) -> int:
    """List all labels, or the places of a session that have one."""
    with opened(args, read_only=True) as store:
        if args.session is None:
            return _list_all(store, args)
        noting.put(store, list(_of_session(store, args.session)), args.json, "no labels here")
    return DONE


def _list_all(store: OpenStore, args: argparse.Namespace) -> int:
    labels = store.notes.labels()
    if args.json:
        for label in labels:
            output.put_json(asdict(label))
        return DONE
    rows = [(output.line(one.name), one.colour, f"{one.uses:,}") for one in labels]
    if not rows:
        output.say("no labels are in use")
        return DONE
    for line in tables.table(("LABEL", "COLOUR", "USES"), rows, "USES", output.width()):
        output.put(line)
    return DONE


def _of_session(store: OpenStore, session: str) -> Iterator[dict[str, Any]]:
    known = store.session(session)
    colours = {label.name: label.colour for label in store.notes.labels()}
    for name in known.labels:
        yield {"id": None, "kind": "label", "session": known.id, "index": None, "changed": False,
               "text": name, "colour": colours[name]}  # fmt: skip
    for item in noting.notes_of(store, [known.id], "label"):
        yield {**item, "colour": colours[item["text"]]}


def run_add(args: argparse.Namespace) -> int:
    """Label an event or a session."""
    with opened(args) as store:
        store.notes.label(*noting.place_of(store, args.place), args.name, args.colour)
    return DONE


def run_remove(args: argparse.Namespace) -> int:
    """Take a label away."""
    with opened(args) as store:
        session, index = noting.place_of(store, args.place)
        if args.id is not None:
            changes = store.notes.remove(session, args.id)
        elif index is None and args.name not in store.session(session).labels:
            changes = None
        else:
            changes = store.notes.unlabel(session, index, args.name)
    if not changes:
        raise BadArgumentError(f"{args.place}: there is no label {args.name!r}")
    return DONE


def run_colour(args: argparse.Namespace) -> int:
    """Give a label a colour."""
    with opened(args) as store:
        store.notes.colour(args.name, args.colour)
    return DONE
