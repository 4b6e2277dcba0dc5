"""What an event holds in full: text, calls, results, images; the same shapes for every format.

Readers make them for each event of an import. That is why they are not frozen: Python takes four
times as long to make what is. Their fields are final all the same, as the type checker sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

JSON = Any
"""A value as orjson reads it: dict, list, str, int, float, bool or None."""


@dataclass(slots=True, unsafe_hash=True)
class Text:
    """Words, Markdown as a rule."""

    text: Final[str]


@dataclass(slots=True, unsafe_hash=True)
class Image:
    """A picture: its base64 data, or only a reference that is never fetched."""

    media_type: Final[str]
    data: Final[str] = ""
    reference: Final[str] = ""


@dataclass(slots=True, unsafe_hash=True)
class Document:
    """A file handed over as a whole (PDF, text, …), by data or by reference."""

    title: Final[str]
    media_type: Final[str] = ""
    data: Final[str] = ""
    reference: Final[str] = ""


@dataclass(slots=True, unsafe_hash=True)
class Data:
    """Structured content that has no better shape."""

    value: Final[JSON]


Block = Text | Image | Document | Data


@dataclass(slots=True, unsafe_hash=True)
class Content:
    """The whole content of one event.

    ``blocks`` is what is said or returned. A tool call has its ``arguments``: an object, or the
    raw text where the source holds text that is no JSON. ``signature`` is the provider's seal of a
    reasoning block and is never altered. ``detail`` holds what the source records beside the
    content (a tool's structured result, say), for people and never for the model.
    """

    blocks: Final[tuple[Block, ...]] = ()
    arguments: Final[JSON] = None
    signature: Final[str | None] = None
    detail: Final[JSON] = None

    @property
    def text(self) -> str:
        """All text blocks, a line apart."""
        if len(self.blocks) == 1 and isinstance(only := self.blocks[0], Text):
            return only.text
        return "\n".join(block.text for block in self.blocks if isinstance(block, Text))

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures in it."""
        return tuple([block for block in self.blocks if isinstance(block, Image)])


def text_content(text: str) -> Content:
    """Content of nothing but text."""
    return Content((Text(text),))
