"""Text of a transcript in an editor: what the user did not touch comes back character by character.

A text document knows one kind of line end and one kind of space; a transcript has several. So only
the stretch that was edited is taken from the editor, the rest from the original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit


class EditedText:
    """An original text, and the editor that shows it."""

    def __init__(self, original: str, editor: QPlainTextEdit) -> None:
        self.original = original
        self._editor = editor
        # A lone surrogate cannot be shown.
        editor.setPlainText(original.encode("utf-8", "replace").decode("utf-8"))
        self._shown = editor.toPlainText()

    @property
    def is_changed(self) -> bool:
        """Whether the user has changed it."""
        return self._editor.toPlainText() != self._shown

    def text(self) -> str:
        """The text as it is now."""
        return merged(self.original, self._shown, self._editor.toPlainText())


def merged(original: str, shown: str, now: str) -> str:
    """The original with what was changed from ``shown`` to ``now``."""
    if now == shown:
        return original
    first = _common(shown, now)
    last = _common(shown[first:][::-1], now[first:][::-1])
    places = _places(original)
    if len(places) != len(shown) + 1:  # the editor has shown something else: then that counts
        return now
    start, stop = places[first], places[len(shown) - last]
    return original[:start] + now[first : len(now) - last] + original[stop:]


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _places(original: str) -> list[int]:
    """Where in the original each character that is shown begins, and the end: CR LF is one."""
    return [
        place
        for place, character in enumerate(original)
        if not (character == "\n" and place and original[place - 1] == "\r")
    ] + [len(original)]
