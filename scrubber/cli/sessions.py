"""``scrubber sessions``: what the store holds."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, opened, store_path
from scrubber.cli.failures import DONE
from scrubber.cli.session_tree import Node, sign_of, tree
from scrubber.cli.short_ids import ShortIds
from scrubber.core.ages import age

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from scrubber.core.session import Session

_HEAD = ("ID", "AGE", "FORMAT", "MODEL", "EVENTS", "MSGS", "ERR", "TITLE")
_NUMBERS = "AGE EVENTS MSGS ERR"
_NARROW = 100
"""Below this width the model is left out: the title says more."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "sessions", run, "list the sessions, those changed last first")
    parser.add_argument(
        "--tree", action="store_true", help="forks and sub-agents below their parents"
    )
    add_json(parser, "an object a line for each session")


def run(args: argparse.Namespace) -> int:
    """List all sessions; reads them with one question to the store."""
    if not (args.store or store_path(args).exists()):
        return _nothing(args)
    with opened(args, read_only=True) as store:
        sessions = store.sessions()
    if not sessions:
        return _nothing(args)
    nodes = tree(sessions) if args.tree else (Node(one, 0, sign_of(one)) for one in sessions)
    if args.json:
        for node in nodes:
            depth = {"depth": node.depth} if args.tree else {}
            output.put_json({**as_json(node.session), **depth})
    else:
        _put_table(sessions, nodes)
    return DONE


def _nothing(args: argparse.Namespace) -> int:
    output.say(f"{store_path(args)}: no sessions yet; `scrubber import PATH` brings some in")
    return DONE


def _put_table(sessions: list[Session], nodes: Iterable[Node]) -> None:
    ids, now = ShortIds(sessions), int(time.time() * 1000)
    cells: list[tuple[str, ...]] = [_HEAD, *(_row(node, ids, now) for node in nodes)]
    width = output.width()
    if width is not None and width < _NARROW:
        model = _HEAD.index("MODEL")
        cells = [(*row[:model], *row[model + 1 :]) for row in cells]
    for line in tables.table(cells[0], cells[1:], _NUMBERS, width):
        output.put(line)


def _row(node: Node, ids: ShortIds, now: int) -> tuple[str, ...]:
    session = node.session
    live = "" if session.status == "completed" else f" ({session.status})"
    return (
        ids.of(session.id),
        age(session.updated, now),
        session.format,
        output.line(session.model or "—"),
        f"{session.events:,}",
        f"{session.messages:,}",
        f"{session.errors:,}",
        f"{node.lines}{output.line(session.title) or '(no title)'}{live}",
    )


def as_json(session: Session) -> dict[str, Any]:
    """A session as the JSON of docs/cli.md."""
    facts = asdict(session)
    del facts["trashed"]
    return facts
