"""Which records the conversation is made of, and what of them the log tells.

Each record names the one it follows. One that follows an earlier record than the last leaves behind
all that was said in between: the client goes from the last record up, and never sees it again.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from scrubber.formats.gemini_cli.thread import Entry, Told, start_of_tail

if TYPE_CHECKING:
    from collections.abc import Sequence


class Chain:
    """The spoken pieces of the conversation, with their places in the log."""

    def __init__(self) -> None:
        self._ends: dict[str, int] = {}
        """Where the log stood behind each record."""
        self._spoken: list[Entry] = []
        self._begins: list[int] = [0]
        """Where in them the history begins anew: at the summary of each compression."""

    def left_by(self, record: dict[str, Any]) -> tuple[int | None, bool]:
        """(position of the first event that a record leaves behind, whether its parent is gone)."""
        parent, name = record.get("parentUuid"), record.get("uuid")
        if not isinstance(name, str) or name in self._ends:
            return None, False  # a further piece of a record that was there before
        if isinstance(parent, str) and parent not in self._ends:
            return None, True
        end = self._ends[parent] if isinstance(parent, str) else 0
        at = bisect_left(self._spoken, end, key=lambda entry: entry.seq)
        return self._cut(at), False

    def _cut(self, at: int) -> int | None:
        left = self._spoken[at].seq if at < len(self._spoken) else None
        del self._spoken[at:]
        self._begins = [begin for begin in self._begins if begin <= at]
        return left

    def replace(self, pieces: Sequence[Told]) -> int | None:
        """Begin anew with a compressed history, the first of which is its summary.

        Gives the position of what it keeps and tells again behind the summary, if it does. What
        was before is not forgotten: a record may still follow one in front of the compression.
        """
        tail = start_of_tail(self._spoken[self._begins[-1] :], pieces[1:])
        self._begins.append(len(self._spoken))
        return tail

    def add(self, one: Told, seq: int) -> None:
        """Take up a piece that the model sees."""
        if one.is_followed:
            self._spoken.append(Entry(one.key, seq, True, None))

    def end(self, record: dict[str, Any], length: int) -> None:
        """Note where the log stands behind a record."""
        if isinstance(name := record.get("uuid"), str):
            self._ends[name] = length
