"""A conversation for a model that takes no pictures: a note stands in the place of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.content import Block, Content, Image, Text
from scrubber.core.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.transcript import Transcript
    from scrubber.live.provider import Request


def count_pictures(messages: tuple[Message, ...]) -> int:
    """How many pictures a conversation holds."""
    return sum(len(content.images) for message in messages for _, content in message.items)


def without_pictures(request: Request) -> Request:
    """The same conversation in words only."""
    messages = tuple(
        Message(message.role, tuple((event, _told(content)) for event, content in message.items))
        for message in request.messages
    )
    seen = {
        (event.log, event.seq)
        for message in request.messages
        for event, content in message.items
        if content.images
    }
    return replace(request, messages=messages, transcript=_InWords(request.transcript, seen))


def _told(content: Content) -> Content:
    if not content.images:
        return content
    return replace(content, blocks=tuple(map(_note, content.blocks)))


def _note(block: Block) -> Block:
    if not isinstance(block, Image):
        return block
    return Text(f"[A picture ({block.media_type or 'of some kind'}) is left out here]")


class _InWords:
    """A transcript in which events with pictures are not what their records say."""

    def __init__(self, inner: Transcript, changed: set[tuple[int, int]]) -> None:
        self._inner = inner
        self._changed = changed
        self.session = inner.session
        self.index = inner.index

    def events(self) -> Iterator[Event]:
        """The events in order."""
        return self._inner.events()

    def content(self, event: Event) -> Content:
        """The content of an event, in words."""
        return _told(self._inner.content(event))

    def raw(self, event: Event) -> bytes:
        """The bytes of its record."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record; what was changed must not be quoted from it."""
        if (event.log, event.seq) in self._changed:
            return "scrubber"
        return self._inner.format_of(event)
