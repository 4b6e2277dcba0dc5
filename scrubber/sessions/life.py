"""The life of a session, after harn: open, inject, fork, trim, reset, close.

Every change is one transaction with a revision of its own. What a change takes out of a session
stays in the store: the former slices are in ``revisions``, the events in their logs.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from scrubber.core.describe import fork_title
from scrubber.core.errors import BadArgumentError
from scrubber.core.slices import SliceList
from scrubber.core.uuids import uuid7
from scrubber.sessions import messages
from scrubber.sessions.base import SessionsBase
from scrubber.transfer.linting import last_spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.sessions.listeners import AgentEvent
    from scrubber.sessions.messages import Said
    from scrubber.sessions.view import View


class Life(SessionsBase):
    """Opening, saying, forking, cutting.

    Ids are exact, never beginnings. UnknownSessionError where a session must be there and is not;
    ``open`` makes one, ``exists`` and ``snapshot`` only say so.
    """

    def open(self, id: str | None = None, *, title: str = "") -> str:
        """The session with this id, made if there is none; without an id a new one (UUIDv7).

        Idempotent: what is there is only touched. Gives the id.
        """
        if id is not None and (not isinstance(id, str) or not id):
            raise BadArgumentError("`id` must be a string or nil, and not empty")
        session = id or uuid7()
        made = []

        def work() -> None:
            if not self.lives.holds(session):
                self.lives.create(session, title=title or session)
                made.append(session)

        self._atomic(work)
        self.resident.touch(session)
        if made:
            self._made(session)
        return session

    def _made(self, session: str) -> None:
        """A session is new: parts that want to know of it override this."""

    def exists(self, id: str) -> bool:
        """Whether there is a session with this id; no use of it."""
        return self.lives.holds(id)

    def length(self, id: str) -> int:
        """How many messages it has, as a model sees them; no use of it."""
        return len(self._view(self._known("length", id)))

    def messages(self, id: str) -> list[Said]:
        """Its messages in order, as they were given; copies, in one piece; no use of it."""
        return copy.deepcopy(self._view(self._known("messages", id)).said)

    def inject(self, id: str, message: Said) -> None:
        """Add a message to the end; any role is taken, a BadArgumentError says what is wrong."""
        self._append(self._known("inject", id), messages.checked(message))
        self._changed(id, {"type": "message_injected", "message": message})

    def _append(self, session: str, *several: Said) -> None:
        made = [record for message in several for record in messages.records(message)]
        self.store.append(session, made)

    def replace_messages(self, id: str, several: Sequence[Said]) -> None:
        """Give it just these messages. Those that it begins with already stay the same events."""
        self._known("replace_messages", id)
        wanted = [messages.checked(message) for message in several]

        def work() -> None:
            view = self._view(id)
            same = _common(view.said, wanted)
            if same < len(view):
                kept = view.first(same, self._slices(id))
                self.lives.set_slices(id, kept, "replace_messages")
            self._append(id, *wanted[same:])

        self._atomic(work)
        self._changed(id, {"type": "messages_replaced", "count": len(wanted)})

    def trim(self, id: str, keep_last: int) -> int:
        """Keep only the last messages; gives how many there are now."""
        self._known("trim", id)
        count = _count("keep_last", keep_last)
        kept = []

        def work() -> None:
            view = self._view(id)
            kept.append(min(count, len(view)))
            if count < len(view):
                self.lives.set_slices(id, view.last(count, self._slices(id)), "trim")

        self._atomic(work)
        self._changed(id, {"type": "trimmed", "kept": kept[0]})
        return kept[0]

    def reset(self, id: str) -> None:
        """Take everything said out of it; id, lineage, subscribers and active skills stay."""
        self._known("reset", id)

        def work() -> None:
            self.lives.set_slices(id, SliceList(), "reset")
            self.lives.put(id, facts={})

        self._atomic(work)
        self._changed(id, {"type": "reset"})

    # Forking

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
            "fork_at", src, dst, lambda: (self._view(src), _count("keep_first", keep_first))
        )

    def fork_at_event(self, src: str, index: int, dst: str | None = None) -> str:
        """A session with the whole messages in front of an exclusive cut between events, 0…N.

        They are those that there were at the time: in front of a compaction, the messages that it
        archived. The cut that is noted is the one behind the last of them.
        """

        def cut() -> tuple[View, int]:
            view = self._view_at(src, _count("index", index))
            return view, len(view)

        return self._fork("fork_at_event", src, dst, cut)

    def message_count(self, id: str, index: int) -> int:
        """How many whole messages there were at an exclusive cut between events, 0…N."""
        return len(self._view_at(self._known("message_count", id), _count("index", index)))

    def branch_event_index(self, id: str, keep_first: int) -> int:
        """The exclusive cut behind the first messages; the end, if there are fewer."""
        return self._view(self._known("branch_event_index", id)).index(keep_first)

    def _fork(
        self, verb: str, src: str, dst: str | None, cut: Callable[[], tuple[View, int]] | None
    ) -> str:
        self._known(verb, src)
        target = dst or uuid7()
        made = []

        def work() -> None:
            made.append(not self.lives.holds(target))
            self._fork_rows(src, target, None if cut is None else cut())

        self._atomic(work)
        self.resident.touch(src)
        self.resident.touch(target)
        if made[0]:
            self._made(target)
        self._changed(target, {"type": "forked", "from": src}, touch=False)
        return target

    def _fork_rows(self, src: str, target: str, cut: tuple[View, int] | None) -> None:
        slices = self._slices(src)
        index, kept = len(slices), slices
        if cut is not None:
            view, count = cut
            index, kept = view.index(count), view.first(count, slices)
        if target != src:
            found = self.store.session(src)
            title = fork_title(index, last_spoken(self.store, found, index))
            self.lives.fork(src, index, target, title)
        if self._slices(target) != kept:
            self.lives.set_slices(target, kept, "fork_at")
        if target != src:
            left = None if cut is None else index
            self.lives.put(target, branched_at=left, facts=self.lives.facts(src).facts or {})

    def close(self, id: str) -> None:
        """Let it leave memory, with its subscribers. The store keeps it: ``open`` takes it up."""
        self._known("close", id)
        self.listeners.tell(id, {"type": "session_closed", "session_id": id, "status": "closed"})
        self.listeners.forget(id)
        self.resident.drop(id)

    def subscribe(self, id: str, callback: Callable[[AgentEvent], object]) -> Callable[[], None]:
        """Call somebody with each event of a session from now on; gives what ends that.

        Called by the thread that made the change, once it is in the store. Forks have no
        subscribers of their source's.
        """
        return self.listeners.add(self._known("subscribe", id), callback)

    def _changed(self, session: str, event: AgentEvent, *, touch: bool = True) -> None:
        if touch:
            self.resident.touch(session)
        self.listeners.tell(session, {**event, "session_id": session})


def _count(name: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadArgumentError(f"`{name}` must be an int")
    if value < 0:
        raise BadArgumentError(f"`{name}` must be >= 0")
    return value


def _common(have: Sequence[Said], wanted: Sequence[Said]) -> int:
    """With how many messages both begin."""
    pairs = zip(have, wanted, strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(map(len, (have, wanted)))
    )
