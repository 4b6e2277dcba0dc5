"""A session as it was at one moment, as a transcript: other writers do not show through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Content
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.notes import Note
    from scrubber.core.session import Session
    from scrubber.core.slices import SliceList
    from scrubber.store import Store

_STEP = 500


class SlicedTranscript(StoredTranscript):
    """The events of some slices. Logs are only ever appended to, so it never changes."""

    def __init__(self, store: Store, session: Session, slices: SliceList) -> None:
        super().__init__(store, session, len(slices))
        self.slices = slices

    def events(self, start: int = 0) -> Iterator[Event]:
        """The events from an index on, in order, some hundred of them in memory."""
        for at in range(start, self.index, _STEP):
            yield from self._store.read(self.slices, at, min(at + _STEP, self.index))

    def of(self, slices: SliceList) -> SlicedTranscript:
        """The same session with other slices."""
        return SlicedTranscript(self._store, self.session, slices)

    def notes(self) -> list[Note]:
        """What is written on the events."""
        return self._store.notebook.on(self.slices)


class Bare:
    """The events of a transcript from an index on, without their content, which nobody wants."""

    def __init__(self, inner: SlicedTranscript, start: int = 0) -> None:
        self._inner = inner
        self._start = start
        self.session, self.index = inner.session, inner.index

    def events(self) -> Iterator[Event]:
        """The events from the index on."""
        return self._inner.events(self._start)

    def content(self, event: Event) -> Content:
        """Nothing."""
        return Content()

    def raw(self, event: Event) -> bytes:
        """The bytes of its record."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return self._inner.format_of(event)
