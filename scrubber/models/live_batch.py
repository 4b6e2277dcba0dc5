"""Runs that belong together: one plan, one budget, at most so many at a time, the same tools."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.api.running import continue_branch
from scrubber.live.siblings import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.core.running import Outcome
    from scrubber.live.desk import Desk
    from scrubber.live.provider import Provider
    from scrubber.live.reports import Observer
    from scrubber.live.run import Plan
    from scrubber.live.toolbox import Toolbox


class Batch:
    """Lives on the thread of the runs, but for being made."""

    def __init__(
        self,
        store: OpenStore,
        provider: Provider | str | Callable[[], Provider | str],
        plan: Plan,
        desk: Desk,
    ) -> None:
        """``provider`` may be a function that makes it: it may take long to import."""
        self._store = store
        self._provider = provider
        self._plan = plan
        self._desk = desk
        self._places = asyncio.Semaphore(AT_ONCE)
        self._toolbox: Toolbox | None = None
        self._running = 0

    async def run(self, session: str, observer: Observer) -> Outcome:
        """Let one session run on when its turn comes."""
        async with self._places:
            self._running += 1
            try:
                return await continue_branch(
                    self._store.store,
                    session,
                    await self._made(),
                    self._plan,
                    desk=self._desk,
                    toolbox=self._tools(),
                    observer=observer,
                )
            finally:
                self._running -= 1
                await self._put_away()

    async def _made(self) -> Provider | str:
        if not callable(self._provider):
            return self._provider
        self._provider = await asyncio.to_thread(self._provider)
        return self._provider

    def _tools(self) -> Toolbox | None:
        """The tools that the user has enabled, where the policy lets any of them run."""
        if self._toolbox is None and self._plan.policy.may_run:
            from scrubber.api.tools import toolbox

            self._toolbox = toolbox()
        return self._toolbox

    async def _put_away(self) -> None:
        """Stop the tools' servers when nothing runs that may need them."""
        if not self._running and self._toolbox is not None:
            box, self._toolbox = self._toolbox, None
            await box.close()
