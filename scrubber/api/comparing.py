"""Comparing sessions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.transfer.comparing import Cell, Comparison
    from scrubber.transfer.progress import Progress


class Comparing(Part):
    """What branches have in common, and where they part."""

    def compare(self, sessions: Iterable[str], progress: Progress | None = None) -> Comparison:
        """Two to eight sessions side by side, their events aligned by what they say and do.

        ``comparison.alignment`` has the rows, ``alignment.first`` the first divergence,
        ``comparison.columns`` the sessions with their figures. What they share because one is a
        fork of the other is not read. ``progress`` counts events, and can cancel.
        """
        from scrubber.transfer.comparing import compare

        return compare(self.store, list(sessions), progress)

    def compared(self, comparison: Comparison, row: int) -> tuple[Cell | None, ...]:
        """The events of one row with their contents, None for a session that has none there.

        ``scrubber.core.compare.texts.marked`` tells which words of two contents differ.
        """
        from scrubber.transfer.comparing import cells

        return cells(self.store, comparison, row)
