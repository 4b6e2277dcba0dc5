"""The blocks of a context: each event that is part of a message to or from the model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Origin, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Share(Enum):
    """What a part of the context is, as the budget tells them apart."""

    UNSEEN = "not recorded"
    """Counted by a provider and not recorded by the source: the system prompt, the tools."""
    TOOLS = "tools"
    SYSTEM = "system"
    SUMMARY = "summary"
    USER = "user"
    ASSISTANT = "assistant"
    """What the model said, its calls included."""
    REASONING = "reasoning"
    RESULTS = "results"


# As plain numbers: this runs once for each block of each context.
_DUPLICATE, _IMAGE = int(Mark.DUPLICATE), int(Mark.IMAGE)
_SUMMARIES = (Kind.COMPACTION, Kind.BRANCH_SUMMARY)
_BY_ROLE = {Role.SYSTEM: Share.SYSTEM, Role.DEVELOPER: Share.SYSTEM, Role.USER: Share.USER}


def share_of(event: Event) -> Share:
    """Which part of the budget a block belongs to."""
    if event.kind in _SUMMARIES and not int(event.marks) & _DUPLICATE:
        return Share.SUMMARY
    if event.kind is Kind.TOOL_RESULT or event.role is Role.TOOL:
        return Share.RESULTS
    if event.kind is Kind.REASONING:
        return Share.REASONING
    return _BY_ROLE.get(event.role, Share.ASSISTANT)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the context, in the order in which the model gets them."""

    event: Event
    share: Share
    message: int
    """Number of the message that it is a part of, from 0."""
    tokens: int
    """An estimate, see ``scrubber.core.context.budget``."""

    @property
    def key(self) -> tuple[int, int, int]:
        """The same for the same event in every context; a made-up result has its call's place."""
        return self.event.log, self.event.seq, self.event.part

    @property
    def index(self) -> int:
        """Where the event stands in its session."""
        return self.event.index

    @property
    def is_made_up(self) -> bool:
        """Whether the source has no such thing: an answer to a call that nothing answered."""
        return self.event.origin is Origin.SYNTHETIC and self.event.part < 0


def blocks_of(messages: Iterable[Sequence[Event]], rate: float, first: int = 0) -> Iterator[Block]:
    """The blocks of messages, of which the first has this number; ``rate``: characters a token."""
    for number, events in enumerate(messages, first):
        for event in events:
            yield Block(event, share_of(event), number, estimate(event, rate))


PICTURE = 1_500
"""Tokens of a picture, about: Anthropic's and OpenAI's reckon with its size, which is not kept."""


def estimate(event: Event, rate: float) -> int:
    """Tokens of an event by its characters."""
    return round(event.size / rate) + (PICTURE if int(event.marks) & _IMAGE else 0)


def scaled(blocks: Sequence[Block], upto: int, factor: float) -> tuple[Block, ...]:
    """The blocks, the tokens of those in front of an index multiplied."""
    return tuple(
        Block(block.event, block.share, block.message, round(block.tokens * factor))
        if block.event.index < upto
        else block
        for block in blocks
    )
