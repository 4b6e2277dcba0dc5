"""What a model sees at an index of a session, with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.context.blocks import Block
    from scrubber.core.context.budget import Budget


class Told(Enum):
    """Whether a source tells of a part of the prompt."""

    RECORDED = "recorded"
    NONE = "none"
    """The source holds whole requests, and this one has no such part."""
    NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True)
class Seen:
    """The context in front of an index: what the next request would hold."""

    session: str
    index: int
    model: str | None
    """The session's, None where it is not recorded."""
    messages: int
    blocks: tuple[Block, ...]
    budget: Budget
    system: Told
    tools: Told
    tool_names: tuple[str, ...]
    """Of the recorded definitions."""
    tools_at: int | None
    """Index of the event that holds them."""
    boundaries: tuple[int, ...]
    """Indices of the summaries that compactions made, those that others have replaced since
    included."""
    summed_up: int
    """Blocks that the last summary stands for."""
    rewound: int
    """Events that rewinds left behind."""
    closed: int
    """Calls in it that nothing ever answered: answered as interrupted."""
    stray: int
    """Results that answer no call: left out."""
