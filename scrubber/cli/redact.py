"""``scrubber redact``: what looks like a secret, before anything is exported."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, redacting, tables
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, opened
from scrubber.cli.failures import DONE
from scrubber.core.redaction import Wanted

if TYPE_CHECKING:
    import argparse

    from scrubber.core.redaction import Finding


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "redact", run, "list what looks like a secret in a session")
    add_session(parser)
    add_at(parser, "only in the first E events")
    parser.add_argument("--tree", action="store_true", help="also in everything below it")
    parser.add_argument("--against", metavar="B", help="also in the session it is compared with")
    parser.add_argument("--text", metavar="T", action="append", default=[], help="find this too")
    parser.add_argument(
        "--regex", metavar="R", action="append", default=[], help="find what this matches too"
    )
    redacting.add_list(parser)
    parser.add_argument("--list", action="store_true", help="list what was found; the default")
    parser.add_argument("--reveal", action="store_true", help="show the secrets themselves")
    add_json(parser, "an object a line, which --redact-list of `export` takes")


def run(args: argparse.Namespace) -> int:
    """List what was found."""
    texts = tuple(map(redacting.checked_text, args.text))
    wanted = Wanted(texts, tuple(map(redacting.pattern, args.regex)))
    with opened(args, read_only=True) as store:
        found = redacting.scan(store, store.session(args.session).id, args, wanted)
    if not args.reveal:
        _mask_spots(found)
    if args.json:
        for one in found:
            output.put_json(as_json(one, args.reveal))
        return DONE
    if not found:
        output.say("nothing looks like a secret; that is no proof that there is none")
        return DONE
    rows = [_row(one, args.reveal) for one in found]
    head = ("", "PLACEHOLDER", "SECRET", "RECORDS", "FIRST AT")
    for line in tables.table(head, rows, "RECORDS", output.width()):
        output.put(line)
    output.say("* is replaced by export --redact")
    return DONE


def _mask_spots(found: list[Finding]) -> None:
    """What stands around a secret may be another one."""
    from scrubber.transfer.redacting import Redactor

    masking = Redactor({one.value: one.placeholder for one in found})
    for one in found:
        one.spots = [
            replace(spot, before=masking.text(spot.before), after=masking.text(spot.after))
            for spot in one.spots
        ]


def _row(found: Finding, reveal: bool) -> tuple[str, ...]:
    spot = found.spots[0]
    where = "beside the events" if spot.index is None else f"#{spot.index + 1:,}"
    before = output.line(spot.before[-24:])
    return (
        "*" if found.replace else "",
        found.placeholder,
        output.line(found.value) if reveal else found.masked,
        f"{found.count:,}",
        f"{where}: {before}▒{output.line(spot.after[:12])}",
    )


def as_json(found: Finding, reveal: bool) -> dict[str, Any]:
    """A finding as the JSON of docs/cli.md."""
    facts = {
        "placeholder": found.placeholder,
        "kind": found.kind,
        "sure": found.sure,
        "replace": found.replace,
        "digest": found.digest,
        "masked": found.masked,
        "count": found.count,
        "spots": [asdict(spot) for spot in found.spots],
    }
    return facts | ({"value": found.value} if reveal else {})
