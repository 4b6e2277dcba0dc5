"""Long texts that a log keeps once, ``attachment://<name>`` standing in their places.

Logs of 2024 say ``tc://<name>``.
"""

from __future__ import annotations

from operator import is_not
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.inspect_ai.samples import Sample

_PROTOCOLS = ("attachment://", "tc://")
_FREE_BYTES = 64 * 1024 * 1024
_MAX_RATIO = 8
"""A text stands in a message, a request, a tool's event and a state: in a few places, not in
thousands."""


class Attachments:
    """Puts the texts of one sample in their places, in bounded space."""

    def __init__(self, sample: Sample, problems: list[str]) -> None:
        self._texts = sample.attachments
        self._problems = problems
        self._left = _FREE_BYTES + _MAX_RATIO * sample.size
        self._used: set[str] = set()
        self._is_full = False

    def resolve(self, value: JSON) -> JSON:
        """The value with its texts in it; itself if it has none."""
        if not self._texts:
            return value
        if isinstance(value, str):
            return self._text(value) if value.startswith(_PROTOCOLS) else value
        if isinstance(value, list):
            told = [self.resolve(item) for item in value]
            return told if any(map(is_not, told, value)) else value
        if isinstance(value, dict):
            found = {key: self.resolve(item) for key, item in value.items()}
            return found if any(map(is_not, found.values(), value.values())) else value
        return value

    def _text(self, reference: str) -> str:
        name = reference.partition("://")[2]
        text = self._texts.get(name)
        if not isinstance(text, str):
            return reference
        if len(text) > self._left:
            if not self._is_full:
                self._problems.append("the same long texts stand in too many places: told once")
            self._is_full = True
            return reference
        self._left -= len(text)
        self._used.add(name)
        return text

    def rest(self) -> Iterator[tuple[str, JSON]]:
        """(name, text) of those that stand nowhere, or not everywhere they should."""
        for name, text in self._texts.items():
            if self._is_full or name not in self._used:
                yield name, text
