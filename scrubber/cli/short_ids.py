"""Short forms of session ids: eight characters, more where another id begins the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.session import Session

LENGTH = 8


class ShortIds:
    """Knows all ids of a store, the agents' own ones included, as a prefix may mean those too."""

    def __init__(self, sessions: Iterable[Session] = ()) -> None:
        self._alike: dict[str, set[tuple[str, str]]] = {}
        for session in sessions:
            self.add(session)

    def add(self, session: Session) -> None:
        """Take a session into account."""
        for name in {session.id, session.native_id or session.id}:
            self._alike.setdefault(name[:LENGTH], set()).add((name, session.id))

    def of(self, session: str) -> str:
        """The shortest beginning of an id that names only this session."""
        others = [n for n, owner in self._alike.get(session[:LENGTH], ()) if owner != session]
        length = LENGTH
        while any(name.startswith(session[:length]) for name in others) and length < len(session):
            length += 1
        return session[:length]
