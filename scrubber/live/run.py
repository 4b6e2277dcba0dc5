"""What a run is given: everything that decides how a branch goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.events import Usage
from scrubber.core.policy import Policy
from scrubber.core.running import Budget, Params, add_usage

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.live.provider import Tool


@dataclass(slots=True)
class Purse:
    """What several runs have spent so far."""

    spent: Usage = field(default_factory=Usage)

    def pay(self, usage: Usage) -> None:
        """Add what one of them has used."""
        self.spent = add_usage(self.spent, usage)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to extend a session."""

    params: Params = field(default_factory=Params)
    policy: Policy = field(default_factory=Policy)
    budget: Budget = field(default_factory=Budget)
    message: Content | None = None
    """Said by the user before the model is asked, behind the results of open calls."""
    system: str | None = None
    """A system prompt for a conversation that has none."""
    tools: tuple[Tool, ...] = ()
    """What the model is told that it can call."""
    repairs: frozenset[str] | None = None
    """Codes of the findings (see ``lint``) whose repair is agreed to; None: all of them."""
    purse: Purse | None = None
    """What runs side by side spend together, where their budget is a common one."""
    keep_bodies: bool = False
    """Whether each request is kept whole, not only its hash."""
    compact_at: float | None = 0.8
    """Share of the model's window from which on the conversation is compacted; None: never."""
    tries: int = 4
    """How often a request is sent before it is given up, where trying again may help."""

    def agrees(self, code: str) -> bool:
        """Whether a finding's repair is agreed to."""
        return self.repairs is None or code in self.repairs
