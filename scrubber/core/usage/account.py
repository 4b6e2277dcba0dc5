"""The account of a session: what each answer of a model and each tool call took."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.events import Usage


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a model whose usage is recorded."""

    index: int
    """The event that tells of it first."""
    turn: int
    """Number of its turn; -1 in front of the first."""
    model: str | None
    usage: Usage
    cost_micros: int | None
    """As recorded, or by the prices of its model; None where unknown."""
    ms: int | None
    """From what stands in front of the answer to its last event, where both have a time."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool."""

    index: int
    turn: int
    tool: str
    ms: int | None = None
    """From the call to its result, where both have a time."""
    answered: int | None = None
    """Index of the result."""
    size: int = 0
    """Characters of the result."""
    is_failed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """From what the user says to what he says next."""

    index: int
    """The event that it begins with."""
    text: str
    ts: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """All of a session, each in the order of the timeline."""

    answers: tuple[Answer, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    turns: tuple[Turn, ...] = ()

    def up_to(self, index: int) -> Account:
        """What lies in front of an index."""
        calls = self.calls[: bisect_left(self.calls, index, key=lambda one: one.index)]
        return Account(
            self.answers[: bisect_left(self.answers, index, key=lambda one: one.index)],
            tuple(_open(call) if (call.answered or 0) >= index else call for call in calls),
            self.turns[: bisect_left(self.turns, index, key=lambda one: one.index)],
        )


def _open(call: ToolCall) -> ToolCall:
    """A call whose result is not known yet."""
    return ToolCall(call.index, call.turn, call.tool)
