"""Keeps the running account of one log while its events are entered, one after the other.

The account is what makes later questions cheap: messages, errors, open calls and tokens up to an
index are differences of two running totals, never a scan.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from scrubber.core.events import Draft, Kind, Mark, Role, Totals, Visibility

SPOKEN = frozenset(
    {
        Kind.MESSAGE,
        Kind.REASONING,
        Kind.TOOL_CALL,
        Kind.TOOL_RESULT,
        Kind.COMPACTION,
        Kind.CONTEXT,
        Kind.COMMAND,
    }
)
"""Kinds that reach the model as (a block of) a message, if they are in context and have a role."""

_REMEMBERED_GROUPS = 256


def is_spoken(kind: Kind, role: Role, visibility: Visibility) -> bool:
    """Whether an event is part of a message to or from the model."""
    return kind in SPOKEN and role is not Role.NONE and visibility is Visibility.IN_CONTEXT


class Tally:
    """The account of one log: what its events sum up to so far, and which calls are open."""

    def __init__(self) -> None:
        self.totals = Totals()
        self._groups: OrderedDict[str, None] = OrderedDict()
        self._open: dict[str, tuple[int, str | None]] = {}
        self._answered: dict[str, tuple[int, str | None]] = {}

    def expect(self, call_id: str, name: str | None) -> None:
        """Take a call for open that was made in front of this log, in a prefix it continues."""
        self._open[call_id] = (-1, name)

    def enter(self, draft: Draft) -> Draft:
        """Count one event, and return it with what only its surroundings tell filled in.

        A result learns its call's place and tool; an answer to no call becomes an orphan; the
        first block of a message is marked as opening it.
        """
        if draft.kind is Kind.TOOL_RESULT:
            draft = self._answer(draft)
        if self._opens_message(draft):
            draft = replace(draft, marks=draft.marks | Mark.OPENS_MESSAGE)
        self.count(draft)
        if draft.kind is Kind.TOOL_CALL and draft.call_id:
            self._open[draft.call_id] = (self.totals.events - 1, draft.name)
        return draft

    def _answer(self, draft: Draft) -> Draft:
        call_id = draft.call_id
        if call_id is not None and call_id in self._open:
            place = self._answered[call_id] = self._open.pop(call_id)
            marks = draft.marks | Mark.CLOSES_CALL
        elif call_id is not None and call_id in self._answered:
            place, marks = self._answered[call_id], draft.marks
        else:
            return replace(draft, marks=draft.marks | Mark.ORPHAN)
        seq, name = place
        return replace(draft, marks=marks, name=draft.name or name, ref=seq if seq >= 0 else None)

    def _opens_message(self, draft: Draft) -> bool:
        if not is_spoken(draft.kind, draft.role, draft.visibility):
            return False
        if draft.group_id is None:
            return True
        if draft.group_id in self._groups:
            return False
        self._groups[draft.group_id] = None
        if len(self._groups) > _REMEMBERED_GROUPS:
            self._groups.popitem(last=False)
        return True

    def count(self, draft: Draft) -> None:
        """Add an event whose marks are complete to the totals."""
        was, usage = self.totals, draft.usage
        opened = (draft.kind is Kind.TOOL_CALL and draft.call_id is not None) - bool(
            draft.marks & Mark.CLOSES_CALL
        )
        self.totals = Totals(
            was.events + 1,
            was.messages + bool(draft.marks & Mark.OPENS_MESSAGE),
            was.errors + bool(draft.marks & Mark.ERROR),
            was.open_calls + opened,
            was.input + (usage.input if usage else 0),
            was.cache_read + (usage.cache_read if usage else 0),
            was.cache_write + (usage.cache_write if usage else 0),
            was.output + (usage.output if usage else 0),
            was.cost_micros + ((usage.cost_micros or 0) if usage else 0),
        )
