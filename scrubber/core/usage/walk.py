"""Makes the account of a session while its events go by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.context.calls import added
from scrubber.core.events import Event, Kind, Mark, Role
from scrubber.core.tally import is_spoken
from scrubber.core.usage.account import Account, Answer, ToolCall, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.events import Usage

_DUPLICATE = int(Mark.DUPLICATE)
_SAID = (Kind.MESSAGE, Kind.COMMAND)
_NAMING = (Kind.CONFIG_CHANGE, Kind.SESSION_START)


class UsageWalk:
    """The account so far. ``model_of`` gives the model that an event's record names, ``price`` the
    cost of tokens in millionths of a dollar; both None where nobody knows."""

    def __init__(
        self,
        model: str | None,
        model_of: Callable[[Event], str | None],
        price: Callable[[Usage, str | None], int | None],
    ) -> None:
        self._model, self._model_of, self._price = model, model_of, price
        self._answers: list[Answer] = []
        self._calls: list[ToolCall] = []
        self._turns: list[Turn] = []
        self._by_id: dict[str, tuple[int, int | None]] = {}
        """By the id of a call: its place, and when it was made."""
        self._group: str | None = None
        """Of the last answer."""
        self._before: int | None = None
        self._began: int | None = None
        """When what stands in front of the answer under way was there."""
        self._ended: int | None = None
        self._is_answering = self._is_spent = False
        self._account, self._changed = Account(), False

    @property
    def account(self) -> Account:
        """The account so far; the same value until something is added."""
        lengths = len(self._answers), len(self._calls), len(self._turns)
        known = self._account
        if self._changed or lengths != (len(known.answers), len(known.calls), len(known.turns)):
            self._account = Account(tuple(self._answers), tuple(self._calls), tuple(self._turns))
            self._changed = False
        return self._account

    def see(self, event: Event) -> None:
        """Take note of the next event."""
        if event.kind in _NAMING:
            self._model = self._model_of(event) or self._model
        if event.role is Role.ASSISTANT:
            self._answering(event)
        elif event.kind is Kind.TOOL_RESULT:
            self._is_answering = False
            self._result(event)
        elif event.role is Role.USER and event.kind in _SAID:
            self._is_answering = False
            self._say(event)
        if event.kind is Kind.TOOL_CALL and not int(event.marks) & _DUPLICATE:
            self._call(event)
        if event.usage is not None:
            self._use(event, event.usage)
        if event.ts is not None:
            self._before = event.ts

    def _answering(self, event: Event) -> None:
        """A part of an answer: it takes until its last part."""
        if not self._is_answering:
            self._is_answering, self._began, self._ended = True, self._before, None
        self._ended = event.ts if event.ts is not None else self._ended
        if self._answers and event.group_id is not None and event.group_id == self._group:
            self._answers[-1] = replace(self._answers[-1], ms=self._took())
            self._changed = True

    def _took(self) -> int | None:
        return _between(self._began, self._ended)

    def _say(self, event: Event) -> None:
        """What the user says opens a turn, unless nothing has come of what he said before."""
        if not is_spoken(event.kind, event.role, event.visibility):
            return
        is_idle = self._turns and not self._is_spent
        self._is_spent = False
        if not is_idle:
            self._turns.append(Turn(event.index, event.text, event.ts))

    def _call(self, event: Event) -> None:
        self._is_spent = True
        if event.call_id:
            self._by_id[event.call_id] = len(self._calls), event.ts
        name = event.name or "tool"
        self._calls.append(ToolCall(event.index, len(self._turns) - 1, name))

    def _result(self, event: Event) -> None:
        place, began = self._by_id.pop(event.call_id or "", (-1, None))
        if place >= 0:
            self._calls[place] = replace(
                self._calls[place],
                ms=_between(began, event.ts),
                answered=event.index,
                size=event.size,
                is_failed=event.is_error,
            )
            self._changed = True

    def _use(self, event: Event, usage: Usage) -> None:
        self._is_spent = True
        last = self._answers[-1] if self._answers else None
        if last is not None and event.group_id is not None and event.group_id == self._group:
            usage = added(last.usage, usage)
            cost = self._price(usage, last.model)
            self._answers[-1] = replace(last, usage=usage, cost_micros=cost)
            self._changed = True
            return
        self._group = event.group_id
        model = self._model_of(event) or self._model
        took = self._took() if event.kind is not Kind.MODEL_CALL else None
        self._answers.append(
            Answer(
                event.index,
                len(self._turns) - 1,
                model,
                usage,
                self._price(usage, model),
                took,
            )
        )


def _between(began: int | None, ended: int | None) -> int | None:
    if began is None or ended is None or ended < began:
        return None
    return ended - began
