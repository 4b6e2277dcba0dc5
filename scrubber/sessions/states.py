"""The state of a session, as a3s-code has it: active, paused, completed, error.

A session is active until somebody says something else; how its last run ended (``status``) is no
such word. Only ``paused`` holds anything up: nothing runs on the session until it is resumed
(``live.extend`` refuses). Messages may be added in any state.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scrubber.store import sessions
from scrubber.store import states as rows

if TYPE_CHECKING:
    from scrubber.store import Store


class State(StrEnum):
    """What somebody has put a session into."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Standing:
    """A session's state, since when (milliseconds since 1970; None: always), and why."""

    state: State
    since: int | None = None
    reason: str = ""


def standing(store: Store, session: str) -> Standing:
    """In which state a session is."""
    connection = store.connections.get()
    state, since, reason = rows.get(connection, sessions.find(connection, session))
    return Standing(State(state), since, reason)


def pause(store: Store, session: str, reason: str = "") -> bool:
    """Hold a session up; False, and nothing is changed, unless it is active."""
    return _change(store, session, State.ACTIVE, State.PAUSED, reason)


def resume(store: Store, session: str) -> bool:
    """Let a paused session run again; False, and nothing is changed, unless it is paused."""
    return _change(store, session, State.PAUSED, State.ACTIVE, "")


def complete(store: Store, session: str) -> None:
    """Say that a session is done, from whatever state; it can be run on all the same."""
    _change(store, session, None, State.COMPLETED, "")


def fail(store: Store, session: str, reason: str = "") -> None:
    """Say that a session has failed, from whatever state; it can be run on all the same."""
    _change(store, session, None, State.ERROR, reason)


def put(store: Store, session: str, state: State, reason: str = "") -> None:
    """Put a session into a state, whatever it is in: for restoring what was saved."""
    _change(store, session, None, state, reason)


def _change(store: Store, session: str, only: State | None, to: State, reason: str) -> bool:
    with store.connections.write() as connection:
        pk = sessions.find(connection, session)
        if only is not None and rows.get(connection, pk)[0] != only:
            return False
        rows.put(connection, pk, to, reason)
        return True
