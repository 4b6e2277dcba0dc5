"""Forks of sessions, after harn: of all that was said, of the first messages, up to an event.

A fork shares what it has with its source: it costs the number of slices, whatever the length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.describe import fork_title
from scrubber.core.uuids import uuid7
from scrubber.sessions.base import counted
from scrubber.sessions.life import Life
from scrubber.transfer.linting import last_spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.sessions.view import View


class Forks(Life):
    """Forking sessions."""

    def fork(self, src: str, dst: str | None = None) -> str:
        """A session with all that another has; gives its id, a new one if ``dst`` is None.

        A ``dst`` that is there gets the other's events in the place of its own, and keeps its
        subscribers and skills. The source counts as used first, so that it stays in memory.
        """
        return self._fork("fork", src, dst, None)

    def fork_at(self, src: str, keep_first: int, dst: str | None = None) -> str:
        """A session with the first messages of another: all of them, if there are fewer.

        ``dst`` as for ``fork``; with ``dst == src`` the session itself is cut.
        """
        return self._fork(
            "fork_at", src, dst, lambda: (self._view(src), counted("keep_first", keep_first))
        )

    def fork_at_event(self, src: str, index: int, dst: str | None = None) -> str:
        """A session with the whole messages in front of an exclusive cut between events, 0…N.

        They are those that there were at the time: in front of a compaction, the messages that it
        archived. The cut that is noted is the one behind the last of them.
        """

        def cut() -> tuple[View, int]:
            view = self._view_at(src, counted("index", index))
            return view, len(view)

        return self._fork("fork_at_event", src, dst, cut)

    def message_count(self, id: str, index: int) -> int:
        """How many whole messages there were at an exclusive cut between events, 0…N."""
        return len(self._view_at(self._known("message_count", id), counted("index", index)))

    def branch_event_index(self, id: str, keep_first: int) -> int:
        """The exclusive cut behind the first messages; the end, if there are fewer."""
        count = counted("keep_first", keep_first)
        return self._view(self._known("branch_event_index", id)).index(count)

    def _fork(
        self, verb: str, src: str, dst: str | None, cut: Callable[[], tuple[View, int]] | None
    ) -> str:
        self._known(verb, src)
        target = dst or uuid7()
        if self.lives.holds(target):
            self._own(verb, target)
        made = []

        def work() -> None:
            made.append(not self.lives.holds(target))
            self._fork_rows(src, target, None if cut is None else cut(), dst or "")

        self._atomic(work)
        self.resident.touch(src)
        self.resident.touch(target)
        if made[0]:
            self._made(target)
        self._changed(target, {"type": "forked", "from": src})
        return target

    def _fork_rows(self, src: str, target: str, cut: tuple[View, int] | None, title: str) -> None:
        slices = self._slices(src)
        index, kept = len(slices), slices
        if cut is not None:
            view, count = cut
            index, kept = view.index(count), view.first(count, slices)
        if target != src:
            found = self.store.session(src)
            title = title or fork_title(index, last_spoken(self.store, found, index))
            self.lives.fork(src, index, target, title)
        if self._slices(target) != kept:
            self.lives.set_slices(target, kept, "fork_at")
        if target != src:
            left = None if cut is None else index
            self.lives.put(target, branched_at=left, facts=self.lives.facts(src).facts or {})
