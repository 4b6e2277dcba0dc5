"""Runs branches side by side on a thread of its own, for whoever must not wait: the window."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from scrubber.core.running import Outcome
    from scrubber.live.reports import Observer, Report

    Work = Callable[[Observer], Coroutine[Any, Any, Outcome]]


class Run:
    """One run that goes on in the background."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._task: asyncio.Task[Outcome] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """End it with what it has; its last report says so. A second call does nothing."""
        self._cancelled = True
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _started(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[Outcome]) -> None:
        self._loop, self._task = loop, task
        if self._cancelled:
            task.cancel()


class Engine:
    """A thread with an event loop. Reports wait in a queue until ``reports`` takes them."""

    def __init__(self) -> None:
        self._reports: deque[tuple[Run, Report | Exception]] = deque()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._number = 0

    def start(self, work: Work) -> Run:
        """Begin ``work(observer)``, a coroutine such as ``extend(…, observer=observer)``.

        What the observer is told comes out of ``reports``; an exception that ends the work too.
        """
        loop = self._running_loop()
        self._number += 1
        run = Run(self._number)
        loop.call_soon_threadsafe(self._begin, loop, run, work)
        return run

    def call(self, work: Callable[[], None]) -> None:
        """Do something small on the engine's thread, such as answering a question."""
        self._running_loop().call_soon_threadsafe(work)

    def reports(self) -> list[tuple[Run, Report | Exception]]:
        """What was told since the last time, in order."""
        taken = []
        while self._reports:
            taken.append(self._reports.popleft())
        return taken

    def stop(self) -> None:
        """Cancel all runs, wait until they have written what they have, and end the thread."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._thread = self._loop = None

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._thread is None:
            self._ready.clear()
            self._thread = threading.Thread(target=self._serve, name="live", daemon=True)
            self._thread.start()
            self._ready.wait()
        assert self._loop is not None
        return self._loop

    def _serve(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._ready.set()
            # Leaving the block cancels what still runs, and waits for it.
            self._loop.run_forever()

    def _begin(
        self,
        loop: asyncio.AbstractEventLoop,
        run: Run,
        work: Work,
    ) -> None:
        task = loop.create_task(work(lambda report: self._reports.append((run, report))))
        task.add_done_callback(lambda done: self._done(run, done))
        run._started(loop, task)

    def _done(self, run: Run, task: asyncio.Task[Outcome]) -> None:
        """What ended without an outcome: it never began, or there is a bug."""
        if task.cancelled():
            self._reports.append((run, CancelledError("stopped before it began")))
        elif isinstance(error := task.exception(), Exception):
            self._reports.append((run, error))
