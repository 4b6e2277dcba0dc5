"""What is read in the events of a store, looked up again in their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.query.texts import whole_text
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.query.texts import Told
    from scrubber.formats.base import Format
    from scrubber.store import Store


class EventTexts:
    """All that is read in an event; of one that cannot be read, what its row says.

    For one piece of work in one thread: what is known of the sources is kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._formats: dict[int, Format] = {}

    def of(self, event: Event) -> str:
        """The text of an event."""
        try:
            return self._text(event, event.source, self._store.raw(event), event.part)
        except Exception:  # a record that no format understands must not stop the rest
            return _as_told(event)

    def stretch(self, log: int, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """(event id, text) of the events start…stop-1 of a log.

        Of many, this costs a fraction of asking for each: neighbours share what is looked up.
        """
        source, rows = self._store.told(log, start, stop)
        raws = self._store.raws(source)
        for row in rows:
            try:
                yield row.id, self._text(row, source, raws(row.record), row.part)
            except Exception:  # as above
                yield row.id, _as_told(row)

    def _text(self, told: Told, source: int, raw: bytes, part: int) -> str:
        format = self._formats.get(source)
        if format is None:
            format = self._formats[source] = registry.get(self._store.source(source).format)
        return whole_text(told, format.content(raw, part))


def _as_told(told: Told) -> str:
    return f"{told.name or ''}\n{told.text}"
