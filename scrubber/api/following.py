"""Following files as they grow, for programs without a window."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrubber.transfer.following import Followers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from scrubber.api.open_store import OpenStore
    from scrubber.core.session import Session


def follow(
    store: OpenStore,
    paths: Iterable[Path],
    seconds: float = 0.2,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Session]:
    """Take what is appended to files as it comes; gives each session that has grown, or is new.

    Looks every so many ``seconds``, and never ends by itself. The files must have been imported.
    """
    followers = Followers(store.store)
    followers.follow(paths)
    while True:
        changes = followers.catch_up()
        yield from store.sessions_with(sorted(changes.added | changes.changed))
        wait(seconds)
