"""What must be known of a session before the first line of its copy is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.events import Event, Kind, Mark
from scrubber.core.survey import Survey, survey_of
from scrubber.core.tally import speaks
from scrubber.formats.gemini_cli.messages import is_message
from scrubber.formats.gemini_cli.pieces import SET, Record, listed, record_of
from scrubber.formats.json_tree import load_part

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript
    from scrubber.formats.pieces import Piece

NAME = "gemini-cli"
SHOWN = frozenset({Kind.NOTICE, Kind.ERROR, Kind.COMMAND})
"""What the client shows and does not send, and what is copied for that."""


@dataclass(slots=True)
class Plan:
    """What later events of a session say about how earlier ones are written."""

    survey: Survey
    results: dict[int, Event] = field(default_factory=dict)
    """The result of each call, by the call's index."""
    unanswered: dict[int, Event] = field(default_factory=dict)
    """Calls without one."""
    stray: int = 0
    """Results that answer no call, or one that has its result."""
    summary_end: int = -1
    """Index of the last event of the last summary."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The header of the session that is continued; empty for one of another agent."""
    directories: list[str] = field(default_factory=list)


def plan_of(transcript: Transcript) -> Plan:
    """Read the events of a session once, but for the rewinds in it."""
    plan, waiting = Plan(survey_of(transcript)), dict[str, Event]()
    for event in plan.survey.kept(transcript.events()):
        if event.kind in (Kind.SESSION_START, Kind.STATE):
            _learn(plan, transcript, event)
        if not speaks(event):
            continue
        if event.kind is Kind.TOOL_CALL:
            waiting[event.call_id or f"{event.index}"] = event
            plan.unanswered[event.index] = event
        elif event.kind is Kind.TOOL_RESULT:
            call = waiting.pop(event.call_id or "", None)
            plan.stray += call is None
            if call is not None:
                plan.results[call.index] = event
                del plan.unanswered[call.index]
        elif event.kind is Kind.COMPACTION and event.index >= plan.survey.summary:
            plan.summary_end = event.index
    return plan


def _learn(plan: Plan, transcript: Transcript, event: Event) -> None:
    if transcript.format_of(event) != NAME:
        return
    facts = parsed(transcript.raw(event))[1].facts
    if event.kind is Kind.SESSION_START:
        plan.facts = plan.facts or facts
    folders = facts.get("directories")
    if isinstance(folders, list):
        plan.directories = [folder for folder in folders if isinstance(folder, str)]


class Found(NamedTuple):
    """A message of Gemini CLI as it stands in a record."""

    value: dict[str, Any]
    pieces: list[Piece]
    is_record: bool
    """Whether it is all of its record."""


def found_at(transcript: Transcript, event: Event) -> Found | None:
    """The message that an event was read from; None if it was not from one of this client's."""
    if transcript.format_of(event) != NAME or event.part < 0 or event.marks & Mark.DAMAGED:
        return None
    value, record = parsed(transcript.raw(event))
    at = len(record.about)
    for item, message in zip(_items(value), record.messages, strict=True):
        if at <= event.part < at + len(message.pieces):
            return Found(item, message.pieces, item is value) if isinstance(item, dict) else None
        at += len(message.pieces)
    return None


def _items(value: JSON) -> list[JSON]:
    if not isinstance(value, dict) or is_message(value):
        return [value]
    return listed(value[SET] if isinstance(value.get(SET), dict) else value)


@lru_cache(maxsize=8)
def parsed(raw: bytes) -> tuple[JSON, Record]:
    """A record's value, and what it is made of."""
    value = load_part(raw)[0]
    return value, record_of(value)
