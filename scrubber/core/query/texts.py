"""What is read in an event: the text that a search looks through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from scrubber.core.content import Data, Document, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON, Content


class Told(Protocol):
    """What is told of an event without its content: an Event, or a part of its row."""

    @property
    def name(self) -> str | None:
        """What the event's kind is of."""
        ...

    @property
    def text(self) -> str:
        """Its line."""
        ...


def texts_of(event: Told, content: Content) -> Iterator[str]:
    """All that is read in an event: its name, its text, a call's arguments, data."""
    yield event.name or ""
    for block in content.blocks:
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Document):
            yield block.title
        elif isinstance(block, Data):
            yield from strings(block.value)
    yield from strings(content.arguments)
    if not content.blocks:
        yield event.text


def whole_text(event: Told, content: Content) -> str:
    """The same as one text; a phrase may span two of its parts."""
    return "\n".join(filter(None, texts_of(event, content)))


def strings(value: JSON) -> Iterator[str]:
    """All texts in a JSON value, keys included, without recursion, in their order."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += [part for pair in reversed(item.items()) for part in reversed(pair)]
        elif isinstance(item, list):
            waiting += reversed(item)
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            yield str(item)
