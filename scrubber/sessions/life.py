"""The life of a session, after harn: open, inject, trim, reset, close.

Every change is one transaction with a revision of its own. What a change takes out of a session
stays in the store: the former slices are in ``revisions``, the events in their logs.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.core.slices import SliceList
from scrubber.core.uuids import uuid7
from scrubber.sessions import messages
from scrubber.sessions.agent_events import events_of
from scrubber.sessions.base import SessionsBase, counted
from scrubber.sessions.watching import RunWatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.formats.harn.events import AgentEvent
    from scrubber.live.reports import Observer
    from scrubber.sessions.messages import Records, Said


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
        made: list[bool] = []
        self._atomic(lambda: made.append(self._open_rows(session, title)))
        self._opened(session, made[0])
        return session

    def _open_rows(self, session: str, title: str = "") -> bool:
        """Make a session if there is none; whether there was none."""
        if self.lives.holds(session):
            return False
        self.lives.create(session, title=title or session)
        return True

    def _opened(self, session: str, is_new: bool) -> None:
        self.resident.touch(session)
        if is_new:
            self._made(session)

    def _made(self, session: str) -> None:
        """A session is new in the store: its log begins, if there shall be one."""
        self.listeners.begin_log(session)

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
        self._own("inject", id)
        made = messages.records(messages.checked(message))
        self.store.append(id, made)
        self._said(id, message, made)

    def _said(self, session: str, message: Said, made: Records) -> None:
        self._changed(session, *events_of(message, made))

    def emit(self, id: str, event: AgentEvent) -> None:
        """Tell the log and the subscribers of something else that happened: a turn, a plan, ….

        An object with a ``type``, as harn has them; it is no part of the conversation.
        """
        self._known("emit", id)
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise BadArgumentError("event must be a dict with a string `type`")
        self.listeners.tell(id, {**event, "session_id": id})

    def replace_messages(self, id: str, several: Sequence[Said]) -> None:
        """Give it just these messages. Those that it begins with already stay the same events."""
        self._own("replace_messages", id)
        wanted = [messages.checked(message) for message in several]
        self._atomic(lambda: self._replace_rows(id, wanted))
        self._changed(id, {"type": "messages_replaced", "count": len(wanted)})

    def _replace_rows(self, session: str, wanted: Sequence[Said]) -> None:
        view = self._view(session)
        same = _common(view.said, wanted)
        if same < len(view):
            kept = view.first(same, self._slices(session))
            self.lives.set_slices(session, kept, "replace_messages")
        self.store.append(session, [r for m in wanted[same:] for r in messages.records(m)])

    def trim(self, id: str, keep_last: int) -> int:
        """Keep only the last messages; gives how many there are now."""
        self._own("trim", id)
        count = counted("keep_last", keep_last)
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
        self._own("reset", id)

        def work() -> None:
            self.lives.set_slices(id, SliceList(), "reset")
            self.lives.put(id, facts={})

        self._atomic(work)
        self._changed(id, {"type": "reset"})

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

    def observer(self, id: str) -> Observer:
        """What a run of the session is to be watched by (``continue_branch(…, observer=…)``), so
        that its log and its subscribers are told of turns and of all that is said."""
        return RunWatcher(self.store, self._known("observer", id), self.listeners.tell)

    def _changed(self, session: str, *events: AgentEvent) -> None:
        self.resident.touch(session)
        for event in events:
            self.listeners.tell(session, {**event, "session_id": session})


def _common(have: Sequence[Said], wanted: Sequence[Said]) -> int:
    """With how many messages both begin."""
    pairs = zip(have, wanted, strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(map(len, (have, wanted)))
    )
