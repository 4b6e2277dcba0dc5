"""Extends a branch until its turn ends.

Calls that wait are answered by the policy, then the provider is asked, and what it says becomes
events as it comes in; again, until the model stops, a budget ends it, it is cancelled, or a person
is needed. Whatever happened up to then is in the store, and the branch can be gone on with.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from scrubber.core.errors import ScrubberError
from scrubber.core.events import Kind
from scrubber.core.lint import interrupted_result
from scrubber.core.running import Ending, Outcome
from scrubber.live import drafts
from scrubber.live.errors import (
    NeedsPersonError,
    ProviderError,
    RecordingEndedError,
    UnmatchedError,
)
from scrubber.live.hearing import hear
from scrubber.live.journal import Journal
from scrubber.live.parts import Repeated
from scrubber.live.preparing import prepare
from scrubber.live.reports import Answered, Observer, Over
from scrubber.live.turn import Turn
from scrubber.store.turn_inputs import AFTER_WORK, BEFORE_COMPLETION

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.live.branch import Branch
    from scrubber.live.desk import Answer
    from scrubber.live.ladder import Answerer
    from scrubber.live.provider import Provider
    from scrubber.live.run import Plan

_RENEW_S = 3.0
_STATUS = {
    Ending.FINISHED: "completed",
    Ending.BUDGET: "paused",
    Ending.NEEDS_PERSON: "paused",
    Ending.UNMATCHED: "paused",
    Ending.CANCELLED: "stopped",
    Ending.FAILED: "error",
}


class Runner:
    """One run of one branch, to be awaited once; cancelling its task ends it with what it has."""

    def __init__(
        self,
        branch: Branch,
        provider: Provider,
        answerer: Answerer,
        plan: Plan,
        observer: Observer,
    ) -> None:
        self._journal = Journal(branch, observer, plan.purse)
        self._branch = branch
        self._provider = provider
        self._answerer = answerer
        self._plan = plan
        self._turns = 0
        self._sent = False
        self._began = time.monotonic()

    async def run(self) -> Outcome:
        """Extend the branch. Raises for bugs only: the outcome says how it ended."""
        renewing = asyncio.create_task(self._keep_lease())
        try:
            ending, reason, retryable = await self._end()
        finally:
            renewing.cancel()
        outcome = self._close(ending, reason, retryable)
        self._journal.report(Over(self._branch.id, outcome))
        return outcome

    async def _end(self) -> tuple[Ending, str, bool]:
        try:
            self._journal.changed(self._branch.set_status("active"))
            return (*await self._extend(), False)
        except asyncio.CancelledError:
            return Ending.CANCELLED, "stopped", False
        except NeedsPersonError as error:
            return Ending.NEEDS_PERSON, str(error), False
        except RecordingEndedError as error:
            return Ending.FINISHED, str(error), False
        except UnmatchedError as error:
            return Ending.UNMATCHED, str(error), False
        except ScrubberError as error:
            retryable = isinstance(error, ProviderError) and error.retryable
            return Ending.FAILED, str(error), retryable

    async def _extend(self) -> tuple[Ending, str]:
        if not self._provider.is_mid_reply(self._branch.id):
            await self._answer_calls()
        self._hear(None)
        await prepare(self._journal, self._provider, self._plan)
        while (limit := self._limit()) is None:
            if self._branch.is_paused:
                return Ending.CANCELLED, "the session was paused"
            over = await self._turn()
            await self._answer_calls()
            self._turns += 1
            said = self._hear(AFTER_WORK if over is None else BEFORE_COMPLETION)
            if over is not None and not said and not self._provider.plays_user:
                return Ending.FINISHED, over
        return Ending.BUDGET, f"the budget of {limit} is used up"

    def _hear(self, boundary: str | None) -> bool:
        """Let others have their say; a recording goes on as it was, and hears nothing."""
        return not self._provider.plays_user and hear(self._journal, boundary)

    def _limit(self) -> str | None:
        seconds, purse = time.monotonic() - self._began, self._plan.purse
        spent = purse.spent if purse is not None else self._journal.spent
        return self._plan.budget.exceeded(self._turns, spent, seconds)

    async def _turn(self) -> str | None:
        turn = Turn(self._journal, self._provider, self._plan, self._turns + 1)
        try:
            return await turn.take()
        finally:
            self._sent |= turn.was_sent

    async def _answer_calls(self) -> None:
        """Give each call that waits its result, in order."""
        for call in self._branch.open_calls():
            found = await self._answerer.answer(call, self._branch.transcript().content(call))
            if found is None and self._provider.plays_user:
                continue  # the recording goes on without a result
            self._journal.report(Answered(self._branch.id, call, self._enter(call, found)))

    def _enter(self, call: Event, found: Answer | Repeated | None) -> str:
        """Add a call's result; gives the rung that it came from."""
        if isinstance(found, Repeated):
            self._journal.repeat(found)
            return "recorded"
        if found is None:
            self._journal.add([interrupted_result(call, drafts.now_ms())])
            return "interrupted"
        self._journal.add([drafts.result(call, found)])
        return found.rung

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_S)
            self._branch.renew()

    def _close(self, ending: Ending, reason: str, retryable: bool) -> Outcome:
        """Note in the branch how the run ended, unless nothing but the recording was played."""
        journal = self._journal
        tape, whole = self._answerer.tape, ending in (Ending.FINISHED, Ending.UNMATCHED)
        if tape.was_asked and whole and (unused := tape.unused()):
            journal.note(f"not used of the recording: {', '.join(unused[:5])}" + _more(unused))
        try:
            if self._sent:
                facts = {"ending": str(ending), "reason": reason, "turns": self._turns}
                journal.add([drafts.told(Kind.TURN_END, f"{ending}: {reason}", facts)])
            status = "paused" if self._branch.is_paused else _STATUS[ending]
            journal.changed(self._branch.set_status(status))
        except ScrubberError as error:  # the lease was lost, or the store cannot be written
            ending, reason, retryable = Ending.FAILED, str(error), False
        notes = (*journal.notes, *self._answerer.missed)
        return Outcome(ending, reason, self._turns, journal.added, journal.spent, notes, retryable)


def _more(names: list[str]) -> str:
    return f" and {len(names) - 5} more" if len(names) > 5 else ""
