"""A conversation as it was at one moment, to be read at leisure (lash's read view)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.messages import Message, messages
from scrubber.formats import registry
from scrubber.sessions.frames import Frame, frames_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.slices import SliceList
    from scrubber.store import Store

_STEP = 500


class ReadView:
    """Some slices of a session. Logs are only ever appended to, so it never changes.

    It is a transcript (``scrubber.core.transcript``), and may be given to whatever takes one.
    """

    def __init__(self, store: Store, session: str, slices: SliceList, revision: int) -> None:
        self._store = store
        self.session = store.session(session)
        self.slices = slices
        self.revision = revision
        """The session's revision at that moment."""
        self.index = len(slices)

    def __len__(self) -> int:
        return len(self.slices)

    def first(self, count: int) -> SliceList:
        """The slices of the first events."""
        return self.slices.between(0, count)

    def events(self) -> Iterator[Event]:
        """Its events in order, some hundred of them in memory."""
        for start in range(0, len(self.slices), _STEP):
            yield from self._store.read(self.slices, start, start + _STEP)

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        return registry.get(self.format_of(event)).content(self.raw(event), event.part)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record."""
        return self._store.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return self._store.source(event.source).format

    def frames(self) -> list[Frame]:
        """Its agent frames, the initial one first."""
        return frames_on(self._store, self.session.id, self.slices)

    def messages(self) -> list[Message]:
        """What a model is told: the messages of the current frame (lash's read model), and system
        prompts. What a summary stands for is left out."""
        return list(messages(self, honour_compaction=True))
