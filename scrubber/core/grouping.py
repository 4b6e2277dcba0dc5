"""Which events make up one message: its content blocks, also with results of calls between them."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_AHEAD = 64
"""Spoken events read ahead of a message, to find parts of it behind results of parallel calls."""


def grouped(events: Iterator[Event]) -> Iterator[list[Event]]:
    """Spoken events, those of one message together."""
    return _groups(gathered(events))


def gathered(events: Iterator[Event]) -> Iterator[Event]:
    """The events, with those of one message moved up to the first of them."""
    window = deque(islice(events, LOOK_AHEAD))
    while window:
        event = window.popleft()
        window.extend(islice(events, 1))
        yield event
        if not _is_part(event) or all(other.group_id != event.group_id for other in window):
            continue
        others = [e for e in window if e.group_id == event.group_id and _is_part(e)]
        yield from others
        window = deque(e for e in window if e.group_id != event.group_id or not _is_part(e))
        window.extend(islice(events, LOOK_AHEAD - len(window)))


def _groups(events: Iterator[Event]) -> Iterator[list[Event]]:
    group: list[Event] = []
    for event in events:
        if group and not (_is_part(event) and event.group_id == group[0].group_id):
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def _is_part(event: Event) -> bool:
    return event.group_id is not None and event.kind is not Kind.TOOL_RESULT
