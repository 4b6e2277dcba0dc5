"""Where the turns of the live history begin, so that rolling back finds what it drops.

The rules are Codex's own, tried with versions 0.116 and 0.144 (0.169 rolls back no more, but begins
a new file). A turn begins with a prompt, or with what another agent said. Rolling back *k* turns
drops everything from the *k*-th newest prompt on, with the updates of context that stand directly
in front of it, but never what stood in front of the first one. The messages that a compaction kept
count as prompts, too; but who rolls back past the only compaction loses all that it stood for.
"""

from __future__ import annotations


class LiveTurns:
    """The beginnings of the turns that no rollback has dropped yet."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._started: int | None = None
        self._context: int | None = None
        self._other = -1
        self._begin: int | None = None
        self._compactions = 0
        self._after = 0
        """Turns since the last compaction."""
        self._kept = -1
        """The first item that the last compaction put in the place of all others."""
        self._is_within = False
        """Whether the last compaction belongs to the turn that is going on."""

    def turn_started(self, seq: int) -> None:
        """A turn's own first line, in front of all that belongs to it."""
        self._started = seq
        self._is_within = self._is_within and self._after > 0

    def context(self, seq: int) -> None:
        """An update of context became part of the history."""
        self._see(seq)
        self._context = seq if self._context is None else self._context

    def prompt(self, seq: int, is_kept: bool = False) -> None:
        """A turn begins with an item of the history; or did once, and a compaction kept it."""
        self._see(seq)
        start = seq
        if self._starts:
            start = seq if self._context is None else self._context
            if self._started is not None and self._other < self._started < start:
                start = self._started
        self._starts.append(start)
        self._after += not is_kept
        self.other(seq)

    def other(self, seq: int) -> None:
        """Any other item became part of the history."""
        self._see(seq)
        self._other, self._context = seq, None

    def compacted(self, seq: int) -> None:
        """The history is replaced by the items that follow."""
        self._starts, self._after, self._is_within = [], 0, True
        self._compactions += 1
        self.other(seq)
        self._kept = seq + 1

    def roll_back(self, turns: int) -> int | None:
        """The first event that is dropped; None if there is nothing to drop."""
        self._context = None
        if turns <= 0:
            return None
        past = turns > self._after or (turns == self._after and self._is_within)
        self._after = max(self._after - turns, 0)
        if past and self._compactions == 1:
            self._starts = []
            return self._begin
        if not self._starts:
            return None
        cut = max(len(self._starts) - turns, 0)
        start = self._starts[cut]
        del self._starts[cut:]
        return self._begin if start == self._kept else start

    def _see(self, seq: int) -> None:
        self._begin = seq if self._begin is None else self._begin
