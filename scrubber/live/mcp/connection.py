"""One server for as long as a run lasts: started when first needed, again after it has ended."""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from scrubber.live.mcp.errors import ServerError
from scrubber.live.mcp.results import answer_of, failure

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrubber.core.content import JSON
    from scrubber.live.desk import Answer
    from scrubber.live.mcp.life import Life
    from scrubber.live.mcp.offers import Greeting
    from scrubber.live.mcp.server_log import ServerLog
    from scrubber.live.references import Lookup
    from scrubber.live.servers import Server

_T = TypeVar("_T")
RETRY_SECONDS = 15.0
"""A server that could not be started is not tried again before, or before four times as long as it
took: a model may ask often."""
PING_SECONDS = 5.0


class Connection:
    """Answers calls, whatever the server does. Any number of tasks of one loop may use it."""

    def __init__(self, server: Server, log: ServerLog, lookup: Lookup) -> None:
        self.server = server
        self.log = log
        self._lookup = lookup
        self._life: Life | None = None
        self._waiting = asyncio.Lock()
        self._begun = 0.0
        self._failed: tuple[float, ServerError] | None = None
        self._tasks = set[asyncio.Task[Any]]()

    @property
    def was_started(self) -> bool:
        """Whether there was need of it."""
        return self._life is not None

    async def greeting(self) -> Greeting:
        """What the server says about itself; starts it. A ServerError says why it cannot."""
        return await (await self._alive()).greeting()

    async def call(self, tool: str, arguments: JSON) -> Answer:
        """Call a tool; what fails is told in the answer."""
        name = self.server.name
        if not isinstance(arguments, dict):
            return failure("The arguments of this tool must be a JSON object.", name)
        try:
            life = await self._alive()
        except ServerError as error:
            return failure(f"The server {name} cannot be used: {error}.", name)
        try:
            seconds = self.server.call_seconds
            return answer_of(await self._within(life.call(tool, arguments), seconds), name)
        except TimeoutError:
            self._spawn(self._end_if_dead(life))
            return failure(f"The server {name} did not answer within {seconds:g} seconds.", name)
        except Exception as error:
            words = await life.words(error)
            return failure(
                words if words.startswith("MCP error") else f"Server {name}: {words}", name
            )

    async def close(self) -> None:
        """Stop the server, if it was started; waits until nothing is left of it."""
        for task in list(self._tasks):
            task.cancel()
        if self._life is not None:
            await self._life.stopped()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self.log.close()

    async def _alive(self) -> Life:
        async with self._waiting:
            if self._life is None or self._life.is_over:
                if self._failed and time.monotonic() < self._failed[0]:
                    raise self._failed[1]
                self._life = await self._begin()
                self._begun = time.monotonic()
            life = self._life
        try:
            await asyncio.shield(life.ready)
        except ServerError as error:
            now = time.monotonic()
            self._failed = now + max(RETRY_SECONDS, 4 * (now - self._begun)), error
            raise
        return life

    async def _begin(self) -> Life:
        await asyncio.to_thread(import_module, "scrubber.live.mcp.life")  # the SDK: half a second
        from scrubber.live.mcp import sdk_log
        from scrubber.live.mcp.life import Life

        sdk_log.divert()
        if self._life is not None:
            await self._life.stopped()
        return Life(self.server, self.log, self._lookup)

    async def _within(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T:
        """The work's outcome; who waits for it may go at once, it is then given up beside."""
        task = self._spawn(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not done:
            task.cancel()
            raise TimeoutError
        return task.result()

    async def _end_if_dead(self, life: Life) -> None:
        """A server that does not even answer a ping will not answer the next call."""
        try:
            there = await self._within(life.is_there(), PING_SECONDS)
        except TimeoutError:
            there = False
        if not there:
            self.log.note("stopped: it answers no more")
            life.end()

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may be left to hear it
