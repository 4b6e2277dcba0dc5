"""Where the turns of the live history begin, so that rolling back finds what it drops.

The rules are Codex's own. A turn begins with a prompt, or with what another agent said. Rolling
back *k* turns drops everything from the *k*-th newest turn on, with the updates of context that
stand directly in front of it, but never what stood in front of the first turn. A compaction within
what is dropped has never been.
"""

from __future__ import annotations


class LiveTurns:
    """The beginnings of the turns that no rollback has dropped yet."""

    def __init__(self) -> None:
        self._since: list[list[int]] = [[]]
        """Beginnings of turns, a list for each compaction that still holds, the first for none."""
        self._started: int | None = None
        self._context: int | None = None
        self._other = -1

    def turn_started(self, seq: int) -> None:
        """A turn's own first line, in front of all that belongs to it."""
        self._started = seq

    def context(self, seq: int) -> None:
        """An update of context became part of the history."""
        self._context = seq if self._context is None else self._context

    def prompt(self, seq: int) -> None:
        """A turn begins with an item of the history."""
        start = seq
        if any(self._since) or len(self._since) > 1:
            start = seq if self._context is None else self._context
            if self._started is not None and self._other < self._started < start:
                start = self._started
        self._since[-1].append(start)
        self.other(seq)

    def other(self, seq: int) -> None:
        """Any other item became part of the history."""
        self._other, self._context = seq, None

    def compacted(self, seq: int) -> None:
        """The history was replaced."""
        self._since.append([])
        self.other(seq)

    def roll_back(self, turns: int) -> int | None:
        """The first event that is dropped; None if there is nothing to drop."""
        self._context = None
        while turns > len(self._since[-1]) and len(self._since) > 1:
            turns -= len(self._since.pop())
        here = self._since[-1]
        if turns <= 0 or not here:
            return None
        start = here[-min(turns, len(here))]
        del here[-min(turns, len(here)) :]
        return start
