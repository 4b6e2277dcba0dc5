"""What an event holds in full: text, calls, results, images; the same shapes for every format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

JSON = Any
"""A value as orjson reads it: dict, list, str, int, float, bool or None."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, Markdown as a rule."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its base64 data, or only a reference that is never fetched."""

    media_type: str
    data: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file handed over as a whole (PDF, text, …), by data or by reference."""

    title: str
    media_type: str = ""
    data: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """Structured content that has no better shape."""

    value: JSON


Block = Text | Image | Document | Data


@dataclass(frozen=True, slots=True)
class Content:
    """The whole content of one event.

    ``blocks`` is what is said or returned. A tool call has its ``arguments``: an object, or the
    raw text where the source holds text that is no JSON. ``signature`` is the provider's seal of a
    reasoning block and is never altered. ``detail`` holds what the source records beside the
    content (a tool's structured result, say), for people and never for the model.
    """

    blocks: tuple[Block, ...] = ()
    arguments: JSON = None
    signature: str | None = None
    detail: JSON = field(default=None)

    @property
    def text(self) -> str:
        """All text blocks, a line apart."""
        return "\n".join(block.text for block in self.blocks if isinstance(block, Text))

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures in it."""
        return tuple(block for block in self.blocks if isinstance(block, Image))


def text_content(text: str) -> Content:
    """Content of nothing but text."""
    return Content((Text(text),))
