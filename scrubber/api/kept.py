"""What the parts of the API share that look at one session again and again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.transfer.kept import KeptEvents

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.transfer.kept import KeptTranscript


class Kept(Part):
    """The session that was looked at last is at hand."""

    @cached_property
    def _kept(self) -> KeptEvents:
        return KeptEvents(self.store)

    def _look(self, session: str, at: int | None) -> tuple[Session, KeptTranscript]:
        """A session, and what stands in front of an index of it (None: all), clipped."""
        found = self.store.session(session)
        index = found.events if at is None else min(at, found.events)
        return found, self._kept.transcript(found, index)
