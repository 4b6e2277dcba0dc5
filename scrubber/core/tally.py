"""Keeps the running account of one log while its events are entered, one after the other.

The account is what makes later questions cheap: messages, errors, open calls and tokens up to an
index are differences of two running totals, never a scan.
"""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Draft, Event, Kind, Mark, Role, Totals, Usage, Visibility, mark_of
from scrubber.core.kinds import COMPACTION, NOBODY, TOOL_CALL, TOOL_RESULT

SPOKEN = frozenset(
    {
        Kind.MESSAGE,
        Kind.REASONING,
        Kind.TOOL_CALL,
        Kind.TOOL_RESULT,
        Kind.COMPACTION,
        Kind.BRANCH_SUMMARY,
        Kind.CONTEXT,
        Kind.COMMAND,
    }
)
"""Kinds that reach the model as (a block of) a message, if they are in context and have a role."""

_REMEMBERED_GROUPS = 256
_REMEMBERED_ANSWERS = 4096

# As plain numbers: this runs once for every event of every import.
_OPENS_MESSAGE, _ERROR, _ORPHAN = int(Mark.OPENS_MESSAGE), int(Mark.ERROR), int(Mark.ORPHAN)
_OPENS_CALL, _CLOSES_CALL = int(Mark.OPENS_CALL), int(Mark.CLOSES_CALL)
_DUPLICATE = int(Mark.DUPLICATE)
_IN_CONTEXT = Visibility.IN_CONTEXT


def is_spoken(kind: Kind, role: Role, visibility: Visibility) -> bool:
    """Whether an event is part of a message to or from the model."""
    return kind in SPOKEN and role is not NOBODY and visibility is _IN_CONTEXT


def speaks(event: Event | Draft) -> bool:
    """Whether the model sees the event."""
    return is_spoken(event.kind, event.role, event.visibility)


class Tally:
    """The account of one log: what its events sum up to so far, and which calls are open."""

    def __init__(self) -> None:
        self.events = self.messages = self.errors = self.open_calls = 0
        self.input = self.cache_read = self.cache_write = self.output = self.cost_micros = 0
        self._groups: dict[str, None] = {}
        self._open: dict[str, tuple[int, str | None]] = {}
        self._answered: dict[str, tuple[int, str | None]] = {}

    @property
    def totals(self) -> Totals:
        """What the events entered so far sum up to."""
        return Totals(
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

    def resume(self, totals: Totals) -> None:
        """Go on where a log's account stood; what is open and under way is told separately."""
        self.events, self.messages, self.errors, self.open_calls = totals.astuple()[:4]
        self.input, self.cache_read, self.cache_write, self.output = totals.astuple()[4:8]
        self.cost_micros = totals.cost_micros

    def expect(self, call_id: str, name: str | None, seq: int = -1) -> None:
        """Take a call for open: the log's event ``seq``, or one in front of it, in its prefix."""
        self._open[call_id] = (seq, name)

    def know(self, group_id: str) -> None:
        """Take a message for begun, so that more of it opens no other."""
        self._groups[group_id] = None

    def enter(self, draft: Draft) -> Draft:
        """Count one event, and fill in what only its surroundings tell.

        A result learns its call's place and tool; an answer to no call becomes an orphan; the
        first block of a message is marked as opening it, a call as waiting for its result.
        """
        was = marks = int(draft.marks)
        if draft.kind is TOOL_RESULT:
            marks |= self._answer(draft)
        elif draft.kind is TOOL_CALL and self._opens_call(draft, marks):
            marks |= _OPENS_CALL
        if self._opens_message(draft, marks):
            marks |= _OPENS_MESSAGE
        if marks != was:
            draft.marks = mark_of(marks)
        self._add(marks, draft.usage)
        return draft

    def count(self, draft: Draft) -> None:
        """Add an event whose marks are complete to the totals."""
        self._add(int(draft.marks), draft.usage)

    def _answer(self, draft: Draft) -> int:
        call_id = draft.call_id
        if call_id is not None and call_id in self._open:
            place = self._answered[call_id] = self._open.pop(call_id)
            marks = _CLOSES_CALL
            _forget(self._answered, _REMEMBERED_ANSWERS)
        elif call_id is not None and call_id in self._answered:
            place, marks = self._answered[call_id], 0
        else:
            return _ORPHAN
        seq, name = place
        draft.name = draft.name or name
        draft.ref = seq if seq >= 0 else None
        return marks

    def _opens_call(self, draft: Draft, marks: int) -> bool:
        if draft.call_id is None or draft.call_id in self._open or marks & _DUPLICATE:
            return False
        self._open[draft.call_id] = (self.events, draft.name)
        return True

    def _opens_message(self, draft: Draft, marks: int) -> bool:
        if not is_spoken(draft.kind, draft.role, draft.visibility):
            return False
        if draft.kind is COMPACTION and marks & _DUPLICATE:
            return False  # said before, and counted there
        if draft.group_id is None:
            return True
        if draft.group_id in self._groups:
            return False
        self._groups[draft.group_id] = None
        _forget(self._groups, _REMEMBERED_GROUPS)
        return True

    def _add(self, marks: int, usage: Usage | None) -> None:
        self.events += 1
        if marks & _OPENS_MESSAGE:
            self.messages += 1
        if marks & _ERROR:
            self.errors += 1
        if marks & _OPENS_CALL:
            self.open_calls += 1
        if marks & _CLOSES_CALL:
            self.open_calls -= 1
        if usage is not None:
            self.input += usage.input
            self.cache_read += usage.cache_read
            self.cache_write += usage.cache_write
            self.output += usage.output
            self.cost_micros += usage.cost_micros or 0


def _forget(remembered: dict[str, Any], limit: int) -> None:
    """Drop the oldest entry of a dict that has grown beyond its limit."""
    if len(remembered) > limit:
        del remembered[next(iter(remembered))]
