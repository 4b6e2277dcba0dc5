"""The calls of a model whose prompts were counted: what the recorded usage says about an index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Role, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Call:
    """One answer of a model, as far as its tokens are recorded."""

    upto: int
    """The prompt is what stands in front of this index: that of the answer's first event."""
    index: int
    """The event that tells of it, in the answer or behind it."""
    usage: Usage
    """Of the whole answer; ``context`` is what the prompt was counted to."""


def calls_in(events: Iterable[Event]) -> list[Call]:
    """The calls in the order of the timeline; the records of one message are one call."""
    walk = CallWalk()
    for event in events:
        walk.see(event)
    return walk.found


class CallWalk:
    """Finds the calls while the events go by."""

    def __init__(self) -> None:
        self.found: list[Call] = []
        self._group: str | None = None
        self._first = 0
        self._answer: int | None = None

    def copy(self) -> CallWalk:
        """The same, to be led on by itself."""
        other = CallWalk()
        other.found, other._group = list(self.found), self._group
        other._first, other._answer = self._first, self._answer
        return other

    def see(self, event: Event) -> None:
        """Take note of the next event."""
        if event.group_id != self._group or event.group_id is None:
            self._group, self._first = event.group_id, event.index
        if self._answer is None and event.role is Role.ASSISTANT:
            self._answer = event.index
        if event.usage is not None:
            self._note(event, event.usage)
        elif event.role is Role.USER and event.kind is not Kind.TOOL_RESULT:
            self._answer = None

    def _note(self, event: Event, usage: Usage) -> None:
        """A source tells the usage in the answer, in front of it, or behind it."""
        upto = self._first
        if event.kind in _BEHIND:
            upto = event.index if self._answer is None else self._answer
            self._answer = None
        if self.found and self.found[-1].upto == upto:
            self.found[-1] = replace(self.found[-1], usage=added(self.found[-1].usage, usage))
        elif usage.context:
            self.found.append(Call(upto, event.index, usage))


_BEHIND = (Kind.USAGE, Kind.SESSION_END)


def added(one: Usage, other: Usage) -> Usage:
    """The usage of both; the size of the prompt is the last one's."""
    costs = [cost for cost in (one.cost_micros, other.cost_micros) if cost is not None]
    return Usage(
        one.input + other.input,
        one.cache_read + other.cache_read,
        one.cache_write + other.cache_write,
        one.output + other.output,
        one.reasoning + other.reasoning,
        other.context or one.context,
        sum(costs) if costs else None,
    )
