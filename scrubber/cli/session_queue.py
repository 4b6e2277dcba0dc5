"""``scrubber session queue``: what waits to be said or done in a session."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, opened
from scrubber.cli.failures import DONE, FAILED

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore

COMMANDS = ("refresh_tool_catalog", "reset_session")


def add(actions: Commands) -> None:
    """Add the action."""
    parser = add_command(
        actions, "queue", run, "what waits to be said or done in a session; add to it, or cancel"
    )
    add_session(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--say", metavar="TEXT", help="leave this to be said in the next turn")
    what.add_argument(
        "--command", dest="ask", choices=COMMANDS, help="ask for this, once for a --key"
    )
    what.add_argument("--cancel", metavar="INPUT", help="take back what was left to be said")
    parser.add_argument("--active", action="store_true", help="of --say: in the turn that runs")
    parser.add_argument("--later", action="store_true", help="of --cancel: all behind it, too")
    parser.add_argument("--key", metavar="K", help="a repeat with the same key changes nothing")
    parser.add_argument("--reason", metavar="R", default="", help="of --command: why")
    add_json(parser, "an object a line for each input, and for each piece of work", is_action=True)


def run(args: argparse.Namespace) -> int:
    """Change the queue, if that is asked for, and list it."""
    changes = any(given is not None for given in (args.say, args.ask, args.cancel))
    with opened(args, read_only=not changes) as store:
        session = store.session(args.session).id
        done = _change(store, session, args) if changes else True
        inputs, batches = store.runtime.inputs(session), store.runtime.queued(session)
        rows = [
            *({"kind": "input", **asdict(one)} for one in inputs),
            *({**asdict(one), "kind": one.kind} for one in batches),
        ]
    if args.json:
        for row in rows:
            output.put_json(row)
    else:
        _put_table(rows)
    return DONE if done else FAILED


def _change(store: OpenStore, session: str, args: argparse.Namespace) -> bool:
    from scrubber.sessions.queue.inputs import ActiveTurn

    if args.say is not None:
        ingress = ActiveTurn() if args.active else None
        store.runtime.say(session, args.say, ingress, source_key=args.key)
    elif args.ask is not None:
        store.runtime.command(session, args.ask, args.key or "", args.reason)
    else:
        outcomes = store.runtime.unsay(session, args.cancel, and_later=args.later)
        for name, outcome in outcomes.items():
            output.say(f"{name}: {outcome.replace('_', ' ')}")
        return all(outcome == "cancelled" for outcome in outcomes.values())
    return True


def _put_table(rows: list[dict[str, Any]]) -> None:
    shown = [
        (row["id"], row["kind"], row.get("state") or row.get("claim") or "waits", _what(row))
        for row in rows
    ]
    for line in tables.table(("ID", "KIND", "STATE", "WHAT"), shown, width=output.width()):
        output.put(line)
    if not rows:
        output.say("nothing waits")


def _what(row: dict[str, Any]) -> str:
    items = row["content"]["items"] if "content" in row else row["items"]
    return output.line(
        " ".join(str(item.get("text") or item.get("kind") or item) for item in items)
    )
