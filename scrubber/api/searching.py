"""Searching all sessions, and which events of one session fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.query import Query
    from scrubber.transfer.progress import Progress
    from scrubber.transfer.searching import Hit

MUCH = 5_000
"""Events that take longer to index than a process takes to start."""


class Searching(Part):
    """The query language is that of docs/search.md; a QueryError tells what is wrong, and where."""

    def search(
        self,
        query: str | Query,
        *,
        each: int = 5,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Hit]:
        """The events that fit, as they are found, at most ``each`` of one session.

        Also what is not indexed yet is found. An event that forks share is one hit, in the oldest
        session that has it.
        """
        from scrubber.transfer import searching

        return searching.search(self.store, query, each=each, stopped=stopped)

    def fits(
        self,
        session: str,
        query: str | Query,
        start: int = 0,
        stop: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> bytes:
        """A byte for each of the events start…stop-1 of a session: 1 where it fits, else 0."""
        from scrubber.transfer import searching

        return searching.fits(self.store, session, query, start, stop, stopped)

    def next_fit(self, session: str, query: str | Query, at: int, step: int) -> int | None:
        """The index behind the next event that fits (``step`` 1), or the previous one (-1).

        ``at`` is the index of the playhead: the event right in front of it is where one is.
        """
        from scrubber.transfer import searching

        return searching.next_fit(self.store, session, query, at, step)

    def tools(self, session: str) -> list[tuple[str, int]]:
        """(name, calls) of the tools that a session calls, those called most first."""
        from scrubber.store.search.finding import tools

        return tools(self.store.index.ask, self.store.slices(session))

    def update_index(self, progress: Progress | None = None, apart: bool = False) -> int:
        """Index what is not indexed yet; gives how many events that was.

        The index is a file beside the store; it can be deleted, and is then made anew. ``apart``:
        in a process of its own if it is much, which lets all others go first.
        """
        from scrubber.transfer import indexing

        done, total = self.index_state()
        if not apart or total - done < MUCH or self.store.connections.read_only:
            return indexing.extend(self.store, progress)
        from scrubber.api.apart import run_apart
        from scrubber.transfer.progress import Progress

        counts: list[int] = []
        run_apart(self.store.path, _index, None, progress or Progress(), counts.append)
        return sum(counts)

    def rebuild_index(self, progress: Progress | None = None) -> int:
        """Empty the index, and index everything."""
        self.store.index.reset()
        return self.update_index(progress)

    def index_state(self) -> tuple[int, int]:
        """(events that are indexed, events that there are)."""
        return self.store.index.state()


def _index(
    part: Searching, progress: Progress, deliver: Callable[[int], None], _wanted: object
) -> None:
    from scrubber.api.apart import give_way

    give_way()
    deliver(part.update_index(progress))
