"""Answers tool calls: climbs the ladder of the tool, rung by rung, until one answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.core.content import text_content
from scrubber.core.events import Origin
from scrubber.core.permissions import Decision
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.live.desk import RUN, Answer, Desk, Question
from scrubber.live.errors import NeedsPersonError
from scrubber.live.reports import Asked, Noted, Observer

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.live.parts import Repeated
    from scrubber.live.tape import Tape
    from scrubber.live.toolbox import Known, Toolbox

ALWAYS = "ask-always"
"""Rung of an answer that a person gave once, for all further calls of a tool."""


class Answerer:
    """Answers the calls of one branch by its policy."""

    def __init__(
        self,
        session: str,
        policy: Policy,
        tape: Tape,
        toolbox: Toolbox,
        desk: Desk,
        observer: Observer,
    ) -> None:
        self._session = session
        self.policy = policy
        self.tape = tape
        self._toolbox = toolbox
        self._desk = desk
        self._tell = observer
        self._always: dict[str, Answer] = {}
        self.missed: list[str] = []
        """Calls that the tape did not know, in words."""

    def takes_along(self, result: Event) -> bool:
        """Whether a recorded result is taken as it stands, within the reply that is replayed."""
        name = result.name or ""
        if name in self._always or self.policy.ladder(name).rungs[0] is not Rung.RECORDED:
            return False
        self.tape.use(result.call_id)
        return True

    async def answer(self, call: Event, content: Content) -> Answer | Repeated | None:
        """What a call gives; a NeedsPersonError if no rung can tell.

        None where the recording answers, and says that the call was never answered.
        """
        name = call.name or ""
        if name in self._always:
            return self._always[name]
        ladder = self.policy.ladder(name)
        if ladder.rungs[0] is Rung.RECORDED and self.tape.was_left_open(call):
            return None
        for rung in ladder.rungs:
            found = await self._climb(rung, ladder, call, content)
            if found is not None:
                return found
        raise NeedsPersonError(
            f"no rung of the policy answers the {name or 'tool'} call #{call.index + 1} "
            f"({', '.join(ladder.rungs)})"
        )

    async def _climb(
        self, rung: Rung, ladder: Ladder, call: Event, content: Content
    ) -> Answer | Repeated | None:
        match rung:
            case Rung.RECORDED:
                return self._recorded(ladder, call, content)
            case Rung.STATIC:
                return stubbed(ladder.text, rung)
            case Rung.ERROR:
                return stubbed(ladder.error, rung, is_error=True)
            case Rung.ASK:
                answer = await self._ask(call, content)
                return self._settle(call, answer)
            case Rung.LIVE:
                return await self._live(call, content)

    def _recorded(self, ladder: Ladder, call: Event, content: Content) -> Answer | Repeated | None:
        found = self.tape.find(call, content.arguments, ladder.matching)
        if found is None:
            missed = f"{call.name or 'tool'} call #{call.index + 1} is not on the tape: {call.text}"
            self.missed.append(missed)
            self._tell(Noted(self._session, missed))
        return found

    async def _ask(
        self, call: Event, content: Content, known: Known | None = None
    ) -> Answer | None:
        recorded = self.tape.suggest(call, content.arguments)
        hints = known.hints if known else ()
        question = Question(self._session, call, content, recorded, known is not None, hints)
        self._tell(Asked(self._session, question))
        try:
            async with asyncio.timeout(self.policy.ask_seconds):
                return await self._desk.answer(question)
        except TimeoutError:
            text = f"[Nobody answered within {self.policy.ask_seconds:g} seconds]"
            return stubbed(text, "ask-timeout", is_error=True)

    def _settle(self, call: Event, answer: Answer | None) -> Answer | None:
        if answer is not None and answer.always:
            self._always[call.name or ""] = Answer(
                answer.content, answer.is_error, Origin.STUBBED, ALWAYS
            )
        return answer

    async def _live(self, call: Event, content: Content) -> Answer | None:
        name = call.name or ""
        known = await self._toolbox.find(name)
        if known is None:
            self._tell(Noted(self._session, f"{name or 'this'} is no tool that can be run here"))
            return None
        decision = self.policy.permissions.decide(name, content.arguments, known.name)
        if decision is Decision.DENY:
            return stubbed(f"[{name} was denied by a rule]", "live-denied", is_error=True)
        if decision is Decision.ASK:
            answer = await self._ask(call, content, known)
            if answer is not RUN:
                return self._settle(call, answer)
        return await self._toolbox.call(name, content.arguments)


def stubbed(text: str, rung: str, *, is_error: bool = False) -> Answer:
    """An answer that nobody gave just now."""
    return Answer(text_content(text), is_error, Origin.STUBBED, str(rung))
