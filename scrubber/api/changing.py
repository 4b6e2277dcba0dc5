"""Changing what is known of a session; putting it away, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from scrubber.core.session import Changes, Session


class Changing(Part):
    """Titles, notes, and the trash."""

    def rename(self, session: str, title: str) -> Changes:
        """Give a session a title, which imports no longer change."""
        if not title.strip():
            raise BadArgumentError("a title must not be empty")
        return self.store.update(session, title=title.strip())

    def set_note(self, session: str, note: str) -> Changes:
        """Write a note on a session."""
        return self.store.update(session, note=note)

    def dependents(self, session: str) -> list[Session]:
        """The forks and sub-agents below a session, at any depth."""
        return self.store.dependents(session)

    def delete(self, session: str) -> Changes:
        """Put a session and all below it away; ``restore`` brings it back, ``purge`` does not."""
        return self.store.trash(session)

    def restore(self, session: str) -> Changes:
        """Bring back a session that was deleted, and what was deleted with it."""
        return self.store.restore(session)

    def purge(self) -> int:
        """Delete for good what was put away; gives the bytes that became free."""
        return self.store.purge()
