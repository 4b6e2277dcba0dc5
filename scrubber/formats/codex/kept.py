"""What of a session goes into a new rollout; known before the first line of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Origin, Role
from scrubber.core.messages import is_repetition
from scrubber.core.tally import speaks
from scrubber.formats.codex.records import Record, entry_of, parse
from scrubber.formats.continuing import Plan, plan_of

if TYPE_CHECKING:
    from scrubber.core.transcript import Transcript

NAME = "codex"
_ITEMS = (Kind.MESSAGE, Kind.REASONING, Kind.CONTEXT, Kind.COMPACTION)


@dataclass(slots=True)
class Outline:
    """What must be known of the whole session before its first line is written."""

    plan: Plan
    meta: Record = field(default_factory=dict)
    """The facts of the session that is continued; empty for one of another format."""
    prompt: Event | None = None
    """The system prompt: that of the session's own facts, or one in its place."""
    changed: set[str] = field(default_factory=set)
    """Calls that were edited, or whose result was."""
    sums_up: bool = False
    """Whether the last summary is not Codex's: then what it stands for is left out."""
    _items: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _mirrored: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def see(self, event: Event, is_native: bool) -> None:
        """Take note of an event that no rewind dropped."""
        if event.index == self.plan.survey.summary:
            self.sums_up = event.kind is Kind.COMPACTION and not is_native
        if event.call_id and event.origin is not Origin.RECORDED:
            self.changed.add(event.call_id)
        if event.role is Role.SYSTEM and speaks(event) and self.prompt is None:
            self.prompt = event
        elif is_native and event.kind in _ITEMS and not self.is_stale(event):
            self._items[event.log].add(event.seq)
            if event.ref is not None:
                self._mirrored[event.log].add(event.ref)

    def is_stale(self, event: Event) -> bool:
        """Whether it is reasoning of a message that was edited: its seal is no longer valid."""
        return event.kind is Kind.REASONING and event.group_id in self.plan.edited

    def is_left_out(self, event: Event, is_native: bool) -> bool:
        """Whether an event is not written, whatever else is."""
        if event.kind is Kind.MIRROR:
            return not self._has_twin(event)
        if event.kind is Kind.TOOL_DETAIL:
            return event.call_id in self.changed
        if event.kind is Kind.REWIND or self.is_stale(event):
            return True
        if is_native:
            return False
        summed_up = self.sums_up and self.plan.survey.is_summed_up(event)
        return summed_up or not speaks(event) or is_repetition(event) or not self.is_sayable(event)

    def is_sayable(self, event: Event) -> bool:
        """Whether an event that Codex did not record can be said in its shape."""
        is_prompt = self.prompt is not None and event.index == self.prompt.index
        return event.kind is not Kind.REASONING and not is_prompt

    def _has_twin(self, event: Event) -> bool:
        if event.ref is not None:
            return event.ref in self._items[event.log]
        return event.seq in self._mirrored[event.log]


def meta_of(transcript: Transcript) -> Record:
    """The facts of the session that a transcript continues; empty for one of another format."""
    for event in transcript.events():
        if event.kind is Kind.SESSION_START and transcript.format_of(event) == NAME:
            entry = entry_of(parse(transcript.raw(event)) or {})
            return entry.payload if entry else {}
    return {}


def outline_of(transcript: Transcript) -> Outline:
    """Read the events of a session for what its new rollout must say."""
    outline = Outline(plan_of(transcript, NAME), meta_of(transcript))
    for event in outline.plan.survey.kept(transcript.events()):
        outline.see(event, transcript.format_of(event) == NAME)
    return outline
