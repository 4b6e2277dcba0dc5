"""A compaction while it is written: whole, cut short, or with parts that were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.tally import speaks
from scrubber.formats.codex.pieces import item_pieces_of
from scrubber.formats.codex.records import Record, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.formats.codex.lines import Lines
    from scrubber.formats.responses_items import Item


class Compacting:
    """The items that take the place of what was before; those of one line, as far as kept."""

    def __init__(self, record: Record, raw: bytes) -> None:
        self._record = record
        self._raw = raw
        told: Any = inner(record, "payload").get("replacement_history")
        self._parts: list[Item] = []
        """For each part from 1 on the item that it is of."""
        for item in told if isinstance(told, list) else []:
            pieces = item_pieces_of(item) if isinstance(item, dict) else [None]
            self._parts += [item] * len(pieces)
        self._is_summary = not isinstance(told, list)
        self._items: list[Item] = []
        self._kept: list[int] = []
        self._is_changed = False

    def keep(self, events: list[Event]) -> None:
        """Take over the items of these events."""
        for event in events:
            if not speaks(event):
                continue
            self._kept.append(event.part)
            item = self._parts[event.part - 1] if event.part <= len(self._parts) else None
            if item is not None and not (self._items and self._items[-1] is item):
                self._items.append(item)

    def add(self, item: Item) -> None:
        """Take an item that was edited in between."""
        self._items.append(item)
        self._is_changed = True

    def lines(self, lines: Lines) -> Iterator[bytes]:
        """The line; none if nothing of what it replaces is left."""
        if not self._items and not (self._is_summary and self._kept):
            return
        whole = 1 if self._is_summary else len(self._parts)
        if not self._is_changed and self._kept == list(range(1, whole + 1)):
            yield lines.copied(self._raw, self._record)
            return
        payload = dict(inner(self._record, "payload"))
        payload.pop("replacement_history_metadata", None)
        payload["replacement_history"] = self._items
        yield lines.rewritten(self._record | {"payload": payload})
