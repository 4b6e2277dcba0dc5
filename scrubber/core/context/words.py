"""What is known of a context, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import amount, count
from scrubber.core.context.seen import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.context.blocks import Block
    from scrubber.core.context.budget import Budget
    from scrubber.core.context.delta import Change
    from scrubber.core.context.seen import Seen

_BAR = 40


def total_text(budget: Budget) -> str:
    """``≈ 137,308 tokens, 69 % of 200,000``."""
    sign = "≈ " if budget.is_estimate else ""
    text = f"{sign}{budget.total:,} tokens"
    if budget.window is not None:
        text += f", {budget.total / budget.window:.0%} of {budget.window:,}".replace("%", " %")
    return text


def used_text(budget: Budget) -> str:
    """The same where there is little room: ``≈ 137,308 tokens · 69 %``."""
    sign = "≈ " if budget.is_estimate else ""
    share = f" · {budget.total / budget.window:.0%}".replace("%", " %") if budget.window else ""
    return f"{sign}{budget.total:,} tokens{share}"


def counted_text(budget: Budget) -> str:
    """How much of it a provider has counted."""
    if budget.counted is None:
        return "estimated by its characters: no usage is recorded"
    since = budget.total - budget.counted
    at = budget.counted_at or 0
    if not since:
        return f"counted by the provider at #{at + 1:,}"
    return f"{budget.counted:,} counted at #{at + 1:,}, ≈ {amount(since)} since"


def cache_text(budget: Budget) -> str:
    """What of the last counted prompt came from the cache; empty where none is counted."""
    usage = budget.usage
    if usage is None:
        return ""
    parts = [(usage.cache_read, "cached"), (usage.cache_write, "written")]
    told = [f"{amount(tokens)} {word}" for tokens, word in parts if tokens]
    return " · ".join([*told, f"{amount(usage.input)} fresh"])


def budget_lines(budget: Budget) -> Iterator[str]:
    """The budget as text, with a bar for each share."""
    yield f"{total_text(budget)} ({counted_text(budget)})"
    if cached := cache_text(budget):
        yield f"the last counted prompt: {cached}"
    widest = max((len(share.value) for share in budget.shares), default=0)
    for share, tokens in budget.shares.items():
        part = tokens / max(budget.total, 1)
        bar = "█" * max(round(part * _BAR), 1)
        yield f"  {share.value:<{widest}}  {'≈' + amount(tokens):>8}  {part:>4.0%}  {bar}"


def notes(seen: Seen) -> Iterator[str]:
    """What else there is to say of a context, a sentence each."""
    missing = [
        word
        for word, told in (("system prompt", seen.system), ("tools", seen.tools))
        if told is Told.NOT_RECORDED
    ]
    if missing:
        yield f"not recorded: {' and '.join(missing)}"
    if seen.tool_names:
        yield f"{count(len(seen.tool_names), 'tool')}: {', '.join(seen.tool_names)}"
    if seen.summed_up:
        yield f"the summary stands for {count(seen.summed_up, 'block')}"
    if seen.rewound:
        yield f"{count(seen.rewound, 'event')} left behind by rewinds"
    if seen.closed:
        yield f"{count(seen.closed, 'call')} never answered: told as interrupted"
    if seen.stray:
        yield f"{count(seen.stray, 'result')} of no call: left out"


def change_line(change: Change) -> str:
    """``replaced 182 blocks (≈ 150 k) by 1 block (≈ 8.9 k)``."""
    if not change.dropped:
        return f"added {_blocks(change.added)}"
    if not change.added:
        return f"dropped {_blocks(change.dropped)}"
    return f"replaced {_blocks(change.dropped)} by {_blocks(change.added)}"


def _blocks(blocks: tuple[Block, ...]) -> str:
    tokens = sum(block.tokens for block in blocks)
    return f"{count(len(blocks), 'block')} (≈ {amount(tokens)})"
