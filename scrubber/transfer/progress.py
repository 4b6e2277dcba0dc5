"""How long work tells how far it is, and hears that it shall stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.ages import bytes_text, count
from scrubber.core.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERVAL_S = 0.1


@dataclass(slots=True)
class Progress:
    """Counts of one import or export. ``report`` is called with it some ten times a second.

    ``cancelled`` is asked between batches; once it says yes, the work stops with a CancelledError,
    and what was committed stays.
    """

    report: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None
    what: str = ""
    files: int = 0
    files_total: int = 0
    bytes: int = 0
    bytes_total: int = 0
    unit: str = ""
    """What is counted where it is not bytes, in the singular: ``event``."""
    sessions: int = 0
    begun: str | None = None
    """A session that is in the store already, while the rest of its file is being read."""
    started: float = field(default_factory=time.monotonic)
    _told: float = 0.0

    @property
    def rate(self) -> float:
        """Bytes a second since the start."""
        return self.bytes / max(time.monotonic() - self.started, 1e-6)

    def words(self, number: float) -> str:
        """An amount of what is counted, in words."""
        return count(round(number), self.unit) if self.unit else bytes_text(number)

    def advance(self, size: int = 0) -> None:
        """Count bytes (or units); report and hear about cancellation now and then."""
        self.bytes += size
        now = time.monotonic()
        if now - self._told >= _INTERVAL_S:
            self._told = now
            self.tell()

    def take(self, other: Progress) -> None:
        """Count what another one has counted, elsewhere, and report it."""
        self.what, self.unit = other.what, other.unit
        self.files, self.files_total = other.files, other.files_total
        self.bytes, self.bytes_total = other.bytes, other.bytes_total
        self.sessions, self.begun = other.sessions, other.begun
        self.tell()

    def tell(self) -> None:
        """Report at once."""
        if self.cancelled is not None and self.cancelled():
            raise CancelledError("cancelled; what was done so far is kept")
        if self.report is not None:
            self.report(self)
