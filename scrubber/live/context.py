"""The request at the head of a branch, built from its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.messages import message_events, messages
from scrubber.formats.closing import ClosedTranscript
from scrubber.live.provider import Request, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.events import Event
    from scrubber.core.running import Params
    from scrubber.core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Context:
    """A request, and what had to be closed or left out so that it can be one."""

    request: Request
    closed: int
    """Calls further up that nothing ever answered: answered as interrupted."""
    stray: int
    """Results that answer no call: left out."""


def build(transcript: Transcript, params: Params, tools: Sequence[Tool]) -> Context:
    """The context that a model gets of a transcript; costs its length."""
    closed = ClosedTranscript(transcript)
    said = tuple(messages(closed, honour_compaction=True))
    request = Request(transcript.session.id, closed, said, tuple(tools), params)
    return Context(request, closed.closed, closed.stray)


@dataclass(frozen=True, slots=True)
class Outline:
    """What ``build`` would make, without the contents: the events of each message."""

    messages: tuple[tuple[Event, ...], ...]
    closed: int
    stray: int
    """Both as in Context."""


def outline(transcript: Transcript) -> Outline:
    """The outline of the context that a model gets of a transcript."""
    closed = ClosedTranscript(transcript)
    said = tuple(map(tuple, message_events(closed, honour_compaction=True)))
    return Outline(said, closed.closed, closed.stray)
