"""Text of a transcript made safe to show: nothing in it acts, nothing in it hides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrubber.core.visible import visible

_ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]+[0-~])"
)


def output(text: str) -> str:
    """What a program printed: colour and cursor escapes left out, the rest made visible."""
    return visible(_ANSI.sub("", text))


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a text, and how much there is in all."""

    text: str
    size: int
    lines: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.text) == self.size


def cut(text: str, characters: int, lines: int) -> Cut:
    """The first so many characters or lines, ending at the end of a line where one is near."""
    total = text.count("\n") + 1
    end = min(len(text), characters)
    if total > lines:
        end = min(end, _nth_newline(text, lines))
    if end < len(text):
        newline = text.rfind("\n", end * 2 // 3, end + 1)
        end = newline if newline > 0 else end
    return Cut(text[:end], len(text), total)


def _nth_newline(text: str, count: int) -> int:
    position = -1
    for _ in range(count):
        position = text.index("\n", position + 1)
    return position
