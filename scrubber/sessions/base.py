"""What all parts of ``Sessions`` stand on: the store, what is in memory, who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError, UnknownSessionError
from scrubber.core.grouping import LOOK_AHEAD
from scrubber.sessions.listeners import Listeners
from scrubber.sessions.resident import CAP, Resident
from scrubber.sessions.sliced import SlicedTranscript
from scrubber.sessions.view import View, view_of
from scrubber.store.lives import Lives

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.slices import SliceList
    from scrubber.store import Store


class SessionsBase:
    """One store as a runtime sees it. Thread-safe, as the store is."""

    def __init__(self, store: Store, resident_cap: int = CAP) -> None:
        """``resident_cap``: how many sessions are kept in memory, at least 1."""
        self.store = store
        self.lives = Lives(store)
        self.listeners = Listeners()
        self.resident = Resident(resident_cap)

    def _atomic(self, work: Callable[[], object]) -> None:
        """Do some work in one transaction: nobody else changes the store meanwhile."""
        self.store.once(None, "", lambda: str(work()))

    def _known(self, verb: str, session: str) -> str:
        """The id, if there is such a session; an UnknownSessionError in harn's words if not."""
        if not isinstance(session, str):
            raise BadArgumentError("`id` must be a string")
        if not self.lives.holds(session):
            raise UnknownSessionError(f"{verb}: unknown session id '{session}'")
        return session

    def _own(self, verb: str, session: str) -> str:
        """The id of a session that may change here: one that follows its file may not."""
        self._known(verb, session)
        if self.store.lineage_facts(session)["follows"] is not None:
            raise BadArgumentError(
                f"{verb}: session {session} is what its file says, and grows with it: fork it, and "
                "change the fork"
            )
        return session

    def _view(self, session: str) -> View:
        """The session's messages as they are now."""
        slices = self.store.slices(session)
        found = self.resident.view(session)
        if found is not None and found.transcript.slices == slices:
            return found
        transcript = SlicedTranscript(self.store, self.store.session(session), slices)
        view = view_of(transcript, found)
        self.resident.keep(session, view)
        return view

    def _view_at(self, session: str, index: int) -> View:
        """The whole messages that there were at an exclusive cut."""
        slices = self.store.slices(session)
        if index > len(slices):
            raise BadArgumentError(
                f"session {session}: index {index} is not within 0…{len(slices)}"
            )
        groups = {event.group_id for event in self.store.read(slices, index, index + LOOK_AHEAD)}
        found = self.store.session(session)
        transcript = SlicedTranscript(self.store, found, slices.between(0, index))
        return view_of(transcript).without_torn(groups - {None})

    def _slices(self, session: str) -> SliceList:
        return self.store.slices(session)


def counted(name: str, value: int) -> int:
    """A number of messages or events, if it is one; a BadArgumentError in harn's words if not."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadArgumentError(f"`{name}` must be an int")
    if value < 0:
        raise BadArgumentError(f"`{name}` must be >= 0")
    return value
