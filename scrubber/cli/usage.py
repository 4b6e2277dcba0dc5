"""``scrubber usage``: what a session used."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.failures import DONE
from scrubber.core.ages import span
from scrubber.core.usage.sums import Sum, by_model, by_tool, by_turn, total
from scrubber.core.usage.words import cost_text

if TYPE_CHECKING:
    import argparse

    from scrubber.api.usage import Used
    from scrubber.core.usage.account import Answer

_HEAD = ("ANSWERS", "FRESH", "CACHED", "WRITTEN", "OUTPUT", "COST", "TIME", "CALLS")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "usage", run, "tell what a session used, by turn, model and tool"
    )
    add_session(parser)
    add_at(parser, "in front of this index, instead of in all of it")
    add_json(parser, "one object, with each answer of a model too")


def run(args: argparse.Namespace) -> int:
    """Tell the sums."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        used = store.usage(session.id, cut(session, args.at))
    if args.json:
        output.put_json(_as_json(used))
        return DONE
    account = used.upto
    _table("", [total(account)])
    _table("TURN", by_turn(account))
    _table("MODEL", by_model(account))
    _tools(by_tool(account))
    return DONE


def _table(name: str, found: list[Sum]) -> None:
    if not found:
        return
    rows = [_row(one) for one in found]
    for line in tables.table((*_HEAD, name), rows, right=" ".join(_HEAD), width=output.width()):
        output.put(line)
    output.put()


def _row(found: Sum) -> tuple[str, ...]:
    usage = found.usage
    tokens = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return (
        f"{found.answers:,}",
        *(f"{number:,}" for number in tokens),
        cost_text(found) or "—",
        span(found.model_ms + found.tool_ms),
        f"{found.calls:,}",
        output.line(found.name),
    )


def _tools(found: list[Sum]) -> None:
    if found:
        rows = [(f"{s.calls:,}", f"{s.failed:,}", span(s.tool_ms), s.name) for s in found]
        head = ("CALLS", "FAILED", "TIME", "TOOL")
        for line in tables.table(head, rows, right="CALLS FAILED TIME", width=output.width()):
            output.put(line)


def _as_json(used: Used) -> dict[str, Any]:
    account = used.upto
    return {
        "session": used.session,
        "at": used.index,
        "total": _sum_json(total(account)),
        "turns": [_sum_json(one) for one in by_turn(account)],
        "models": [_sum_json(one) for one in by_model(account)],
        "tools": [_sum_json(one) for one in by_tool(account)],
        "answers": [_answer_json(one) for one in account.answers],
    }


def _sum_json(found: Sum) -> dict[str, Any]:
    return {
        "name": found.name,
        "index": found.index,
        "answers": found.answers,
        "calls": found.calls,
        "failed": found.failed,
        **_tokens(asdict(found.usage)),
        "cost_micros": found.cost_micros if found.is_cost_known else None,
        "unpriced": found.unpriced,
        "model_ms": found.model_ms,
        "tool_ms": found.tool_ms,
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "index": answer.index,
        "turn": answer.turn,
        "model": answer.model,
        **_tokens(asdict(answer.usage)),
        "context": answer.usage.context,
        "cost_micros": answer.cost_micros,
        "ms": answer.ms,
    }


def _tokens(usage: dict[str, Any]) -> dict[str, Any]:
    keys = ("input", "cache_read", "cache_write", "output", "reasoning")
    return {key: usage[key] for key in keys}
