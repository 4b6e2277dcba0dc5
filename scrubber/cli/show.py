"""``scrubber show``: a session up to the playhead, to be read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.events import stepwise
from scrubber.cli.failures import DONE
from scrubber.cli.fork import problem_json
from scrubber.cli.transcript import TranscriptText
from scrubber.core.ages import count

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore
    from scrubber.core.events import Totals
    from scrubber.core.session import Session

_WIDTH = 100


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "show", run, "print a session up to an index, with its totals")
    add_session(parser)
    add_at(parser, "put the playhead behind the first E events, instead of at the end")
    add_json(parser, "one object with the totals; for the events see `scrubber events`")


def run(args: argparse.Namespace) -> int:
    """Print what lies in front of the playhead, the playhead, and what it sums up to."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        at = cut(session, args.at)
        if args.json:
            output.put_json(_as_json(store, session, at))
            return DONE
        text = TranscriptText(output.width() or _WIDTH)
        for line in text.title(session):
            output.put(line)
        for event in stepwise(store, session.id, 0, at):
            for line in text.event(event, store.content(event)):
                output.put(line)
        for line in text.playhead(at, session.events):
            output.put(line)
        output.put(totals_text(store.totals(session.id, at)))
    return DONE


def totals_text(totals: Totals) -> str:
    """Totals in one line."""
    parts = [
        count(totals.events, "event"),
        count(totals.messages, "message"),
        count(totals.errors, "error"),
        f"{totals.tokens:,} tokens ({totals.output:,} written by the model)",
    ]
    if totals.cost_micros:
        parts.append(f"${totals.cost_micros / 1e6:,.2f}")
    if totals.open_calls:
        parts.append(count(totals.open_calls, "open tool call"))
    return " · ".join(parts)


def _as_json(store: OpenStore, session: Session, at: int) -> dict[str, Any]:
    totals = store.totals(session.id, at)
    return {
        "session": session.id,
        "title": session.title,
        "at": at,
        "of": session.events,
        **asdict(totals),
        "tokens": totals.tokens,
        "lint": [problem_json(problem) for problem in store.lint(session.id, at).problems],
    }
