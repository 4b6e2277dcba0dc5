"""The entries of a file while it is written: each hangs on the one in front of it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import orjson

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.formats.pi.records import Record

_NAMESPACE = UUID("0d0c6b86-6a3c-4c0b-9d52-6cbb3a3c53c7")


class Chain:
    """Gives entries their ids, parents and times, and knows where in the session they began."""

    def __init__(self, session: str, created: int) -> None:
        self.now = created
        """The time of what came last, for what has none of its own."""
        self._space = uuid5(_NAMESPACE, session)
        self._last: str | None = None
        self._known: set[str] = set()
        self._places: list[int] = []
        self._ids: list[str] = []

    def copied(self, record: Record, event: Event, raw: bytes) -> bytes:
        """The line of an entry that pi recorded: its own bytes, if there are any and all holds."""
        entry = record | {"id": self.own_id(record, event), "parentId": self._last}
        self._note(entry["id"], event.index)
        self.time(event)
        if raw and entry == record:
            return raw.removeprefix(b"\xef\xbb\xbf").strip() + b"\n"
        return to_line(entry)

    def made(self, entry: Record, event: Event | None, why: str, own: str | None = None) -> bytes:
        """The line of an entry that is made here, about an event or about the whole session."""
        if own is None or own in self._known:
            own = self.new_id(event, why)
        when = stamp(self.time(event))
        head = {"type": entry["type"], "id": own, "parentId": self._last, "timestamp": when}
        self._note(own, event.index if event is not None else 0)
        return to_line(head | entry)

    def own_id(self, record: Record, event: Event) -> str:
        """The id of an entry that pi recorded; before version 2 it has none."""
        own = record.get("id")
        return own if isinstance(own, str) and own else self.new_id(event, "")

    def new_id(self, event: Event | None, why: str) -> str:
        """An id that no entry has; the same for the same event."""
        place = f"{event.source} {event.record} {event.part}" if event is not None else ""
        whole = uuid5(self._space, f"{why} {place}").hex
        return next((whole[:n] for n in (8, 16, 32) if whole[:n] not in self._known), whole + why)

    def knows(self, entry: object) -> bool:
        """Whether an entry was written."""
        return entry in self._known

    def behind(self, index: int) -> str | None:
        """The first entry that begins at an event or behind it."""
        at = bisect_left(self._places, index)
        return self._ids[at] if at < len(self._ids) else None

    def time(self, event: Event | None) -> int:
        """When an event happened."""
        self.now = self.now if event is None or event.ts is None else event.ts
        return self.now

    def _note(self, entry: str, index: int) -> None:
        self._last = entry
        self._known.add(entry)
        if not self._places or index >= self._places[-1]:
            self._places.append(index)
            self._ids.append(entry)


def stamp(ts: int) -> str:
    """A time as pi writes it."""
    when = datetime.fromtimestamp(ts / 1000, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_line(entry: Record) -> bytes:
    """A line of compact JSON."""
    return orjson.dumps(entry, option=orjson.OPT_NON_STR_KEYS) + b"\n"
