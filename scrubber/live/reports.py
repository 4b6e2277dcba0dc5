"""What a run tells while it goes on; to a queue, a terminal or a window, in this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.core.running import Outcome
    from scrubber.core.session import Changes
    from scrubber.live.desk import Question
    from scrubber.live.parts import Began, Ended, Grew, Replied
    from scrubber.live.provider import Forecast


@dataclass(frozen=True, slots=True)
class Sending:
    """A request is about to be sent, with what it will use."""

    session: str
    turn: int
    forecast: Forecast
    sha256: str
    """Of the body, in hexadecimal; empty where nothing is sent."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A piece of the reply has come in; ``Ended`` says that its event is in the store."""

    session: str
    part: Began | Grew | Ended | Replied


@dataclass(frozen=True, slots=True)
class Added:
    """Events were added to the session, which is so long now."""

    session: str
    length: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class Asked:
    """A person has to answer a call."""

    session: str
    question: Question


@dataclass(frozen=True, slots=True)
class Answered:
    """A call has its result, from this rung of the ladder."""

    session: str
    call: Event
    rung: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a user should know: a repair, a miss of the tape, a retry."""

    session: str
    text: str


@dataclass(frozen=True, slots=True)
class Over:
    """The run is over; nothing follows."""

    session: str
    outcome: Outcome


Report = Sending | Streamed | Added | Asked | Answered | Noted | Over
Observer = Callable[[Report], None]
"""Called from the thread of the run; must not block."""
