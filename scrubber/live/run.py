"""What a run is given: everything that decides how a branch goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.policy import Policy
from scrubber.core.running import Budget, Params

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.live.provider import Tool


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
    keep_bodies: bool = False
    """Whether each request is kept whole, not only its hash."""
    compact_at: float | None = 0.8
    """Share of the model's window from which on the conversation is compacted; None: never."""
    tries: int = 4
    """How often a request is sent before it is given up, where trying again may help."""
