"""``scrubber context``: what the model saw at an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import (
    Commands,
    add_at,
    add_command,
    add_json,
    add_session,
    cut,
    index,
    opened,
)
from scrubber.cli.failures import DONE
from scrubber.core.ages import count
from scrubber.core.context.words import budget_lines, change_line, notes
from scrubber.core.describe import describe

if TYPE_CHECKING:
    import argparse

    from scrubber.core.context.blocks import Block
    from scrubber.core.context.delta import Change
    from scrubber.core.context.seen import Seen


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "context", run, "show what the model gets at an index")
    add_session(parser)
    add_at(parser, "in front of this index, instead of at the end")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--diff", metavar="E2", type=index, help="what changed from this index to the other one"
    )
    what.add_argument(
        "--shape",
        choices=("openai", "anthropic"),
        help="the request itself, as JSON in the shape of this API",
    )
    add_json(parser, "one object with the budget and the blocks, or with the changes")


def run(args: argparse.Namespace) -> int:
    """Show the budget and the blocks, the changes, or the request."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        at = cut(session, args.at)
        if args.shape:
            output.put_bytes(store.context_body(session.id, at, args.shape) + b"\n")
            return DONE
        seen = store.context(session.id, at)
        if args.diff is None:
            output.put_json(_as_json(seen)) if args.json else _print(seen)
            return DONE
        before = store.context(session.id, cut(session, args.diff))
        changes = store.context_changes(session.id, before.index, at)
        if args.json:
            output.put_json(_changes_json(before, seen, changes))
        else:
            _print_changes(before, seen, changes)
    return DONE


def _print(seen: Seen) -> None:
    for line in (*budget_lines(seen.budget), *notes(seen)):
        output.put(line)
    output.put()
    rows = [_row(block) for block in seen.blocks]
    head = ("#", "PART", "TOKENS", "TEXT")
    for line in tables.table(head, rows, right="# TOKENS", width=output.width()):
        output.put(line)


def _print_changes(before: Seen, seen: Seen, changes: tuple[Change, ...]) -> None:
    output.put(
        f"from #{before.index:,} to #{seen.index:,}: {before.budget.total:,} → "
        f"{seen.budget.total:,} tokens, {count(len(changes), 'change')}"
    )
    for change in changes:
        output.put()
        output.put(change_line(change))
        for sign, blocks in (("-", change.dropped), ("+", change.added)):
            for block in blocks:
                output.put(f"{sign} {'  '.join(_row(block))}")


def _row(block: Block) -> tuple[str, ...]:
    return (
        f"{block.index + 1}",
        block.share.value,
        f"≈{block.tokens:,}",
        describe(block.event, 200),
    )


def _as_json(seen: Seen) -> dict[str, Any]:
    budget = seen.budget
    usage = budget.usage
    return {
        "session": seen.session,
        "at": seen.index,
        "model": seen.model,
        "tokens": budget.total,
        "is_estimate": budget.is_estimate,
        "counted": budget.counted,
        "counted_at": budget.counted_at,
        "window": budget.window,
        "fresh": usage.input if usage else None,
        "cache_read": usage.cache_read if usage else None,
        "cache_write": usage.cache_write if usage else None,
        "shares": {share.name.lower(): tokens for share, tokens in budget.shares.items()},
        "system": seen.system.value,
        "tools": seen.tools.value,
        "tool_names": list(seen.tool_names),
        "tools_at": seen.tools_at,
        "boundaries": list(seen.boundaries),
        "summed_up": seen.summed_up,
        "rewound": seen.rewound,
        "closed": seen.closed,
        "stray": seen.stray,
        "messages": seen.messages,
        "blocks": [_block_json(block) for block in seen.blocks],
    }


def _changes_json(before: Seen, seen: Seen, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "session": seen.session,
        "from": before.index,
        "at": seen.index,
        "tokens_from": before.budget.total,
        "tokens": seen.budget.total,
        "changes": [
            {
                "change": change.word,
                "dropped": [_block_json(block) for block in change.dropped],
                "added": [_block_json(block) for block in change.added],
            }
            for change in changes
        ],
    }


def _block_json(block: Block) -> dict[str, Any]:
    event = block.event
    return {
        "index": None if block.is_made_up else block.index,
        "message": block.message,
        "share": block.share.name.lower(),
        "role": event.role.label,
        "kind": event.kind.label,
        "tool": event.name if event.call_id else None,
        "origin": event.origin.label,
        "tokens": block.tokens,
        "text": event.text,
    }
