"""Waits for what blocks without holding up the branches that run beside."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """The result of work done in a thread of its own, which nobody waits for once it is cancelled.

    A pool's threads are waited for when the program ends: a key ring may wait for its user, and a
    model may take minutes to load.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    Thread(target=_do, args=(work, loop, done), name="aside", daemon=True).start()
    return await done


def _do(work: Callable[[], T], loop: asyncio.AbstractEventLoop, done: asyncio.Future[T]) -> None:
    result, error = None, None
    try:
        result = work()
    except BaseException as raised:  # whatever it is, whoever waits gets it
        error = raised
    with suppress(RuntimeError):  # the loop is closed: nobody waits
        loop.call_soon_threadsafe(_settle, done, result, error)


def _settle(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
