"""A session that is being extended: what is read of it, and what is added to it, under a lease."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from scrubber.core.session import Changes
from scrubber.formats import own
from scrubber.store import states
from scrubber.store.leases import RENEW_MS
from scrubber.transfer.exporting import StoredTranscript
from scrubber.transfer.linting import lint_cut

if TYPE_CHECKING:
    from types import TracebackType

    from scrubber.core.content import Content
    from scrubber.core.events import Draft, Event
    from scrubber.core.session import Session
    from scrubber.core.slices import SliceList
    from scrubber.store import Store
    from scrubber.store.leases import Lease


class Branch:
    """One session at its head; a context manager that holds the session's lease.

    Raises HeldError on entering if another program extends the session just now, and
    LeaseLostError on adding if one has taken it over since.
    """

    def __init__(self, store: Store, session: str, what: str = "Scrubber") -> None:
        self.store = store
        self.id = store.session(session).id
        self._what = what

    def __enter__(self) -> Self:
        self._lease = self.store.claim(self.id, self._what)
        self._renewed = time.monotonic()
        self._log = self.store.own_log(self.id, self._lease)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.store.release(self._lease)

    def renew(self) -> None:
        """Keep the lease for longer, if it is time to; to be called every few seconds."""
        if time.monotonic() - self._renewed > RENEW_MS / 1000:
            self.store.renew(self._lease)
            self._renewed = time.monotonic()

    @property
    def lease(self) -> Lease:
        """The right to extend it, while it is held."""
        return self._lease

    # Reading

    @property
    def is_paused(self) -> bool:
        """Whether somebody has paused it."""
        return states.get(self.store.connections.get(), self._lease.pk)[0] == states.PAUSED

    @property
    def session(self) -> Session:
        """What is known of it now."""
        return self.store.session(self.id)

    @property
    def slices(self) -> SliceList:
        """What it is made of now."""
        return self.store.slices(self.id)

    def transcript(self) -> StoredTranscript:
        """All of it, up to now."""
        session = self.session
        return StoredTranscript(self.store, session, session.events)

    def open_calls(self) -> list[Event]:
        """The calls of its last message that have no result yet, in order."""
        session = self.session
        return list(lint_cut(self.store, session, session.events).open_calls)

    # Adding

    def add(self, items: list[tuple[Draft, Content]]) -> Changes:
        """Add events to its end, all in one transaction."""
        return self._log.append(_records(items))

    def insert(self, index: int, items: list[tuple[Draft, Content]]) -> Changes:
        """Put events in front of the event at an index."""
        self.store.renew(self._lease)
        return self.store.replace(self.id, index, index, _records(items), operation="insert")

    def repeat(self, other: str, start: int, stop: int) -> Changes:
        """Go on with events of another session, which are shared."""
        return self.store.share(self.id, other, start, stop, self._lease)

    def set_model(self, model: str) -> Changes:
        """Say which model has replied last."""
        if not model or model == self.session.model:
            return Changes()
        return self.store.update(self.id, model=model)

    def set_status(self, status: str) -> Changes:
        """Say how it stands: active, completed, paused, stopped or error."""
        return self.store.update(self.id, status=status)


def _records(items: list[tuple[Draft, Content]]) -> list[tuple[bytes, Draft]]:
    return [(own.encode(draft, content), draft) for draft, content in items]
