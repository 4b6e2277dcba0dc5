"""Sums of an account: of all of it, by turn, by model, by tool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.context.calls import added
from scrubber.core.events import Usage

if TYPE_CHECKING:
    from scrubber.core.usage.account import Account, Answer, ToolCall


@dataclass(slots=True)
class Sum:
    """What some answers, or calls of tools, add up to."""

    name: str
    index: int | None = None
    """Where it begins, for a turn."""
    answers: int = 0
    calls: int = 0
    failed: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_micros: int = 0
    """Of the answers whose cost is known."""
    unpriced: int = 0
    """Answers whose cost is not known."""
    model_ms: int = 0
    tool_ms: int = 0
    """What is known of both: parallel calls count each."""
    size: int = 0
    """Characters of results."""
    last: int | None = None
    """Index of the last event that counts."""

    def answer(self, answer: Answer) -> None:
        """Count an answer."""
        self.answers += 1
        self.usage = added(self.usage, answer.usage)
        self.model_ms += answer.ms or 0
        self.last = answer.index
        if answer.cost_micros is None:
            self.unpriced += 1
        else:
            self.cost_micros += answer.cost_micros

    def call(self, call: ToolCall) -> None:
        """Count a call of a tool."""
        self.calls += 1
        self.failed += call.is_failed
        self.tool_ms += call.ms or 0
        self.size += call.size
        self.last = call.index

    @property
    def is_cost_known(self) -> bool:
        """Whether the cost of anything is known."""
        return self.answers > self.unpriced


def total(account: Account) -> Sum:
    """All of it."""
    found = Sum("all")
    for answer in account.answers:
        found.answer(answer)
    for call in account.calls:
        found.call(call)
    return found


def by_turn(account: Account) -> list[Sum]:
    """A sum for each turn, and one in front for what came before the first, if anything did."""
    sums = {-1: Sum("before the first turn", 0)}
    for number, turn in enumerate(account.turns):
        sums[number] = Sum(turn.text, turn.index)
    for answer in account.answers:
        sums[answer.turn].answer(answer)
    for call in account.calls:
        sums[call.turn].call(call)
    if not sums[-1].answers and not sums[-1].calls:
        del sums[-1]
    return list(sums.values())


def by_model(account: Account) -> list[Sum]:
    """A sum for each model, the one with most tokens first."""
    sums: dict[str, Sum] = {}
    for answer in account.answers:
        name = answer.model or "model not recorded"
        sums.setdefault(name, Sum(name)).answer(answer)
    return sorted(sums.values(), key=lambda one: -one.usage.total)


def by_tool(account: Account) -> list[Sum]:
    """A sum for each tool, the one that was called most first."""
    sums: dict[str, Sum] = {}
    for call in account.calls:
        sums.setdefault(call.tool, Sum(call.tool)).call(call)
    return sorted(sums.values(), key=lambda one: (-one.calls, one.name))
