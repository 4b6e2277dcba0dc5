"""What a transcript is made of once it is read: events, and what each of them is.

An *event* is one tick on the timeline. It is derived from a *record* (one unit of the source,
kept byte for byte): one record gives no event, one, or several. The vocabulary is the common
event model of the transcript formats of the field; a format's reader maps its own records to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cache
from typing import Final, Self

PREVIEW_LENGTH = 160
"""Characters of an event's text that the store keeps beside the event, for lists and tooltips."""


class _Code(IntEnum):
    """An enumeration whose numbers are stored in databases: members are added, never renumbered."""

    @property
    def label(self) -> str:
        """The word for it on the command line and in JSON, such as ``tool_call``."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> Self:
        """The member with this label; a ValueError names the label and what would do."""
        try:
            return cls[label.upper()]
        except KeyError:
            known = ", ".join(member.label for member in cls)
            raise ValueError(f"{label!r} is not a {cls.__name__.lower()}: use {known}") from None


class Kind(_Code):
    """What happened at an event."""

    UNKNOWN = 0
    SESSION_START = 1
    SESSION_END = 2
    MESSAGE = 3
    REASONING = 4
    TOOL_CALL = 5
    TOOL_RESULT = 6
    TOOL_DETAIL = 7
    COMMAND = 8
    CONTEXT = 9
    MODEL_CALL = 10
    USAGE = 11
    TURN_START = 12
    TURN_END = 13
    CONFIG_CHANGE = 14
    COMPACTION = 15
    CONTEXT_EDIT = 16
    REWIND = 17
    BRANCH_POINT = 18
    BRANCH_SUMMARY = 19
    SUBAGENT_START = 20
    SUBAGENT_END = 21
    SPAN_BEGIN = 22
    SPAN_END = 23
    APPROVAL = 24
    HOOK = 25
    QUEUE = 26
    PLAN = 27
    FILE_SNAPSHOT = 28
    FILE_CHANGE = 29
    STATE = 30
    SCORE = 31
    ERROR = 32
    TITLE = 33
    LABEL = 34
    LINK = 35
    NOTICE = 36
    UI_STATE = 37
    MIRROR = 38


class Role(_Code):
    """Whose turn an event belongs to; NONE for what no party of the conversation said."""

    NONE = 0
    SYSTEM = 1
    DEVELOPER = 2
    USER = 3
    ASSISTANT = 4
    TOOL = 5


class Visibility(_Code):
    """Who could see an event: the model, only the person at the screen, or nobody."""

    IN_CONTEXT = 0
    UI_ONLY = 1
    HIDDEN = 2


class Origin(_Code):
    """How an event came to be; everything but RECORDED was added by hand or by a branch."""

    RECORDED = 0
    EDITED = 1
    RESAMPLED = 2
    STUBBED = 3
    TYPED = 4
    SYNTHETIC = 5


class Mark(IntFlag):
    """Facts about one event that a reader or the store noticed."""

    NONE = 0
    ERROR = 1
    OPENS_MESSAGE = 2
    """First event of a message as the model sees it (content blocks share their message)."""
    ORPHAN = 4
    """Names a parent, or answers a call, that the source does not hold."""
    DUPLICATE = 8
    """The same bytes stood in the source before."""
    DAMAGED = 16
    """The record could not be read as its format asks; its bytes are kept."""
    SEALED = 32
    """Signed or encrypted by the provider: text under it must never be edited."""
    SIDECHAIN = 64
    """Said inside a sub-agent."""
    TRUNCATED = 128
    """The source itself says that the content was cut."""
    CLOSES_CALL = 256
    """A result that answers a call left open before it."""
    IMAGE = 512
    """The content holds an image."""
    OPENS_CALL = 1024
    """A call that waits for a result; a second record of a call that is open does not."""


@cache
def mark_of(bits: int) -> Mark:
    """The marks with these bits; an IntFlag takes ten times as long to say so."""
    return Mark(bits)


@dataclass(slots=True, unsafe_hash=True)
class Usage:
    """Tokens that one event adds to its session's bill, as recorded by the source.

    Readers give *increments*: where a source repeats the usage of a message on several records,
    only what is new is counted. ``context`` is no increment: it is the size in tokens of the
    prompt that the model was given, 0 where unknown. Final, not frozen, as ``Content`` is.
    """

    input: Final[int] = 0
    cache_read: Final[int] = 0
    cache_write: Final[int] = 0
    output: Final[int] = 0
    reasoning: Final[int] = 0
    """Part of ``output``, not in addition to it."""
    context: Final[int] = 0
    cost_micros: Final[int | None] = None
    """Recorded cost in millionths of a US dollar; None where the source records none."""

    @property
    def total(self) -> int:
        """Input, cached or not, and output; reasoning is a part of the output."""
        return self.input + self.cache_read + self.cache_write + self.output


@dataclass(slots=True)
class Draft:
    """An event as a reader derives it from a record, before the store gives it a place.

    It is filled in on its way (see ``Tally.enter``), and so not frozen as other values are.
    """

    kind: Kind
    text: str = ""
    role: Role = Role.NONE
    visibility: Visibility = Visibility.IN_CONTEXT
    origin: Origin = Origin.RECORDED
    marks: Mark = Mark.NONE
    ts: int | None = None
    """Milliseconds since 1970, UTC; None where the source has no time."""
    name: str | None = None
    """The tool's name, the sub-agent's id, the model's name: what the kind is *of*."""
    call_id: str | None = None
    group_id: str | None = None
    """Events with one group are the content blocks of one message."""
    ref: int | None = None
    """Position in the same log of the event that this one refers to: a result's call, the first
    event that a rewind drops, or in whose place a compaction's summary stands; the twin of a
    mirror, or of what is told twice. Negative: counted back from the log's beginning, in what the
    log branches off from."""
    size: int = 0
    """Characters of the whole content."""
    usage: Usage | None = None
    log: str = ""
    """Which of the source's logs it belongs to; most sources have one, named ``""``."""
    part: int = 0
    """Which piece of its record it is; negative for what is told *about* the record."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a session, at its place.

    ``index`` is its position in the session (0…N-1); ``log`` and ``seq`` say where the store keeps
    it, the same for every session that shares it. ``source``, ``record`` and ``part`` lead to the
    bytes it was read from.
    """

    index: int
    log: int
    seq: int
    source: int
    record: int
    part: int
    kind: Kind
    role: Role
    visibility: Visibility
    origin: Origin
    marks: Mark
    ts: int | None
    name: str | None
    call_id: str | None
    group_id: str | None
    ref: int | None
    size: int
    text: str
    usage: Usage | None = None

    @property
    def is_error(self) -> bool:
        """Whether the event reports a failure."""
        return bool(self.marks & Mark.ERROR)

    @property
    def opens_message(self) -> bool:
        """Whether a new message, as the model sees it, begins here."""
        return bool(self.marks & Mark.OPENS_MESSAGE)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a session sums up to before an index: all events in front of the cut, none behind it."""

    events: int = 0
    messages: int = 0
    errors: int = 0
    open_calls: int = 0
    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cost_micros: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(a + b for a, b in zip(self.astuple(), other.astuple(), strict=True)))

    def __sub__(self, other: Totals) -> Totals:
        return Totals(*(a - b for a, b in zip(self.astuple(), other.astuple(), strict=True)))

    def astuple(self) -> tuple[int, ...]:
        """The fields in their order."""
        return (
            self.events,
            self.messages,
            self.errors,
            self.open_calls,
            self.input,
            self.cache_read,
            self.cache_write,
            self.output,
            self.cost_micros,
        )

    @property
    def tokens(self) -> int:
        """All tokens billed: input, cached or not, and output."""
        return self.input + self.cache_read + self.cache_write + self.output


def one_line(text: str, length: int = PREVIEW_LENGTH) -> str:
    """The beginning of a text on one line, for previews."""
    most = length + length // 4  # enough, but for texts that are mostly spaces
    cut = " ".join(text[:most].split())
    if len(cut) <= length and len(text) > most:
        most = length * 2
        cut = " ".join(text[:most].split())
    return cut if len(cut) <= length and len(text) <= most else cut[: length - 1] + "…"
