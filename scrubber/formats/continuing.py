"""What the writers share that send a session back into its agent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Origin
from scrubber.core.survey import Survey, survey_of
from scrubber.core.tally import speaks

if TYPE_CHECKING:
    from scrubber.core.transcript import Transcript

UNTOUCHED = frozenset({Origin.RECORDED, Origin.RESAMPLED})
"""Origins of what a model really said: the seal of a message edited by hand is no longer valid."""


@dataclass(slots=True)
class Plan:
    """What later events of a session say about how earlier ones are written."""

    survey: Survey
    edited: set[str] = field(default_factory=set)
    """Messages of which a part was edited by hand."""
    native: set[str] = field(default_factory=set)
    """Messages that the agent itself recorded."""
    unanswered: set[str] = field(default_factory=set)
    """Calls that no result answers."""


def plan_of(transcript: Transcript, format: str) -> Plan:
    """Read the events of a session once; ``format`` is the agent's."""
    plan = Plan(survey_of(transcript))
    for event in plan.survey.kept(transcript.events()):
        if not speaks(event):
            continue
        if event.kind is Kind.TOOL_CALL and event.call_id:
            plan.unanswered.add(event.call_id)
        elif event.kind is Kind.TOOL_RESULT and event.call_id:
            plan.unanswered.discard(event.call_id)
        if event.group_id is None:
            continue
        if event.origin not in UNTOUCHED:
            plan.edited.add(event.group_id)
        if transcript.format_of(event) == format:
            plan.native.add(event.group_id)
    return plan


class OpenCalls:
    """Calls that nothing answers, each to be answered in front of what follows its message."""

    def __init__(self, unanswered: set[str]) -> None:
        self._unanswered = unanswered
        self._open: dict[str, Event] = {}
        self._group: str | None = None

    def due(self, before: Event | None = None) -> list[Event]:
        """The calls to be answered now, in front of an event, or at the end."""
        if before is not None and (
            not speaks(before)
            or before.kind is Kind.TOOL_RESULT
            or (before.group_id is not None and before.group_id == self._group)
        ):
            return []
        calls = list(self._open.values())
        self._open.clear()
        return calls

    def note(self, event: Event, is_answered: bool = False) -> None:
        """Remember an event that was written; ``is_answered``: a call with its own result."""
        if event.kind is Kind.TOOL_CALL and event.call_id in self._unanswered and not is_answered:
            self._open[event.call_id or ""] = event
        if speaks(event) and event.kind is not Kind.TOOL_RESULT:
            self._group = event.group_id
