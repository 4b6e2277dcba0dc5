"""Where the events of a log stand in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.events import Event


class Stretches:
    """The stretches of logs that a session is made of, to find a log's events in the session."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, int]] = []
        self._last: tuple[int, int] | None = None

    def see(self, event: Event) -> None:
        """Take note of the next event of the session."""
        here = (event.log, event.index - event.seq)
        if here != self._last:
            self._found.append((event.log, event.seq, event.index))
            self._last = here

    def find(self, log: int, seq: int) -> int | None:
        """Index of the log's event ``seq``, or of what stands in its place."""
        best: int | None = None
        for number, (found, first, index) in enumerate(self._found):
            if found != log:
                continue
            if first > seq:
                before = index + seq if seq < 0 and not first else index
                return max(before, 0) if best is None else best
            after = self._found[number + 1][2] if number + 1 < len(self._found) else None
            at = index + seq - first
            best = at if after is None or at < after else after
        return best
