"""Who is told what happens in a session: its log, if there is one, and the subscribers.

One that raises harms no other, and no session: the error is logged, with the subscriber's name.
Nobody is carried over to a fork; nobody is lost when a session leaves memory.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from scrubber.sessions import event_log
from scrubber.sessions.event_log import EventLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.formats.harn.events import AgentEvent

_log = logging.getLogger(__name__)


class Listeners:
    """The subscribers of every session. Thread-safe; they are called by whoever makes a change."""

    def __init__(self) -> None:
        self._by_session: dict[str, list[Callable[[AgentEvent], object]]] = {}
        self._logs: dict[str, EventLog] = {}
        self._lock = threading.Lock()

    def begin_log(self, session: str) -> None:
        """Begin the log of a new session, if ``HARN_EVENT_LOG_DIR`` says where."""
        if (folder := event_log.folder()) is not None:
            log = EventLog(folder, session)
            with self._lock:
                self._logs[session] = log

    def log_of(self, session: str) -> EventLog | None:
        """The log of a session, None if it has none."""
        with self._lock:
            return self._logs.get(session)

    def add(self, session: str, callback: Callable[[AgentEvent], object]) -> Callable[[], None]:
        """Tell a callback of what happens from now on; gives what ends that."""
        with self._lock:
            self._by_session.setdefault(session, []).append(callback)

        def unsubscribe() -> None:
            with self._lock:
                several = self._by_session.get(session, [])
                if callback in several:
                    several.remove(callback)

        return unsubscribe

    def tell(self, session: str, event: AgentEvent) -> None:
        """Tell everybody; to be called when the change is in the store."""
        with self._lock:
            several, log = list(self._by_session.get(session, ())), self._logs.get(session)
        if log is not None:
            log.write(event)
        for callback in several:
            try:
                callback(dict(event))
            except Exception as error:
                name = getattr(callback, "__qualname__", repr(callback))
                _log.warning("session %s: subscriber %s failed: %r", session, name, error)

    def forget(self, session: str) -> None:
        """A session is closed: its log ends, its subscribers go."""
        with self._lock:
            self._by_session.pop(session, None)
            self._logs.pop(session, None)
