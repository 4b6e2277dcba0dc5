"""``scrubber continue``: lets a fork run on, offline by default."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.failures import BUDGET, DONE, FAILED, INTERRUPTED, NEEDS_PERSON, UNMATCHED
from scrubber.cli.watching import Watcher
from scrubber.core.errors import BadArgumentError
from scrubber.core.running import Budget, Ending, Params

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from scrubber.api import OpenStore
    from scrubber.api.running import Continued
    from scrubber.core.events import Usage
    from scrubber.core.policy import Policy
    from scrubber.live.run import Plan

_T = TypeVar("_T")
_STATUS = {
    Ending.FINISHED: DONE,
    Ending.BUDGET: BUDGET,
    Ending.NEEDS_PERSON: NEEDS_PERSON,
    Ending.UNMATCHED: UNMATCHED,
    Ending.FAILED: FAILED,
    Ending.CANCELLED: INTERRUPTED,
}
_RANK = (DONE, BUDGET, UNMATCHED, NEEDS_PERSON, FAILED, INTERRUPTED)


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "continue", run, "let a fork run on; offline by default")
    add_session(parser)
    add_at(parser, "fork at E first; without it a fork grows at its end")
    _add_model(parser)
    _add_policy(parser)
    _add_budget(parser)
    parser.add_argument(
        "-n",
        metavar="SAMPLES",
        type=int,
        default=1,
        help="so many siblings, side by side (2 to 32)",
    )
    add_json(parser, "an object for each branch")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--provider",
        metavar="P",
        help="replay (the default: what the source's model said), person, or a model's: see "
        "`scrubber models`",
    )
    parser.add_argument(
        "--model", metavar="M", default="", help="the model, by the provider's name"
    )
    parser.add_argument("--message", metavar="TEXT", help="what you say before the model is asked")
    parser.add_argument("--system", metavar="TEXT", help="a system prompt, put in front of all")
    for name, kind in (
        ("temperature", float),
        ("top-p", float),
        ("seed", int),
        ("max-tokens", int),
    ):
        parser.add_argument(f"--{name}", metavar="N", type=kind, help="as the provider has it")
    parser.add_argument("--effort", metavar="WORD", help="how much the model shall reason")
    parser.add_argument("--stop", metavar="TEXT", action="append", default=[], help="ends a reply")
    parser.add_argument(
        "--keep-requests", action="store_true", help="keep each request whole, not only its hash"
    )


def _add_policy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy",
        metavar="FILE|RUNG",
        help="who answers tool calls: recorded, static, error, ask, live, several with commas, or "
        "a JSON file (docs/live/policy.md); the default is recorded, then ask",
    )
    parser.add_argument(
        "--repair",
        metavar="CODES",
        default="all",
        help="which repairs of the lint you agree to: all (the default; each is told), none, or "
        "their codes with commas",
    )


def _add_budget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--turns", metavar="N", type=int, help="end after so many replies")
    parser.add_argument("--budget-tokens", metavar="N", type=int, help="end after so many tokens")
    parser.add_argument(
        "--budget-cost", metavar="USD", type=float, help="end after so many dollars"
    )
    parser.add_argument("--budget-seconds", metavar="S", type=float, help="end after so long")


def run(args: argparse.Namespace) -> int:
    """Let it run; what is said comes on stdout, how it ended on stderr."""
    plan = _plan(args)
    with opened(args) as store:
        session = store.session(args.session)
        at = None if args.at is None else cut(session, args.at)
        done = _continue(store, session.id, at, args, plan)
        for one in done:
            _tell(store, one, args.json)
    return max((_STATUS[one.outcome.ending] for one in done), key=_RANK.index)


def _continue(
    store: OpenStore, session: str, at: int | None, args: argparse.Namespace, plan: Plan
) -> list[Continued]:
    import asyncio

    from scrubber.api import running

    provider = args.provider or ("replay" if not args.model else "")
    with Watcher(store, quiet=args.json, several=args.n > 1) as watcher:
        if args.n > 1:
            index = store.session(session).events if at is None else at
            siblings = partial(
                running.continue_siblings, store.store, session, index, args.n, provider, plan,
                observer=watcher.see,
            )  # fmt: skip
            return asyncio.run(_with_tools(plan, siblings))
        branch = running.branch_for(store.store, session, at)
        running.do_commands(store.store, branch)  # first: one of them may empty the session
        watcher.expect(branch)
        single = partial(
            running.continue_branch, store.store, branch, provider, plan, observer=watcher.see
        )
        return [running.Continued(branch, asyncio.run(_with_tools(plan, single)))]


async def _with_tools(plan: Plan, work: Callable[..., Awaitable[_T]]) -> _T:
    """Do it with the servers that the user has enabled, if the policy lets anything run."""
    if not plan.policy.may_run:
        return await work()
    from scrubber.api import tools

    toolbox = tools.toolbox()
    try:
        return await work(toolbox=toolbox)
    finally:
        await toolbox.close()


def _plan(args: argparse.Namespace) -> Plan:
    from scrubber.core.content import text_content
    from scrubber.live.run import Plan

    params = Params(
        args.model,
        args.temperature,
        args.top_p,
        args.seed,
        args.max_tokens,
        args.effort,
        tuple(args.stop),
    )
    cost = None if args.budget_cost is None else round(args.budget_cost * 1e6)
    return Plan(
        params=params,
        policy=policy_of(args.policy),
        budget=Budget(args.turns, args.budget_tokens, cost, args.budget_seconds),
        message=text_content(args.message) if args.message else None,
        system=args.system or None,
        repairs=_repairs(args.repair),
        keep_bodies=args.keep_requests,
    )


def policy_of(text: str | None) -> Policy:
    """A policy from the word of a rung, several of them, or a file."""
    import json

    from scrubber.core.policy import Policy, Rung, parse_policy

    if text is None:
        return Policy()
    words = text.split(",")
    if all(word in list(Rung) for word in words):
        return parse_policy(words)
    path = Path(text)
    if not path.is_file():
        known = ", ".join(Rung)
        raise BadArgumentError(f"policy {text!r}: neither a file nor a rung ({known})")
    try:
        return parse_policy(json.loads(path.read_bytes()))
    except (ValueError, UnicodeDecodeError) as error:
        raise BadArgumentError(f"{path}: {error}") from error


def _repairs(text: str) -> frozenset[str] | None:
    if text == "all":
        return None
    return frozenset() if text == "none" else frozenset(text.split(","))


def _tell(store: OpenStore, done: Continued, as_json: bool) -> None:
    if as_json:
        output.put_json(continued_json(store, done))
        return
    outcome, session = done.outcome, store.session(done.session)
    output.say(f"{session.id} · {session.events:,} events: {outcome.ending}: {outcome.reason}")
    if outcome.spent.total:
        output.say(f"used {_spent(outcome.spent)}")


def _spent(spent: Usage) -> str:
    """What a run has used, in words."""
    cached = f" ({spent.cache_read:,} cached)" if spent.cache_read else ""
    cost = "cost unknown" if spent.cost_micros is None else f"${spent.cost_micros / 1e6:,.4f}"
    given = spent.input + spent.cache_read + spent.cache_write
    return f"{given:,} tokens in{cached}, {spent.output:,} out, {cost}"


def continued_json(store: OpenStore, done: Continued) -> dict[str, Any]:
    """A branch that has run on as the JSON of docs/cli.md."""
    session, outcome = store.session(done.session), done.outcome
    spent = outcome.spent
    return {
        "session": session.id,
        "parent": session.parent,
        "forked_at": session.forked_at,
        "ending": str(outcome.ending),
        "reason": outcome.reason,
        "turns": outcome.turns,
        "added": outcome.events,
        "events": session.events,
        "model": session.model,
        "input": spent.input,
        "cache_read": spent.cache_read,
        "cache_write": spent.cache_write,
        "output": spent.output,
        "cost_micros": spent.cost_micros,
        "notes": list(outcome.notes),
        "retryable": outcome.retryable,
    }
