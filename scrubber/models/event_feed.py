"""The events of the open session as the panes read them: what is at hand at once, the rest soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Event


class EventFeed(QObject):
    """Read access to a session's events and contents that never blocks.

    ``event_at(i)`` and ``content_at(i)`` answer from memory or give None, and then have the
    surroundings of i read in the background; ``loaded`` tells when they are there. This class
    holds nothing; see the session feed for the one on a store.

    Signals:
        reset(): another session, or the same one changed anywhere: forget what was read.
        grown(int): events were added at the end; the new length.
        loaded(int, int): the events first…last-1 and their contents can be had now.
    """

    reset = Signal()
    grown = Signal(int)
    loaded = Signal(int, int)

    def __len__(self) -> int:
        return 0

    def event_at(self, index: int) -> Event | None:
        """The event at 0 ≤ index < len, None if it is still to be read."""
        raise NotImplementedError

    def content_at(self, index: int) -> Content | None:
        """Its whole content, None if it is still to be read."""
        raise NotImplementedError
