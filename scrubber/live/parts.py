"""A reply while it streams in: what providers give to the runner, whichever API they speak."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Kind, Usage


class Stop(StrEnum):
    """Why a model ended its reply."""

    END = "end"
    TOOL_USE = "tool_use"
    LENGTH = "length"
    """The limit of tokens was reached, or the model's window is full."""
    REFUSED = "refused"
    """By the model or by a content filter."""
    UNKNOWN = "unknown"
    """The stream ended without a word; the reply may be incomplete."""


@dataclass(frozen=True, slots=True)
class Began:
    """A part of the reply begins: MESSAGE, REASONING or TOOL_CALL."""

    part: int
    """Counts up from 0 within a reply; parts may grow side by side."""
    kind: Kind
    name: str | None = None
    """The tool's name, of a call."""
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Grew:
    """More text of a part; of a call, more of its arguments' JSON."""

    part: int
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A part is whole. Its content is what counts, not the pieces that came before."""

    part: int
    kind: Kind
    content: Content
    """Of a call: the arguments as an object, or the text where it is no JSON object."""
    name: str | None = None
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply is over; always the last thing of a stream that did not fail."""

    stop: Stop
    usage: Usage | None = None
    """With ``context``: the tokens of the whole prompt, cached or not. Cost where it is known."""
    model: str = ""
    """The model that answered, as the provider calls it."""
    response_id: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """The next events are those of another session, start…stop-1: they are shared, not copied."""

    session: str
    start: int
    stop: int


Part = Began | Grew | Ended | Replied | Repeated
