"""Sums of an account in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import amount, count, span

if TYPE_CHECKING:
    from scrubber.core.usage.sums import Sum

UNKNOWN = "cost unknown"


def cost_text(found: Sum) -> str:
    """``$12.23``; with a plus where the cost of some answers is not known."""
    if not found.answers:
        return ""
    if not found.is_cost_known:
        return UNKNOWN
    return dollars(found.cost_micros) + ("+" if found.unpriced else "")


def dollars(micros: int) -> str:
    """An amount of money, with as many places as it needs."""
    value = micros / 1_000_000
    return f"${value:,.2f}" if value >= 0.095 or not value else f"${value:.4f}"


def sum_text(found: Sum) -> str:
    """A sum on one line: ``1.2 M · $0.41``, or ``66× · 3 min``."""
    if found.answers:
        return " · ".join(filter(None, (amount(found.usage.total), cost_text(found))))
    return " · ".join(filter(None, (f"{found.calls}×", span(found.tool_ms))))


def details(found: Sum) -> list[str]:
    """All of a sum, a line each."""
    usage = found.usage
    lines = []
    if found.answers:
        lines += [
            f"{count(found.answers, 'answer')}, {cost_text(found)}",
            f"{usage.input:,} fresh, {usage.cache_read:,} cached, {usage.cache_write:,} written",
            f"{usage.output:,} output, {usage.reasoning:,} of it reasoning",
            f"{span(found.model_ms)} answering",
        ]
    if found.unpriced and found.is_cost_known:
        lines.append(f"the cost of {count(found.unpriced, 'answer')} is not known")
    if found.calls:
        failed = f", {found.failed} failed" if found.failed else ""
        lines.append(f"{count(found.calls, 'tool call')}{failed}, {span(found.tool_ms)}")
        lines.append(f"{found.size:,} characters of results")
    return lines
