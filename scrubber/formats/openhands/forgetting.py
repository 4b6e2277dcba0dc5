"""Where the stretch lies that condensations took out of what the model is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind
from scrubber.core.survey import KEEP
from scrubber.formats.openhands.shapes import Event, inner

if TYPE_CHECKING:
    from collections.abc import Iterator


class Forgotten:
    """Remembers where the events of a log stand, to say which of them a condensation drops.

    Condensations name events by their ids and add up: each leaves out what those before it did,
    too, summaries included. The stretch from the first to the last of them is told by two places:
    the summary's ``ref`` is the first event left out, that of the event in front of it the first
    one that is kept.
    """

    def __init__(self) -> None:
        self._places: dict[Any, tuple[int, int]] = {}
        self._start: int | None = None
        self._stop = 0

    def note(self, event: Event, start: int, drafts: list[Draft]) -> None:
        """Remember an event that gave some drafts from position ``start`` on."""
        if drafts and drafts[0].kind is Kind.COMPACTION and drafts[0].name == KEEP:
            self._forget(event)
            if self._start is not None and len(drafts) > 1:
                drafts[0].ref, drafts[1].ref = self._stop, self._start
        name = event.get("id")
        if isinstance(name, (int, str)):
            self._places[name] = (start, start + len(drafts))

    def _forget(self, event: Event) -> None:
        for name in _ids(event):
            if name in self._places:
                start, stop = self._places[name]
                self._start = start if self._start is None else min(self._start, start)
                self._stop = max(self._stop, stop)


def _ids(event: Event) -> Iterator[Any]:
    for place in (event, inner(event, "args")):
        ids = place.get("forgotten_event_ids")
        if isinstance(ids, list):
            yield from (name for name in ids if isinstance(name, (int, str)))
        first, last = place.get("forgotten_events_start_id"), place.get("forgotten_events_end_id")
        if isinstance(first, int) and isinstance(last, int) and 0 <= last - first < 1_000_000:
            yield from range(first, last + 1)
