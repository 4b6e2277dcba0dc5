"""What makes two events alike, as numbers: exact, by their text, by how they begin, by their shape.

An event of a branch of ten thousand is a few numbers here, so that aligning needs neither the
events nor their contents. Numbers are Python's hashes: good within one program, never kept.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Visibility
from scrubber.core.tally import SPOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.events import Event

_ACTS = SPOKEN | {
    Kind.ERROR,
    Kind.SCORE,
    Kind.REWIND,
    Kind.CONTEXT_EDIT,
    Kind.SUBAGENT_START,
    Kind.FILE_CHANGE,
    Kind.BRANCH_SUMMARY,
}
_NAMED = {Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_DETAIL, Kind.SCORE, Kind.CONFIG_CHANGE}
"""Kinds whose name says what they do; that of a message is its model's, of a sub-agent an id."""

_HEAD_WORDS = 3
_REMEMBERED_CALLS = 4096


def is_telling(event: Event) -> bool:
    """Whether a difference here counts: what was said and done, and how it ended.

    Everything else (usage, states, hooks, spans, …) is aligned too, but differs between any two
    runs and tells nothing.
    """
    return event.kind in _ACTS and event.visibility is not Visibility.HIDDEN


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Side:
    """A stretch of one branch: item i of each column is about its i-th event.

    An event takes about 45 bytes.
    """

    ids: array[int] = field(default_factory=_numbers)
    """Where the store keeps it: equal ids are the same event."""
    exact: array[int] = field(default_factory=_numbers)
    """Kind, role, tool, failure, length, and how the text begins (the store's preview)."""
    text: array[int] = field(default_factory=_numbers)
    """The same without the length."""
    head: array[int] = field(default_factory=_numbers)
    """Shape and first words; of a result, of its call."""
    shape: array[int] = field(default_factory=_numbers)
    """Kind, role, tool."""
    telling: bytearray = field(default_factory=bytearray)
    """1 where a difference counts."""

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, other: Side, at: int) -> None:
        """Take over one event of another side."""
        self.ids.append(other.ids[at])
        self.exact.append(other.exact[at])
        self.text.append(other.text[at])
        self.head.append(other.head[at])
        self.shape.append(other.shape[at])
        self.telling.append(other.telling[at])


class SideReader:
    """Turns events, one after the other, into a Side."""

    def __init__(self) -> None:
        self.side = Side()
        self._calls: dict[str, int] = {}

    def read(self, events: Iterable[Event]) -> None:
        """Add the next events of the branch."""
        for event in events:
            self._add(event)

    def _add(self, event: Event) -> None:
        side = self.side
        name = event.name if event.kind in _NAMED else None
        shape = hash((int(event.kind), int(event.role), name))
        text = hash((shape, event.is_error, event.text))
        side.ids.append(event.log << 32 | event.seq)
        side.shape.append(shape)
        side.text.append(text)
        side.exact.append(hash((text, event.size)))
        side.head.append(self._head(event, shape))
        side.telling.append(is_telling(event))

    def _head(self, event: Event, shape: int) -> int:
        call = event.call_id
        if event.kind is Kind.TOOL_RESULT and call is not None and call in self._calls:
            return hash((shape, self._calls[call]))
        head = hash((shape, *event.text.lower().split(None, _HEAD_WORDS)[:_HEAD_WORDS]))
        if event.kind is Kind.TOOL_CALL and call is not None:
            self._calls[call] = head
            if len(self._calls) > _REMEMBERED_CALLS:
                del self._calls[next(iter(self._calls))]
        return head
