"""``scrubber note``: notes on events and sessions, what a branch is for and what it told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.cli import noting
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, opened
from scrubber.cli.failures import DONE
from scrubber.core.errors import BadArgumentError
from scrubber.core.notes import VERDICTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scrubber.core.session import Session


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(commands, "note", run_list, "write and list notes, hypotheses, verdicts")
    add_json(parser, "an object a line")
    parser.set_defaults(session=None)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    noting.add_list(add_command(actions, "list", run_list, "list notes, hypotheses and verdicts"))
    writing = add_command(
        actions, "add", run_add, "write a note, in place of the one that is there"
    )
    noting.add_place(writing)
    writing.add_argument("text", metavar="TEXT", nargs="?", help="what it says")
    writing.add_argument("--file", metavar="FILE", help="read it from a file; - is stdin")
    removing = add_command(actions, "remove", run_remove, "delete a note")
    noting.add_place(removing)
    removing.add_argument("--id", metavar="ID", help="one whose evidence has changed, by its id")
    hypothesis = add_command(actions, "hypothesis", run_hypothesis, "say what a branch is for")
    add_session(hypothesis)
    hypothesis.add_argument("text", metavar="TEXT", help="what it is to find out; empty: nothing")
    verdict = add_command(actions, "verdict", run_verdict, "say what a branch told")
    add_session(verdict)
    verdict.add_argument("verdict", choices=[*VERDICTS, "none"], help="none takes it back")
    verdict.add_argument("text", metavar="REASON", nargs="?", default="", help="why")


def run_list(args: argparse.Namespace) -> int:
    """List what is written."""
    with opened(args, read_only=True) as store:
        sessions = noting.chosen(store, args.session)
        found = [item for one in sessions for item in _of_session(store.session(one))]
        found += noting.notes_of(store, sessions, "note")
        noting.put(store, found, args.json, "no notes are written")
    return DONE


def _of_session(session: Session) -> Iterator[dict[str, Any]]:
    facts = {"id": None, "session": session.id, "index": None, "changed": False}
    for kind, text in (
        ("note", session.note),
        ("hypothesis", session.hypothesis),
        ("verdict", session.verdict),
    ):
        if text:
            reason = {"reason": session.reason} if kind == "verdict" else {}
            yield {**facts, "kind": kind, "text": text, **reason}


def run_add(args: argparse.Namespace) -> int:
    """Write a note."""
    if (args.text is None) == (args.file is None):
        raise BadArgumentError("a note needs its TEXT, or --file FILE")
    text = args.text if args.file is None else _read(args.file)
    if not text.strip():
        raise BadArgumentError("a note must say something; `scrubber note remove` deletes one")
    with opened(args) as store:
        store.notes.write(*noting.place_of(store, args.place), text)
    return DONE


def _read(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")


def run_remove(args: argparse.Namespace) -> int:
    """Delete a note."""
    with opened(args) as store:
        session, index = noting.place_of(store, args.place)
        if args.id is not None:
            changes = store.notes.remove(session, args.id)
        elif index is None and not store.session(session).note:
            changes = None
        else:
            changes = store.notes.write(session, index, "")
    if not changes:
        raise BadArgumentError(f"{args.place}: there is no such note")
    return DONE


def run_hypothesis(args: argparse.Namespace) -> int:
    """Say what a branch is to find out."""
    with opened(args) as store:
        store.notes.suppose(args.session, args.text)
    return DONE


def run_verdict(args: argparse.Namespace) -> int:
    """Say what a branch told."""
    with opened(args) as store:
        verdict = "" if args.verdict == "none" else args.verdict
        store.notes.judge(args.session, verdict, args.text)
    return DONE
