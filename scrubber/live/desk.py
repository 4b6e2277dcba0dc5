"""Where a person sits, while a branch runs: to answer a tool call, or to write a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from scrubber.core.events import Origin
from scrubber.live.errors import NeedsPersonError

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Event


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool call is answered with."""

    content: Content
    is_error: bool = False
    origin: Origin = Origin.TYPED
    rung: str = "ask"
    """Which rung of the ladder it comes from, kept with the event."""
    always: bool = False
    """Of a person's answer: whether this tool is always to be answered so from now on."""


@dataclass(frozen=True, slots=True)
class Question:
    """A tool call that waits for a person."""

    session: str
    call: Event
    content: Content
    """The call's arguments."""
    recorded: Answer | None = None
    """What the recording says that such a call gave, as a starting point."""
    may_run: bool = False
    """Whether the real tool could answer, if the person allows it: see ``Desk.RUN``."""
    hints: tuple[str, ...] = ()
    """Of a tool that may run: what it does, by its server's own word."""


RUN = None
"""What ``Desk.answer`` gives to let the real tool run."""


class Desk(Protocol):
    """A person, or the place where one would sit."""

    async def answer(self, question: Question) -> Answer | None:
        """What a call gave, by the person's word; RUN to let the real tool run, if it may."""
        ...

    async def reply(self, session: str) -> Content:
        """The model's turn, written by the person."""
        ...


class EmptyDesk:
    """Nobody is there: the run stops where somebody would be asked, and can go on from there."""

    async def answer(self, question: Question) -> Answer | None:
        """A NeedsPersonError that names the call."""
        call = question.call
        raise NeedsPersonError(
            f"{call.name or 'tool'} call #{call.index + 1} waits for an answer: {call.text}"
        )

    async def reply(self, session: str) -> Content:
        """A NeedsPersonError."""
        raise NeedsPersonError("the next reply is yours to write")
