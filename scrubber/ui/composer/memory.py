"""What the composer remembers of each branch while another one is open."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.content import Image
    from scrubber.core.running import Outcome

_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was not sent yet."""

    text: str = ""
    images: tuple[Image, ...] = ()


@dataclass(slots=True)
class BranchMemory:
    """Of one branch."""

    draft: Written = field(default_factory=Written)
    sent: Written | None = None
    """What was said at the start of the run that is on."""
    outcome: Outcome | None = None
    """How its last run ended, until something else is about to be done."""


class Memory:
    """Of the branches that were open or run last."""

    def __init__(self) -> None:
        self._branches: OrderedDict[str, BranchMemory] = OrderedDict()

    def of(self, session: str) -> BranchMemory:
        """What is known of a branch; nothing at first."""
        found = self._branches.setdefault(session, BranchMemory())
        self._branches.move_to_end(session)
        while len(self._branches) > _REMEMBERED:
            self._branches.popitem(last=False)
        return found

    def ended(self, session: str, outcome: Outcome) -> bool:
        """Note how a run ended; whether what it was told was not said, and can be said again."""
        memory = self.of(session)
        memory.outcome = outcome
        sent, memory.sent = memory.sent, None
        unsaid = sent is not None and outcome.events == 0 and outcome.turns == 0
        if unsaid and sent is not None:
            memory.draft = sent
        return unsaid
