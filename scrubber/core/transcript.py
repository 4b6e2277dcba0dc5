"""A session up to an index, as something that can be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.session import Session


class Transcript(Protocol):
    """What a writer is given: the events of a session in front of a cut, and what they hold."""

    session: Session
    index: int
    """The exclusive cut: events 0…index-1 are written."""

    def events(self) -> Iterator[Event]:
        """The events in order, read in steps: any number of them in bounded memory."""
        ...

    def content(self, event: Event) -> Content:
        """The whole content of one of them."""
        ...

    def raw(self, event: Event) -> bytes:
        """The bytes of the record that it was read from."""
        ...

    def format_of(self, event: Event) -> str:
        """Name of the format of that record (events made here: ``scrubber``)."""
        ...
