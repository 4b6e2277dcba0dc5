"""The model that a record names, as most formats do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Kind

if TYPE_CHECKING:
    from scrubber.core.events import Event

_MOST_BYTES = 256 * 1024
"""Records up to this size are looked through."""


def model_of(event: Event, raw: bytes) -> str | None:
    """The model that an event's record names; None where it names none."""
    if event.kind is Kind.MODEL_CALL and event.name:
        return event.name
    if len(raw) > _MOST_BYTES or b'"model"' not in raw:
        return None
    try:
        record = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(record, dict):
        return None
    for holder in (record.get("message"), record, record.get("payload")):
        if isinstance(holder, dict) and isinstance(holder.get("model"), str):
            return str(holder["model"]) or None
    return None
