"""Fork lint: what is wrong with a prefix as it stands, and how it can be repaired.

A cut may fall between a call and its result, or between the content blocks of one message; model
providers reject such a conversation. In real transcripts that is the normal case: 37 % of random
cuts in Claude Code files and 48 % in Codex files leave an open call.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Event, Kind, Mark, Origin, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = "[Interrupted: the session was forked before this call had a result]"


class Repair(StrEnum):
    """What to do about a prefix that is not closed."""

    ASK = "ask"
    SNAP = "snap"
    INTERRUPT = "interrupt"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a model provider would stumble over, at an index of the session."""

    code: str
    text: str
    index: int
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Lint:
    """The verdict on a cut."""

    index: int
    problems: tuple[Problem, ...]
    snap_to: int
    """The nearest cut at or before ``index`` that closes what this one leaves open."""
    open_calls: tuple[Event, ...]
    """Calls of the last message that a result must be added for, to close the prefix here."""


def lint(
    index: int,
    opening: Event | None,
    before: Event | None,
    after: Event | None,
    open_calls: Sequence[Event],
) -> Lint:
    """Look at a cut.

    ``opening`` is the event in front of the cut that opens its last message (results do not
    count), ``before`` the last spoken event in front of the cut, ``after`` the first one behind
    it, ``open_calls`` all calls in front of it that nothing in front of it answers.
    """
    start = opening.index if opening is not None else 0
    pending = tuple(call for call in open_calls if call.index >= start)
    problems = [_open_call(call) for call in pending]
    problems += [_abandoned(call) for call in open_calls if call.index < start]
    if _splits_message(before, after):
        problems.append(_split(index))
    elif before is not None and before.kind is Kind.REASONING:
        problems.append(_trailing_reasoning(index))
    moves = any(Repair.SNAP in problem.repairs for problem in problems)
    return Lint(index, tuple(problems), start if moves else index, pending)


def _open_call(call: Event) -> Problem:
    return Problem(
        "open_call",
        f"{call.name or 'tool'} call, event #{call.index + 1}, has no result in front of the cut",
        call.index,
        (Repair.SNAP, Repair.INTERRUPT, Repair.NONE),
    )


def _abandoned(call: Event) -> Problem:
    return Problem(
        "abandoned_call",
        f"{call.name or 'tool'} call, event #{call.index + 1}, was never answered in the original",
        call.index,
        (Repair.NONE,),
    )


def _split(index: int) -> Problem:
    return Problem(
        "split_message",
        "the cut falls between the parts of one message",
        index,
        (Repair.SNAP, Repair.NONE),
    )


def _trailing_reasoning(index: int) -> Problem:
    return Problem(
        "trailing_reasoning",
        "the prefix ends with reasoning that leads to nothing",
        index,
        (Repair.SNAP, Repair.NONE),
    )


def _splits_message(before: Event | None, after: Event | None) -> bool:
    if before is None or after is None or before.group_id is None:
        return False
    return before.group_id == after.group_id


def is_opening(event: Event) -> bool:
    """Whether a message begins here that is not a tool's result."""
    return event.opens_message and event.kind is not Kind.TOOL_RESULT


def interrupted_result(call: Event, now_ms: int) -> tuple[Draft, Content]:
    """The result that closes an open call, marked as made up."""
    draft = Draft(
        Kind.TOOL_RESULT,
        INTERRUPTED,
        Role.TOOL,
        origin=Origin.SYNTHETIC,
        marks=Mark.ERROR,
        ts=now_ms,
        name=call.name,
        call_id=call.call_id,
        size=len(INTERRUPTED),
    )
    return draft, text_content(INTERRUPTED)
