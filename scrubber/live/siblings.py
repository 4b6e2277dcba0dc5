"""Several branches from one point, run side by side: not once but N times."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from scrubber.core.running import Outcome
    from scrubber.store import Store

MOST = 32
AT_ONCE = 8
"""Runs that are on at the same time; the others wait."""


def fork_siblings(store: Store, session: str, at: int, number: int, title: str = "") -> list[str]:
    """So many forks of a session at an index; gives their ids.

    A BadArgumentError for a number that is not within 2…32, or an index outside the session.
    """
    if not 2 <= number <= MOST:
        raise BadArgumentError(f"{number} siblings: choose 2 to {MOST}")
    settings = store.branch_settings(session)
    found = []
    for count in range(1, number + 1):
        name = f"{title or f'{at} · sample'} {count}/{number}"
        child, _ = store.fork(session, at, title=name)
        if settings:
            kept = {key: value for key, value in settings.items() if key != "source"}
            store.set_branch_settings(child.id, kept)
        found.append(child.id)
    return found


async def side_by_side(
    sessions: Sequence[str], run: Callable[[str], Awaitable[Outcome]], at_once: int = AT_ONCE
) -> list[Outcome]:
    """Run each of the sessions; gives their outcomes in the same order."""
    places = asyncio.Semaphore(at_once)

    async def one(session: str) -> Outcome:
        async with places:
            return await run(session)

    return list(await asyncio.gather(*map(one, sessions)))
