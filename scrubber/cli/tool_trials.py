"""``scrubber tools test`` and ``scrubber tools call``: real servers, started for one question."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json
from scrubber.cli.failures import DONE, FAILED, PARTLY
from scrubber.core.content import Image, Text
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api.tools import Trial
    from scrubber.core.content import Block
    from scrubber.live.mcp.offers import Offer


def add(actions: Commands) -> None:
    """Add both."""
    test = add_command(actions, "test", run_test, "start servers, list their tools, stop them")
    test.add_argument(
        "names", metavar="NAME", nargs="*", help="also if not enabled; else all that are"
    )
    add_json(test, "an object a line for each server", is_action=True)
    call = add_command(actions, "call", run_call, "call a tool of an enabled server, once")
    call.add_argument(
        "tool", metavar="TOOL", help="its name: mcp__SERVER__TOOL, or as in a recording"
    )
    call.add_argument(
        "arguments", metavar="JSON", nargs="?", default="{}", help="its arguments; -: from stdin"
    )
    add_json(call, "one object", is_action=True)


def run_test(args: argparse.Namespace) -> int:
    """Start servers and list their tools."""
    from scrubber.api import tools

    names = args.names or [server.name for server in tools.servers() if server.enabled]
    if not names:
        output.say("no server is enabled: name the one to be tried")
    failed = 0
    for name in names:
        trial = asyncio.run(tools.test(name))
        failed += trial.greeting is None
        if args.json:
            output.put_json(trial_json(trial))
        else:
            _tell(trial)
    return DONE if not failed else FAILED if failed == len(names) else PARTLY


def _tell(trial: Trial) -> None:
    name, greeting = trial.server.name, trial.greeting
    if greeting is None:
        output.say(f"server {name}: {trial.error}")
        return
    about = f"{greeting.name} {greeting.version}".strip()
    output.put(f"{name}: {about}, protocol {greeting.protocol}, {trial.seconds:.1f} s")
    rows = [
        (f"  {full}", "; ".join(offer.hints), output.line(offer.description))
        for full, offer in trial.offers
    ]
    for line in tables.table(("  TOOL", "WHAT IT DOES", "DESCRIPTION"), rows, width=output.width()):
        output.put(line)


def run_call(args: argparse.Namespace) -> int:
    """Call a tool; its text is the output."""
    from scrubber.api import tools
    from scrubber.formats.anthropic_blocks import to_block

    arguments = _arguments(sys.stdin.read() if args.arguments == "-" else args.arguments)
    answer = asyncio.run(tools.call(args.tool, arguments))
    if args.json:
        blocks = [to_block(block) for block in answer.content.blocks]
        detail = answer.content.detail
        told = {"tool": args.tool, "is_error": answer.is_error, "content": blocks, "detail": detail}
        output.put_json(told)
    elif answer.is_error:
        output.say(answer.content.text)
    else:
        for block in answer.content.blocks:
            output.put(_words(block))
    return FAILED if answer.is_error else DONE


def _arguments(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadArgumentError(f"the arguments are no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadArgumentError("the arguments must be a JSON object")
    return found


def _words(block: Block) -> str:
    if isinstance(block, Text):
        return block.text
    kind = "image" if isinstance(block, Image) else "document"
    return f"[{kind} {getattr(block, 'media_type', '')}: --json has it]"


def trial_json(trial: Trial) -> dict[str, Any]:
    """How a server answered, as the JSON of docs/cli.md."""
    greeting = trial.greeting
    return {
        "server": trial.server.name,
        "ok": greeting is not None,
        "error": trial.error or None,
        "seconds": round(trial.seconds, 3),
        "name": greeting.name if greeting else None,
        "version": greeting.version if greeting else None,
        "protocol": greeting.protocol if greeting else None,
        "tools": [offer_json(full, offer) for full, offer in trial.offers],
    }


def offer_json(full: str, offer: Offer) -> dict[str, Any]:
    """A tool as the JSON of docs/cli.md."""
    return {
        "tool": full,
        "title": offer.title or None,
        "description": offer.description,
        "schema": offer.schema,
        "read_only": offer.read_only,
        "destructive": offer.destructive,
        "idempotent": offer.idempotent,
        "open_world": offer.open_world,
    }
