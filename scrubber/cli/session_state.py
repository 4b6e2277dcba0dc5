"""``scrubber session list|status|usage|history``: how the sessions of runtimes stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, index, opened
from scrubber.cli.failures import DONE

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore

KINDS = ("main", "subagent", "cron")
CHANGES = ("complete", "fail", "timeout", "stop", "pause", "resume")


def add(actions: Commands) -> None:
    """Add the actions."""
    listing = add_command(actions, "list", run_list, "the runtimes' sessions, newest first")
    listing.add_argument("--kind", action="append", choices=KINDS, help="only of this kind")
    listing.add_argument("--active", action="store_true", help="only active ones")
    listing.add_argument("--limit", metavar="N", type=index, help="at most so many; else all")
    add_json(listing, "an object a line for each session", is_action=True)
    status = add_command(actions, "status", run_status, "how a session stands, or shall stand")
    add_session(status)
    status.add_argument("--set", choices=CHANGES, help="end it, hold it up, let it go on")
    status.add_argument("--reason", metavar="R", default="", help="why")
    status.add_argument("--label", metavar="L", help="give it a label")
    add_json(status, "one object", is_action=True)
    usage = add_command(actions, "usage", run_usage, "tokens, cost, and how full its context is")
    add_session(usage)
    usage.add_argument("--own", action="store_true", help="without what it shares with its source")
    add_json(usage, "one object", is_action=True)
    history = add_command(actions, "history", run_history, "the last messages, in order")
    add_session(history)
    history.add_argument("--limit", metavar="N", type=index, default=20, help="how many; else 20")
    history.add_argument("--tools", action="store_true", help="with what tools gave")
    add_json(history, "an object a line for each message", is_action=True)


def run_list(args: argparse.Namespace) -> int:
    """List the sessions of runtimes."""
    kinds, active = getattr(args, "kind", None), getattr(args, "active", False)
    with opened(args, read_only=True) as store:
        found = store.runtime.list(kinds, active, getattr(args, "limit", None))
        rows = [facts_of(store, one.session.id) for one in found]
    if args.json:
        for row in rows:
            output.put_json(row)
        return DONE
    shown = [
        (row["session"], row["kind"], row["status"], str(row["messages"]), row["label"] or "")
        for row in rows
    ]
    heads = ("SESSION", "KIND", "STATUS", "MESSAGES", "LABEL")
    for line in tables.table(heads, shown, width=output.width()):
        output.put(line)
    if not rows:
        output.say("no runtime has a session here: see scrubber session open --help")
    return DONE


def run_status(args: argparse.Namespace) -> int:
    """Tell how a session stands; first change that, if it is asked for."""
    changes = args.set is not None or args.label is not None
    with opened(args, read_only=not changes) as store:
        session = store.session(args.session).id
        if args.label is not None:
            store.runtime.set_label(session, args.label)
        done = args.set is None or _change(store, session, args.set, args.reason)
        row = facts_of(store, session)
    if not done:
        output.say(f"it is {row['status']}: there is nothing to {args.set}")
    _put(args, row)
    return DONE


def _change(store: OpenStore, session: str, change: str, reason: str) -> bool:
    runtime = store.runtime
    match change:
        case "complete":
            runtime.complete(session)
        case "fail" | "timeout":
            runtime.fail(session, reason, timeout=change == "timeout")
        case "stop":
            runtime.stop(session, reason)
        case "pause":
            return runtime.pause(session, reason)
        case "resume":
            return runtime.resume(session)
    return True


def facts_of(store: OpenStore, session: str) -> dict[str, Any]:
    """What is known of a session, as JSON."""
    found, facts = store.session(session), store.runtime.facts(session)
    return {
        "session": found.id,
        "title": found.title,
        "kind": facts.kind,
        "status": store.runtime.status(session),
        "state": str(store.runtime.state(session).state),
        "messages": store.runtime.length(session),
        "agent": facts.agent,
        "label": facts.label,
        "task": facts.task,
        "run": facts.run,
        "created": found.created,
        "finished": facts.finished,
        "run_seconds": store.runtime.run_time(session),
        **(store.runtime.ancestry(session) or {}),
        "branched_at": facts.branched_at,
        "skills": list(facts.skills),
        "revision": found.revision,
    }


def run_usage(args: argparse.Namespace) -> int:
    """Tell what a session has used."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session).id
        context, costs = store.runtime.context_usage(session), store.runtime.costs(session)
        row = {
            "session": session,
            "used_tokens": context.used_tokens,
            "max_tokens": context.max_tokens,
            "percent": context.percent,
            "turns": context.turns,
            "cost_usd": None if costs.unknown else costs.total_usd,
            "unknown_costs": costs.unknown,
            **store.runtime.usage(session, own=args.own).as_json(),
        }
    _put(args, row)
    return DONE


def run_history(args: argparse.Namespace) -> int:
    """Tell the last messages."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session).id
        entries = store.runtime.history(session, args.limit, args.tools) or []
    for entry in entries:
        if args.json:
            output.put_json({"ts": entry.ts, "message": entry.message})
        else:
            output.put(output.line(f"{entry.message['role']}: {_text(entry.message)}"))
    return DONE


def _text(message: dict[str, Any]) -> str:
    from scrubber.formats.harn.transcript_events import event_of

    return str(event_of(message, "")["text"])


def _put(args: argparse.Namespace, row: dict[str, Any]) -> None:
    if args.json:
        output.put_json(row)
        return
    for key, value in row.items():
        if not isinstance(value, (dict, list)):
            output.put(f"{key}: {'—' if value is None else value}")
