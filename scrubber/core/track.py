"""A session as the timeline needs it: a few packed columns, one small number per event.

A million events are four arrays of some megabytes, not a million objects. The store keeps the
columns in chunks per log; a session's track is the concatenation of its slices' columns.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from scrubber.core.events import Kind, Mark, Origin, Role, Visibility


class Lane(IntEnum):
    """The rows of the timeline, from top to bottom."""

    YOU = 0
    MODEL = 1
    THINKING = 2
    TOOLS = 3
    SUBAGENTS = 4
    OTHER = 5


class Flag(IntFlag):
    """What the timeline shows of an event beside its kind; the low three bits are its role."""

    ROLE = 0b111
    ERROR = 8
    OUT_OF_CONTEXT = 16
    OPENS_MESSAGE = 32
    ADDED = 64
    """Not recorded by the source: edited, typed, synthetic, …"""


_SUBAGENTS = {Kind.SUBAGENT_START, Kind.SUBAGENT_END}
_TOOLS = {Kind.TOOL_CALL, Kind.TOOL_RESULT}


def lane_of(kind: Kind, role: Role) -> Lane:
    """The lane in which an event is drawn."""
    if kind in _TOOLS:
        return Lane.TOOLS
    if kind is Kind.REASONING:
        return Lane.THINKING
    if kind in _SUBAGENTS:
        return Lane.SUBAGENTS
    if kind in (Kind.MESSAGE, Kind.COMMAND) and role is Role.USER:
        return Lane.YOU
    if kind is Kind.MESSAGE and role is Role.ASSISTANT:
        return Lane.MODEL
    return Lane.OTHER


def pack_flags(role: Role, visibility: Visibility, origin: Origin, marks: Mark) -> int:
    """The flags of one event as the byte that the track holds."""
    flags = int(role)
    if marks & Mark.ERROR:
        flags |= Flag.ERROR
    if marks & Mark.OPENS_MESSAGE:
        flags |= Flag.OPENS_MESSAGE
    if visibility is not Visibility.IN_CONTEXT:
        flags |= Flag.OUT_OF_CONTEXT
    if origin is not Origin.RECORDED:
        flags |= Flag.ADDED
    return flags


@dataclass(frozen=True, slots=True)
class ForkMark:
    """Where a child session leaves: it shares the events in front of ``index``."""

    index: int
    session: str
    title: str


@dataclass(frozen=True, slots=True)
class AgentSpan:
    """A sub-agent at work from event ``start`` up to, not including, event ``stop``."""

    start: int
    stop: int
    session: str | None
    title: str


@dataclass(slots=True)
class Track:
    """The columns of one session, all of the same length: item i is about event i."""

    kinds: bytes = b""
    """A Kind per event."""
    flags: bytes = b""
    """Flag bits and the Role per event."""
    times: array[int] = field(default_factory=lambda: array("q"))
    """Milliseconds since 1970, 0 where the source has no time; may run backwards."""
    sizes: array[int] = field(default_factory=lambda: array("I"))
    """Characters of content; a quarter of it estimates its tokens."""
    contexts: array[int] = field(default_factory=lambda: array("I"))
    """Tokens of the prompt, at the events that record it, else 0."""
    forks: tuple[ForkMark, ...] = ()
    spans: tuple[AgentSpan, ...] = ()

    def __len__(self) -> int:
        return len(self.kinds)
