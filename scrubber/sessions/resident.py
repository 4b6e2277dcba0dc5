"""Which sessions are in memory: as many as the cap says, those used last (harn's LRU).

A session that is not resident is read anew; it loses nothing. Changes count as use, reads do not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.sessions.view import View

CAP = 128
"""Sessions in memory, unless another number is given: harn's default."""


class Resident:
    """The sessions in memory, with their messages as far as they were read. Thread-safe."""

    def __init__(self, cap: int = CAP) -> None:
        self.cap = max(cap, 1)
        self._views: OrderedDict[str, View | None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, session: str) -> bool:
        with self._lock:
            return session in self._views

    @property
    def ids(self) -> list[str]:
        """The sessions in memory, that used last at the end."""
        with self._lock:
            return list(self._views)

    def touch(self, session: str) -> None:
        """Note that a session is used; that used longest ago leaves if there are too many."""
        with self._lock:
            self._views.setdefault(session, None)
            self._views.move_to_end(session)
            while len(self._views) > self.cap:
                self._views.popitem(last=False)

    def drop(self, session: str) -> None:
        """Let a session leave."""
        with self._lock:
            self._views.pop(session, None)

    def view(self, session: str) -> View | None:
        """The messages of a session as they were last seen; None if it is not in memory."""
        with self._lock:
            return self._views.get(session)

    def keep(self, session: str, view: View) -> None:
        """Note the messages of a session, if it is in memory."""
        with self._lock:
            if session in self._views:
                self._views[session] = view
