"""``scrubber session``: what agent runtimes do with their sessions, one action each."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, session_queue, session_state
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, index, opened
from scrubber.cli.failures import DONE
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore

STRATEGIES = ("observation_mask", "truncate", "llm")


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(
        commands, "session", session_state.run_list, "what agent runtimes do with their sessions"
    )
    add_json(parser, "an object a line for each session of a runtime")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    _add_life(actions)
    _add_cuts(actions)
    session_state.add(actions)
    session_queue.add(actions)


def _add_life(actions: Commands) -> None:
    opening = add_command(actions, "open", run_open, "the session with this id, made if need be")
    opening.add_argument("id", metavar="ID", nargs="?", help="any text; else a new id")
    opening.add_argument("--title", metavar="T", default="", help="its title, if it is new")
    add_json(opening, "one object", is_action=True)
    inject = _add_action(actions, "inject", run_inject, "add a message to the end")
    inject.add_argument("text", metavar="TEXT", nargs="?", help="what is said; - for stdin")
    inject.add_argument("--role", metavar="R", default="user", help="who says it; else user")
    inject.add_argument("--message", metavar="JSON", help="a whole message, as an object")
    fork = _add_action(actions, "fork", run_fork, "share what a session has with another")
    where = fork.add_mutually_exclusive_group()
    where.add_argument("--first", metavar="N", type=index, help="only the first N messages")
    where.add_argument("--at", metavar="E", type=index, help="only messages in the first E events")
    fork.add_argument("--to", metavar="ID", help="its id; one that is there holds this then")


def _add_cuts(actions: Commands) -> None:
    trim = _add_action(actions, "trim", run_trim, "keep only the last messages")
    trim.add_argument("--keep", metavar="N", type=index, required=True, help="how many")
    compact = _add_action(actions, "compact", run_compact, "let a summary stand for older messages")
    compact.add_argument("--keep", metavar="N", type=index, default=12, help="at least; else 12")
    compact.add_argument("--strategy", choices=STRATEGIES, default=STRATEGIES[0])
    compact.add_argument("--provider", metavar="P", help="of llm: an endpoint, or local:FILE")
    compact.add_argument("--model", metavar="M", default="", help="of llm: the model")
    compact.add_argument("--hard-limit", metavar="T", type=index, help="tokens that may be left")
    compact.add_argument("--hard-strategy", choices=STRATEGIES, default="llm", help="beyond that")
    _add_action(actions, "reset", run_reset, "take out everything that was said")


def _add_action(actions: Commands, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    parser = add_command(actions, name, run, help)
    add_session(parser)
    add_json(parser, "one object", is_action=True)
    return parser


def run_open(args: argparse.Namespace) -> int:
    """Open a session; its id is the output."""
    with opened(args) as store:
        is_new = args.id is None or not store.runtime.exists(args.id)
        session = store.runtime.open(args.id, title=args.title)
        return _tell(args, store, session, new=is_new)


def run_inject(args: argparse.Namespace) -> int:
    """Add a message; the number of messages is the output."""
    message = _message(args)
    with opened(args) as store:
        session = store.session(args.session).id
        store.runtime.inject(session, message)
        return _tell(args, store, session)


def _message(args: argparse.Namespace) -> Any:
    if args.message is not None:
        try:
            return json.loads(args.message)
        except ValueError as error:
            raise BadArgumentError(f"--message: no JSON: {error}") from error
    if args.text is None:
        raise BadArgumentError("inject needs TEXT or --message")
    text = sys.stdin.read() if args.text == "-" else args.text
    return {"role": args.role, "content": text}


def run_fork(args: argparse.Namespace) -> int:
    """Fork a session; the id of the fork is the output."""
    with opened(args) as store:
        source, runtime = store.session(args.session).id, store.runtime
        if args.first is not None:
            fork = runtime.fork_at(source, args.first, args.to)
        elif args.at is not None:
            fork = runtime.fork_at_event(source, args.at, args.to)
        else:
            fork = runtime.fork(source, args.to)
        at = runtime.facts(fork).branched_at
        return _tell(args, store, fork, parent=store.session(fork).parent, branched_at=at)


def run_trim(args: argparse.Namespace) -> int:
    """Keep the last messages."""
    with opened(args) as store:
        session = store.session(args.session).id
        store.runtime.trim(session, args.keep)
        return _tell(args, store, session)


def run_compact(args: argparse.Namespace) -> int:
    """Compact a session."""
    options = {
        "keep_last": args.keep,
        "compact_strategy": args.strategy,
        "hard_limit_tokens": args.hard_limit,
        "hard_limit_strategy": args.hard_strategy,
    }
    with opened(args) as store:
        session = store.session(args.session).id
        store.runtime.compact(session, options, provider=args.provider, model=args.model)
        return _tell(args, store, session)


def run_reset(args: argparse.Namespace) -> int:
    """Reset a session."""
    with opened(args) as store:
        session = store.session(args.session).id
        store.runtime.reset(session)
        return _tell(args, store, session)


def _tell(args: argparse.Namespace, store: OpenStore, session: str, **more: Any) -> int:
    count = store.runtime.length(session)
    if args.json:
        output.put_json({"session": session, "messages": count, **more})
    else:
        output.put(session)
        output.say("1 message" if count == 1 else f"{count} messages")
    return DONE
