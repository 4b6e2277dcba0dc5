"""Lanes, as a3s-code has them: commands wait in lanes, each with a number that run at once.

It is asyncio: one ``Lanes`` belongs to one event loop, and its commands are awaited. What blocks
goes into a thread by its own choice (``asyncio.to_thread``); the lane counts it until it is done.
``complete`` and ``fail`` may be called from any thread.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from scrubber.core.errors import BadArgumentError, ScrubberError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_T = TypeVar("_T")

TIMEOUT_MS = 60_000
DEAD_LETTERS = 1000


class Lane(IntEnum):
    """Which lane a command waits in; the smaller number goes first."""

    CONTROL = 0
    """Pausing, cancelling."""
    QUERY = 1
    """Tools that only look."""
    EXECUTE = 2
    """All other tools."""
    GENERATE = 3
    """Calls of a model."""


LIMITS: dict[Lane, int] = {Lane.CONTROL: 2, Lane.QUERY: 4, Lane.EXECUTE: 2, Lane.GENERATE: 1}
"""Commands of each lane that run at once."""

QUERIES = frozenset(
    {"read", "glob", "ls", "grep", "list_files", "search", "web_fetch", "web_search"}
)


def lane_of(tool: str) -> Lane:
    """The lane of a tool: QUERY for those that only look, by name; EXECUTE for all others."""
    return Lane.QUERY if tool.lower() in QUERIES else Lane.EXECUTE


class Handling(StrEnum):
    """Who does the commands of a lane."""

    INTERNAL = "internal"
    """They run here."""
    EXTERNAL = "external"
    """Somebody else does them, and says what came of it."""
    HYBRID = "hybrid"
    """They run here, and somebody else is told."""


class LaneTimeoutError(ScrubberError):
    """A command took longer than it may."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A command that failed."""

    id: str
    lane: Lane
    error: str


@dataclass(slots=True)
class _Command:
    lane: Lane
    work: Callable[[], Awaitable[Any]]
    timeout_ms: int
    done: asyncio.Future[Any]
    payload: Any = None
    id: str = field(default_factory=lambda: f"task-{uuid.uuid4().hex}")


class Lanes:
    """Commands that wait, and those that run. A free place goes to the first command of the lane
    with the smallest number that has room; within a lane, first come, first served."""

    def __init__(
        self,
        limits: Mapping[Lane, int] | None = None,
        *,
        at_once: int | None = None,
        handling: Mapping[Lane, Handling] | None = None,
        outside: Callable[[str, Lane, Any], object] | None = None,
        dead_letters: int = DEAD_LETTERS,
    ) -> None:
        """``limits``: other numbers than a3s-code's 2, 4, 2, 1. ``at_once``: of all lanes together;
        None: as the lanes say. ``outside``: told of (id, lane, payload) that somebody else does."""
        self._limits = {**LIMITS, **(limits or {})}
        if min(self._limits.values()) < 1 or (at_once is not None and at_once < 1):
            raise BadArgumentError("a lane needs room for at least one command")
        self._at_once = at_once
        self._handling = handling or {}
        self._outside = outside
        self._waiting: dict[Lane, deque[_Command]] = {lane: deque() for lane in Lane}
        self._running: dict[Lane, int] = dict.fromkeys(Lane, 0)
        self._given_out: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Future[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.dead: deque[DeadLetter] = deque(maxlen=dead_letters)
        """The commands that failed last, the oldest first."""

    def counts(self) -> dict[Lane, tuple[int, int]]:
        """(waiting, running) of each lane."""
        return {lane: (len(self._waiting[lane]), self._running[lane]) for lane in Lane}

    async def submit(
        self,
        lane: Lane,
        work: Callable[[], Awaitable[_T]],
        *,
        timeout_ms: int = TIMEOUT_MS,
        payload: Any = None,
    ) -> _T:
        """Do some work when its lane has room; gives what came of it, or raises what that raised.

        LaneTimeoutError: it took longer than that many milliseconds, waiting not counted.
        Cancelling the caller takes the command back, or ends it if it runs.
        """
        loop = asyncio.get_running_loop()
        command = _Command(lane, work, timeout_ms, loop.create_future(), payload)
        self._waiting[lane].append(command)
        self._start()
        found: _T = await command.done
        return found

    def _start(self) -> None:
        """Let commands run as long as there is room for them."""
        while (command := self._next()) is not None:
            self._running[command.lane] += 1
            task = asyncio.ensure_future(self._run(command))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _next(self) -> _Command | None:
        if self._at_once is not None and sum(self._running.values()) >= self._at_once:
            return None
        for lane in Lane:
            waiting = self._waiting[lane]
            while waiting and waiting[0].done.done():
                waiting.popleft()  # its caller was cancelled
            if waiting and self._running[lane] < self._limits[lane]:
                return waiting.popleft()
        return None

    async def _run(self, command: _Command) -> None:
        work = asyncio.ensure_future(self._work(command))
        command.done.add_done_callback(lambda done: work.cancel() if done.cancelled() else None)
        try:
            async with asyncio.timeout(command.timeout_ms / 1000) as limit:
                found = await work
            if not command.done.done():
                command.done.set_result(found)
        except TimeoutError as error:
            late = LaneTimeoutError(f"{command.id} took longer than {command.timeout_ms} ms")
            self._failed(command, late if limit.expired() else error)
        except asyncio.CancelledError:
            command.done.cancel()
        except Exception as error:
            self._failed(command, error)
        finally:
            self._running[command.lane] -= 1
            self._start()

    def _failed(self, command: _Command, error: Exception) -> None:
        self.dead.append(DeadLetter(command.id, command.lane, str(error) or repr(error)))
        if not command.done.done():
            command.done.set_exception(error)

    async def _work(self, command: _Command) -> Any:
        handling = self._handling.get(command.lane, Handling.INTERNAL)
        if handling is Handling.EXTERNAL:
            return await self._elsewhere(command)
        if handling is Handling.HYBRID and self._outside is not None:
            self._outside(command.id, command.lane, command.payload)
        return await command.work()

    async def _elsewhere(self, command: _Command) -> Any:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._given_out[command.id] = (loop, answer)
        try:
            if self._outside is not None:
                self._outside(command.id, command.lane, command.payload)
            return await answer
        finally:
            del self._given_out[command.id]

    def complete(self, id: str, result: Any) -> bool:
        """Say what came of a command that was given out; False if none waits. Any thread."""
        return self._settle(id, lambda answer: answer.set_result(result))

    def fail(self, id: str, error: str) -> bool:
        """Say that a command that was given out has failed; False if none waits for that."""
        return self._settle(id, lambda answer: answer.set_exception(ScrubberError(error)))

    def _settle(self, id: str, say: Callable[[asyncio.Future[Any]], None]) -> bool:
        known = self._given_out.get(id)
        if known is None:
            return False
        loop, answer = known
        loop.call_soon_threadsafe(lambda: None if answer.done() else say(answer))
        return True
