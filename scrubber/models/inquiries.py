"""The desk of a window: what runs ask a person becomes inquiries that the window answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.content import Content
    from scrubber.live.desk import Answer, Question


class Inquiry:
    """Something that a run waits for: the answer to a call, or the model's turn.

    ``question`` is None where the reply itself is to be written.
    """

    def __init__(self, session: str, question: Question | None) -> None:
        self.session = session
        self.question = question
        self.until: float | None = None
        """When it is too late, by ``time.monotonic``; None: never."""
        self._loop = asyncio.get_running_loop()
        self._given: asyncio.Future[Any] = self._loop.create_future()

    def answer(self, answer: Answer | None) -> None:
        """Answer the call; None (``desk.RUN``) lets the real tool run. From any thread."""
        self._give(answer)

    def write(self, content: Content) -> None:
        """Give the reply."""
        self._give(content)

    async def given(self) -> Any:
        """Wait for it."""
        return await self._given

    def _give(self, value: object) -> None:
        def set_it() -> None:
            if not self._given.done():
                self._given.set_result(value)

        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self._loop.call_soon_threadsafe(set_it)


class WindowDesk:
    """Tells of each inquiry when it comes up (True) and when nobody waits for it any more."""

    def __init__(self, tell: Callable[[Inquiry, bool], None]) -> None:
        """``tell`` is called on the thread of the runs."""
        self._tell = tell

    async def answer(self, question: Question) -> Answer | None:
        """What the person says that a call gave."""
        answer: Answer | None = await self._ask(Inquiry(question.session, question))
        return answer

    async def reply(self, session: str) -> Content:
        """The model's turn as the person writes it."""
        content: Content = await self._ask(Inquiry(session, None))
        return content

    async def _ask(self, inquiry: Inquiry) -> Any:
        self._tell(inquiry, True)
        try:
            return await inquiry.given()
        finally:
            self._tell(inquiry, False)
