"""Bookmarks, labels and notes on events and sessions; what a branch is for, and what it told.

    with scrubber.open_store() as store:
        store.notes.bookmark(session, 25)
        store.notes.label(session, 25, "wrong turn", colour="red")
        store.notes.write(session, 25, "it never read the file")
        store.notes.suppose(fork, "reading it first avoids the mistake")
        store.notes.judge(fork, "confirmed", "three of three")

They stand on the events themselves: forks share those of what they begin with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.core import notes as values
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.core.notes import Label, Note
    from scrubber.core.session import Changes
    from scrubber.store import Store


class Noting(Part):
    """Everything that is written beside sessions, in one place."""

    @property
    def notes(self) -> Notes:
        """The notes of the store."""
        return Notes(self.store)


class Notes:
    """``index`` is an event's position, from 0; None stands for the session as a whole.

    A BadArgumentError names an index out of range, or a name, colour or verdict that is none.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, session: str) -> list[Note]:
        """The notes on a session's events, in order; last, those whose evidence has changed."""
        return self._store.notebook.of_session(session)

    def at(self, session: str, index: int) -> list[Note]:
        """The notes on one event."""
        return self._store.notebook.within(session, index, index + 1)

    def noted(self) -> list[str]:
        """The ids of the sessions with anything to tell, those changed last first."""
        return self._store.notebook.noted_sessions()

    def labels(self) -> list[Label]:
        """All labels, with their colours and how often they are used."""
        return self._store.notebook.labels()

    def bookmark(self, session: str, index: int, on: bool = True) -> Changes:
        """Bookmark an event, or take its bookmark away."""
        notebook = self._store.notebook
        change = notebook.mark if on else notebook.unmark
        return change(session, self._event(session, index), "bookmark")

    def write(self, session: str, index: int | None, text: str) -> Changes:
        """Write an event's note, or the session's, in place of what it said; empty: none."""
        words = text.strip()
        if index is None:
            return self._store.update(session, note=words)
        event = self._event(session, index)
        if not words:
            return self._store.notebook.unmark(session, event, "note")
        return self._store.notebook.mark(session, event, "note", words)

    def label(
        self, session: str, index: int | None, name: str, colour: str | None = None
    ) -> Changes:
        """Give an event, or the session, a label; the colour is the label's, wherever it is."""
        name = values.checked_label(name)
        if colour is not None:
            self.colour(name, colour)
        if index is None:
            there = self._store.labels(session)
            return self._store.set_labels(session, [*there, name])
        return self._store.notebook.mark(session, self._event(session, index), "label", name)

    def unlabel(self, session: str, index: int | None, name: str) -> Changes:
        """Take a label away."""
        name = values.checked_label(name)
        if index is None:
            there = self._store.labels(session)
            return self._store.set_labels(session, [one for one in there if one != name])
        return self._store.notebook.unmark(session, self._event(session, index), "label", name)

    def colour(self, name: str, colour: str) -> None:
        """Give a label a colour."""
        self._store.notebook.set_colour(values.checked_label(name), values.checked_colour(colour))

    def remove(self, session: str, note: str) -> Changes:
        """Delete a note by its id: the way to remove one whose evidence has changed."""
        return self._store.notebook.remove(session, note)

    def suppose(self, session: str, hypothesis: str) -> Changes:
        """Say what a branch is to find out; empty: nothing."""
        return self._store.update(session, hypothesis=hypothesis.strip())

    def judge(self, session: str, verdict: str, reason: str = "") -> Changes:
        """Say what a branch told: ``confirmed``, ``refuted``, ``unclear``; empty takes it back."""
        return self._store.update(
            session,
            verdict=values.checked_verdict(verdict),
            reason=reason.strip() if verdict else "",
        )

    def _event(self, session: str, index: int) -> Event:
        found = self._store.events(session, index, index + 1) if index >= 0 else []
        if not found:
            known = self._store.session(session)
            raise BadArgumentError(
                f"session {known.id}: there is no event #{index + 1}, it has {known.events}"
            )
        return found[0]
