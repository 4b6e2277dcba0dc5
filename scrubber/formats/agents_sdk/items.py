"""What a row of the Agents SDK holds: an item of the Responses API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind, Role, Usage
from scrubber.formats.parsing import loads
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece
from scrubber.formats.responses_items import item_content, item_pieces

if TYPE_CHECKING:
    from scrubber.core.content import JSON

Row = dict[str, Any]

_MOST = 2**40


class Told(NamedTuple):
    """An event of a row, and what it holds."""

    piece: Piece
    content: Content


def table_of(record: JSON) -> str:
    """The table that a line is of; empty if it is none."""
    is_line = isinstance(record, dict) and isinstance(record.get("row"), dict)
    return str(record.get("table")) if is_line else ""


def item_of(record: JSON) -> tuple[JSON, Row] | None:
    """(the text of the item, its row) of a line, None if it brings none."""
    row = record["row"]
    holder = row.get("item") if "message_id" in row else row
    if not isinstance(holder, dict) or "message_data" not in holder:
        return None
    return holder["message_data"], holder


def told_of(record: JSON) -> list[Told]:
    """The events of a line, in order."""
    if "requests" in record["row"] or "total_tokens" in record["row"]:
        piece = Piece(Kind.USAGE, Role.NONE, HIDDEN, record["row"])
        return [Told(piece, Content((), detail=record["row"]))]
    found = item_of(record)
    if found is None:
        return []
    item = parsed(found[0])
    pieces = item_pieces(item) if isinstance(item, dict) else []
    if pieces:
        return [Told(piece, item_content(piece)) for piece in pieces]
    content = Content((Text(found[0]),) if isinstance(found[0], str) else (Data(found[0]),))
    return [Told(Piece(Kind.UNKNOWN, Role.NONE, SHOWN, item), content)]


def parsed(text: JSON) -> JSON:
    """The item that a text stands for, None if it is no JSON."""
    try:
        return loads(text.encode()) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None


def usage_of(row: Row) -> Usage | None:
    """What a turn adds to the bill; its input holds what was cached."""
    input, output = _count(row.get("input_tokens")), _count(row.get("output_tokens"))
    cached = min(_count(_detail(row, "input_tokens_details").get("cached_tokens")), input)
    reasoning = _count(_detail(row, "output_tokens_details").get("reasoning_tokens"))
    if not (input or output):
        return None
    return Usage(input - cached, cached, 0, output, min(reasoning, output))


def _detail(row: Row, key: str) -> Row:
    value = parsed(row.get(key))
    return value if isinstance(value, dict) else {}


def _count(value: JSON) -> int:
    return min(value, _MOST) if type(value) is int and value > 0 else 0
