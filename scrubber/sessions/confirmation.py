"""Confirmation by a person before a tool runs, with a time-out: after a3s-code.

Calls that wait are known by the id of their call. Two with one id are refused: a3s-code lets the
second take the place of the first, whose caller then waits for nothing. ``ConfirmingDesk`` puts it
where a live branch asks.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from scrubber.core.errors import BadArgumentError
from scrubber.live.desk import RUN, Answer, Desk, EmptyDesk, Question
from scrubber.live.ladder import stubbed
from scrubber.sessions.lanes import Lane, lane_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrubber.core.content import JSON, Content

TIMEOUT_MS = 30_000


class TimeoutAction(StrEnum):
    """What becomes of a call that nobody has confirmed in time."""

    REJECT = "reject"
    AUTO_APPROVE = "auto_approve"


@dataclass(frozen=True, slots=True)
class ConfirmationPolicy:
    """Which calls a person is asked about, and for how long."""

    enabled: bool = True
    timeout_ms: int = TIMEOUT_MS
    timeout_action: TimeoutAction = TimeoutAction.REJECT
    yolo_lanes: frozenset[Lane] = frozenset()
    """Lanes whose tools run without being asked about."""

    def asks(self, tool: str) -> bool:
        """Whether a person is asked about a tool."""
        return self.enabled and lane_of(tool) not in self.yolo_lanes

    def as_json(self) -> dict[str, Any]:
        """As a3s-code writes it."""
        return {
            "enabled": self.enabled,
            "default_timeout_ms": self.timeout_ms,
            "timeout_action": str(self.timeout_action),
            "yolo_lanes": [lane.name.lower() for lane in sorted(self.yolo_lanes)],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From JSON; actions and lanes in any case, with or without ``_``. BadArgumentError."""
        lanes = frozenset(_named(Lane, word) for word in value.get("yolo_lanes") or ())
        milliseconds = value.get("default_timeout_ms", TIMEOUT_MS)
        if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or milliseconds < 0:
            raise BadArgumentError(f"default_timeout_ms: {milliseconds!r} is no time")
        enabled = value.get("enabled", True)
        if not isinstance(enabled, bool):  # or a null would ask nobody
            raise BadArgumentError(f"enabled {enabled!r}: use true or false")
        action = _named(TimeoutAction, value.get("timeout_action", "reject"))
        return cls(enabled, milliseconds, action, lanes)


def _named(kind: Any, word: Any) -> Any:
    wanted = str(word).replace("_", "").lower()
    for member in kind:
        if member.name.replace("_", "").lower() == wanted:
            return member
    known = ", ".join(member.name.lower() for member in kind)
    raise BadArgumentError(f"{word!r}: use one of {known}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a call."""

    approved: bool
    reason: str = ""
    timed_out: bool = False
    """Nobody answered: the policy decided."""
    asked: bool = True
    """Whether a person was asked at all."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A call that waits for a person."""

    id: str
    tool: str
    arguments: JSON
    timeout_ms: int


@dataclass(slots=True)
class _Waiting:
    pending: Pending
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Verdict] = field(repr=False)
    verdict: Verdict | None = None
    """What was decided; only the first decision counts."""


class Confirmations:
    """The calls of a session that wait. ``confirm`` and ``cancel`` may be called by any thread."""

    def __init__(
        self,
        policy: ConfirmationPolicy | None = None,
        tell: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        """``tell``: told of ``{"type": "confirmation_required", …}``, ``…_received``, and
        ``confirmation_timeout`` with its ``action_taken`` (``rejected``, ``auto_approved``)."""
        self.policy = policy or ConfirmationPolicy()
        self._tell = tell or (lambda event: None)
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def child(self, policy: ConfirmationPolicy | None = None) -> Confirmations:
        """Those of a sub-agent: with a policy of its own, or else with this one's."""
        return Confirmations(policy or self.policy, self._tell)

    @property
    def pending(self) -> list[Pending]:
        """The calls that wait, those that came first at the front."""
        with self._lock:
            return [one.pending for one in self._waiting.values()]

    async def ask(self, id: str, tool: str, arguments: JSON = None) -> Verdict:
        """Wait until a person has decided about a call, or the time is over.

        BadArgumentError: a call with this id waits already. Cancelling the caller takes it back.
        """
        if not self.policy.asks(tool):
            return Verdict(True, asked=False)
        waiting = self._enter(Pending(id, tool, arguments, self.policy.timeout_ms))
        self._tell({"type": "confirmation_required", "tool_id": id, "tool": tool})
        try:
            async with asyncio.timeout(self.policy.timeout_ms / 1000):
                return await waiting.answer
        except TimeoutError:
            return self._timed_out(waiting)
        finally:
            with self._lock:
                del self._waiting[id]

    def _enter(self, pending: Pending) -> _Waiting:
        loop = asyncio.get_running_loop()
        with self._lock:
            if pending.id in self._waiting:
                raise BadArgumentError(f"call {pending.id!r} waits for confirmation already")
            waiting = self._waiting[pending.id] = _Waiting(pending, loop, loop.create_future())
        return waiting

    def _timed_out(self, waiting: _Waiting) -> Verdict:
        approved = self.policy.timeout_action is TimeoutAction.AUTO_APPROVE
        taken = "auto_approved" if approved else "rejected"
        with self._lock:
            if waiting.verdict is not None:
                return waiting.verdict  # somebody was quicker by a hair
            text = f"Confirmation timed out, action: {taken}"
            waiting.verdict = Verdict(approved, text, timed_out=True)
        id = waiting.pending.id
        self._tell({"type": "confirmation_timeout", "tool_id": id, "action_taken": taken})
        return waiting.verdict

    def confirm(self, id: str, approved: bool, reason: str = "") -> bool:
        """Decide about a call; False if none with this id waits."""
        if not self._settle(id, Verdict(approved, reason)):
            return False
        self._tell({"type": "confirmation_received", "tool_id": id, "approved": approved})
        return True

    def cancel(self, id: str) -> bool:
        """Let a call not run, for its turn is over; False if none with this id waits."""
        return self._settle(id, Verdict(False, "Confirmation cancelled"))

    def cancel_all(self) -> int:
        """Let none of the calls run that wait; gives how many."""
        return sum(self.cancel(one.id) for one in self.pending)

    def _settle(self, id: str, verdict: Verdict) -> bool:
        with self._lock:
            waiting = self._waiting.get(id)
            if waiting is None or waiting.verdict is not None:
                return False
            waiting.verdict, answer = verdict, waiting.answer
            waiting.loop.call_soon_threadsafe(
                lambda: None if answer.done() else answer.set_result(verdict)
            )
            return True


class ConfirmingDesk:
    """A desk for live branches: a real tool runs if it is confirmed, and in no other case.

    What no real tool can answer is asked of another desk.
    """

    def __init__(self, confirmations: Confirmations, other: Desk | None = None) -> None:
        self._confirmations = confirmations
        self._other = other or EmptyDesk()

    async def answer(self, question: Question) -> Answer | None:
        """RUN if the call was approved, else a failure that says why not."""
        if not question.may_run:
            return await self._other.answer(question)
        call = question.call
        id = call.call_id or f"{call.log}:{call.seq}"
        verdict = await self._confirmations.ask(id, call.name or "", question.content.arguments)
        if verdict.approved:
            return RUN
        reason = verdict.reason or "a person rejected it"
        return stubbed(f"[{call.name} was not run: {reason}]", "rejected", is_error=True)

    async def reply(self, session: str) -> Content:
        """Asked of the other desk."""
        return await self._other.reply(session)
