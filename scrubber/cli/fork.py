"""``scrubber fork``: a new session that shares the first events of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.failures import DONE
from scrubber.core.ages import count
from scrubber.core.lint import Lint, Problem, Repair

if TYPE_CHECKING:
    import argparse

    from scrubber.api import Fork

_KEYS = {"n": Repair.NONE, "s": Repair.SNAP, "i": Repair.INTERRUPT}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "fork", run, "fork a session at an index; the session stays as it is"
    )
    add_session(parser)
    add_at(parser, "share the first E events", required=True)
    parser.add_argument(
        "--title", metavar="T", default="", help="its title, instead of one made up"
    )
    parser.add_argument("--note", metavar="N", default="", help="a note on why")
    parser.add_argument(
        "--repair",
        choices=[str(repair) for repair in Repair],
        default=str(Repair.ASK),
        help="what to do about open tool calls: ask (on a terminal; else none), snap back to the "
        "last closed point, answer with an interrupted result, or none",
    )
    add_json(parser, "one object")


def run(args: argparse.Namespace) -> int:
    """Fork; the id of the fork is the output."""
    with opened(args) as store:
        session = store.session(args.session)
        verdict = store.lint(session.id, cut(session, args.at))
        if verdict.problems:
            _tell(verdict)
        repair = Repair(args.repair)
        if repair is Repair.ASK:
            repair = ask(verdict)
        fork = store.fork(session.id, args.at, title=args.title, note=args.note, repair=repair)
    if args.json:
        output.put_json(as_json(fork, repair))
    else:
        output.put(fork.session.id)
        output.say(_words(fork, repair))
    return DONE


def _tell(verdict: Lint) -> None:
    output.say(f"the cut at {verdict.index} leaves something open:")
    for problem in verdict.problems:
        output.say(f"  - {problem.text}")


def ask(verdict: Lint) -> Repair:
    """What to do about a cut, as the person at the terminal says; as it is if nobody is there."""
    offered = choices(verdict)
    if not offered or not output.can_ask():
        return Repair.NONE
    output.say("What shall be done about it?\n  n  keep the cut as it is, for viewing (default)")
    for key, words in offered.items():
        output.say(f"  {key}  {words}")
    question = f"Your choice [n, {', '.join(offered)}]: "
    while (answer := output.ask(question).lower()) not in ("", "n", *offered):
        output.say(f"{answer!r} is none of them")
    return _KEYS[answer or "n"]


def choices(verdict: Lint) -> dict[str, str]:
    """The repairs that this cut can have, in words, by the key to press."""
    offered = {repair for problem in verdict.problems for repair in problem.repairs}
    calls = count(len(verdict.open_calls), "open call")
    words = {
        "s": f"snap back to index {verdict.snap_to}, the last point where nothing is open",
        "i": f'answer {calls} with an "interrupted" result, marked as made up',
    }
    return {key: text for key, text in words.items() if _KEYS[key] in offered}


def _words(fork: Fork, repair: Repair) -> str:
    session, at = fork.session, fork.session.forked_at or 0
    text = f"forked at {at}: {count(at, 'event')}, {count(session.messages, 'message')}"
    if at != fork.lint.index:
        text += f"; snapped back from {fork.lint.index}"
    if session.events > at:
        text += f"; {count(session.events - at, 'interrupted result')} added"
    if fork.lint.problems and repair is Repair.NONE:
        text += "; kept as it is, with what is open"
    return text


def as_json(fork: Fork, repair: Repair) -> dict[str, Any]:
    """A fork as the JSON of docs/cli.md."""
    session = fork.session
    return {
        "session": session.id,
        "parent": session.parent,
        "forked_at": session.forked_at,
        "messages": session.messages,
        "lint": [problem_json(problem) for problem in fork.lint.problems],
        "title": session.title,
        "note": session.note,
        "events": session.events,
        "repair": str(repair),
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """One finding of the fork lint."""
    return {
        "code": problem.code,
        "text": problem.text,
        "index": problem.index,
        "repairs": [str(repair) for repair in problem.repairs],
    }
