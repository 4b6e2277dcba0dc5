"""Reading sessions and their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.content import Content
    from scrubber.core.events import Event, Totals
    from scrubber.core.session import Session
    from scrubber.core.track import Track
    from scrubber.store.blocks import Place


class Reading(Part):
    """What is known of sessions, events and records."""

    def session(self, session: str) -> Session:
        """What is known of a session."""
        return self.store.session(session)

    def sessions(self) -> list[Session]:
        """All sessions, those changed last first."""
        return self.store.sessions()

    def roots(self) -> list[Session]:
        """The sessions that are nobody's child, those changed last first."""
        return self.store.roots()

    def page(
        self, words: str = "", order: str = "updated", start: int = 0, count: int = 200
    ) -> list[Session]:
        """Some of the top-level sessions, sorted by ``updated``, ``title``, ``events``, ``tokens``
        or ``errors``; with ``words``, of all sessions that hold each of them."""
        return self.store.page(words, order, start, count)

    def filtered_page(
        self, words: str, order: str = "updated", start: int = 0, count: int = 200
    ) -> list[Session]:
        """Like ``page`` with words, but only those that no other that is found stands above; the
        rest are ``filtered_children``, each of the nearest above it."""
        return self.store.filtered_page(words, order, start, count)

    def filtered_children(self, session: str, words: str) -> list[Session]:
        """The sessions below one that hold the words, with none between that does."""
        return self.store.filtered_children(session, words)

    def sessions_with(self, ids: Iterable[str]) -> list[Session]:
        """The sessions with these ids, those that are gone left out."""
        return self.store.sessions_with(ids)

    def ancestry(self, session: str) -> list[Session]:
        """A session and what it comes from, the first ancestor first."""
        return self.store.ancestry(session)

    def children(self, session: str) -> list[Session]:
        """A session's forks and sub-agents, in the order in which they leave it."""
        return self.store.children(session)

    def siblings(self, session: str) -> list[tuple[Session, int]]:
        """The sessions that begin with the same events (its forks, what it was forked from, forks
        of that), and how many events they share; those that share most first."""
        return self.store.siblings(session)

    def events(self, session: str, start: int = 0, stop: int | None = None) -> list[Event]:
        """The events start…stop-1 of a session, clipped to it."""
        return self.store.events(session, start, stop)

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        format = self.store.source(event.source).format
        return registry.get(format).content(self.store.raw(event), event.part)

    def raw(self, event: Event) -> bytes:
        """The record that an event was derived from, byte for byte."""
        return self.store.raw(event)

    def place(self, event: Event) -> tuple[str | None, Place]:
        """The file of an event's record (None: made here), and line, offset and size in it."""
        return self.store.source(event.source).path, self.store.place(event)

    def totals(self, session: str, at: int | None = None) -> Totals:
        """Messages, tokens, errors and open calls in front of an index (None: of all)."""
        return self.store.totals(session, at)

    def track(self, session: str) -> Track:
        """The packed columns that a timeline is painted from."""
        return self.store.track(session)
