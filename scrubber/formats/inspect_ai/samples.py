"""A sample of a log, in whichever of its layouts it was written: one value, or chunks of lists."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import FormatError
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from scrubber.core.content import JSON

Fields = dict[str, Any]

_MOST_MESSAGES = 1_000_000
"""More than a model is ever given at once."""

_LISTS = ("messages", "events", "attachments", "events_data", "message_pool", "call_pool")


@dataclass
class Sample:
    """One sample in one epoch; nothing but ``fields`` has to be in memory as a whole."""

    fields: Fields
    """What it holds beside its lists."""
    events: Iterable[JSON]
    messages: Callable[[], Iterable[JSON]]
    """The conversation as it stood at the end."""
    pool: Sequence[JSON] = ()
    """Messages that the inputs of model events refer to."""
    calls: Sequence[JSON] = ()
    """The same for requests as they went over the wire."""
    attachments: dict[str, str] | AttachmentList = field(default_factory=dict)
    size: int = 0
    """Bytes of its JSON."""


class AttachmentList:
    """Attachments that are named by their position in a list."""

    def __init__(self, texts: Sequence[JSON]) -> None:
        self._texts = texts

    def get(self, name: str) -> str | None:
        """The text with this name."""
        if not name.isdecimal() or len(name) > 9 or int(name) >= len(self._texts):
            return None
        text = self._texts[int(name)]
        return text if isinstance(text, str) else None

    def items(self) -> Iterator[tuple[str, JSON]]:
        """All of them with their names."""
        return ((str(number), text) for number, text in enumerate(self._texts))


def parse(data: bytes, where: str) -> JSON:
    """A value of a log; a FormatError says where it is none.

    Python's own writer has NaN and infinities, which are no JSON: they become strings.
    """
    try:
        return loads(data)
    except orjson.JSONDecodeError as error:
        fault = error
    try:
        value = json.loads(data, parse_constant=str)
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except (ValueError, RecursionError, orjson.JSONEncodeError):
        raise FormatError(f"{where}: {fault}") from fault
    return value


def whole_sample(value: Fields, size: int) -> Sample:
    """A sample that is one value."""
    fields = {key: item for key, item in value.items() if key not in _LISTS}
    lists = {key: value.get(key) for key in _LISTS}
    old = fields.pop("transcript", None)
    if isinstance(old, dict) and lists["events"] is None:
        lists["events"], lists["attachments"] = old.get("events"), old.get("content")
    pools = lists["events_data"] if isinstance(lists["events_data"], dict) else {}
    attachments = lists["attachments"]
    messages = _list(lists["messages"])
    return Sample(
        fields,
        _list(lists["events"]),
        lambda: messages,
        _list(pools.get("messages") or lists["message_pool"]),
        _list(pools.get("calls") or lists["call_pool"]),
        attachments if isinstance(attachments, dict) else {},
        size,
    )


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def expand(refs: JSON, pool: Sequence[JSON]) -> Iterator[tuple[int, JSON]]:
    """(position, item) of the items of a pool that ranges ``[start, end)`` refer to."""
    positions = islice(_positions(refs, len(pool)), _MOST_MESSAGES)
    for position in positions:
        try:
            item = pool[position]
        except IndexError:
            continue  # its chunk could not be read
        yield position, item


def _positions(refs: JSON, length: int) -> Iterator[int]:
    for pair in refs if isinstance(refs, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair):
            yield from range(max(pair[0], 0), min(pair[1], length))
