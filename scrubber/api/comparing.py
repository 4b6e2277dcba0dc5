"""Comparing sessions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.core.compare.shared import common_start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.session import Session
    from scrubber.core.slices import SliceList
    from scrubber.core.track import Track
    from scrubber.transfer.comparing import Cell, Comparison
    from scrubber.transfer.progress import Progress


BESIDE = 8
"""Branches that are shown beside a session."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A branch beside a session."""

    session: Session
    shared: int
    """How many events both begin with: where one left the other, or both a third."""
    own: SliceList
    """Its events behind that."""


class Comparing(Part):
    """What branches have in common, and where they part."""

    def compare(self, sessions: Iterable[str], progress: Progress | None = None) -> Comparison:
        """Two to eight sessions side by side, their events aligned by what they say and do.

        ``comparison.alignment`` has the rows, ``alignment.first`` the first divergence,
        ``comparison.columns`` the sessions with their figures. What they share because one is a
        fork of the other is not read. ``progress`` counts events, and can cancel.
        """
        from scrubber.live.prices import recorded_cost
        from scrubber.transfer.comparing import compare

        return compare(self.store, list(sessions), progress, recorded_cost)

    def compared(self, comparison: Comparison, row: int) -> tuple[Cell | None, ...]:
        """The events of one row with their contents, None for a session that has none there.

        ``scrubber.core.compare.texts.marked`` tells which words of two contents differ.
        """
        from scrubber.transfer.comparing import cells

        return cells(self.store, comparison, row)

    def beside(self, session: str, most: int = BESIDE) -> tuple[list[Beside], list[Session]]:
        """The branches beside a session: its forks; of a fork also its parent and the other forks.

        Of more than ``most``, those that changed last, in the order in which they part; the
        others come behind, as sessions. No event is read: ``columns`` gives what a strip shows.
        """
        found = self.store.session(session)
        family = self.store.children(found.id, "fork")
        if found.relation == "fork" and found.parent is not None:
            family += [self.store.session(found.parent), *self.store.children(found.parent, "fork")]
        family = [one for one in family if one.id != found.id and one.trashed is None]
        family.sort(key=lambda one: -one.updated)
        mine = self.store.slices(found.id)
        near = [self._beside(found, mine, one) for one in family[:most]]
        near.sort(key=lambda one: (one.shared, one.session.created))
        return near, family[most:]

    def _beside(self, session: Session, mine: SliceList, other: Session) -> Beside:
        """What a branch has behind the fork, be it the same again: a replay says the same."""
        theirs = self.store.slices(other.id)
        shared = min([common_start(mine, theirs), *_cuts(session, other)])
        return Beside(other, shared, theirs.between(shared, len(theirs)))

    def columns(self, slices: SliceList) -> Track:
        """What a timeline paints of some slices."""
        return self.store.columns(slices)


def _cuts(session: Session, other: Session) -> list[int]:
    """Where two of a family part: where the one comes out of the other, or both out of a third."""
    between = [one for one, of in ((session, other), (other, session)) if one.parent == of.id]
    forks = (one.forked_at for one in between or (session, other) if one.relation == "fork")
    return [at for at in forks if at is not None]
