"""The whole content of a Codex event, looked up again in its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.kinds import (
    COMPACTION,
    CONTEXT,
    MESSAGE,
    MIRROR,
    NOBODY,
    REASONING,
    SYSTEM,
    TOOL_CALL,
    TOOL_RESULT,
    USER,
)
from scrubber.formats.codex.pieces import pieces_of
from scrubber.formats.codex.records import Record, inner
from scrubber.formats.codex.sentences import sentence
from scrubber.formats.openai_messages import parse_arguments
from scrubber.formats.responses_items import item_content, part_blocks

if TYPE_CHECKING:
    from scrubber.formats.pieces import Piece

_SAID = frozenset({MESSAGE, REASONING, TOOL_CALL, TOOL_RESULT, CONTEXT})


def content_of(record: Record, part: int) -> Content:
    """The content of the line's event with this number."""
    pieces = pieces_of(record)
    return piece_content(pieces[part]) if 0 <= part < len(pieces) else Content((Data(record),))


def piece_content(piece: Piece) -> Content:
    """The content of one piece."""
    item: Record = piece.block
    if piece.kind is COMPACTION and "replacement_history" not in item:
        return _replacement(piece)
    if piece.kind in _SAID:
        return _said(piece)
    if piece.kind is MIRROR:
        return Content(mirror_blocks(item))
    text = sentence(piece.kind, item)
    return Content((Text(text),) if text else (), detail=_detail(item))


def _replacement(piece: Piece) -> Content:
    if piece.role is USER and "message" in piece.block:
        return Content(part_blocks(piece.block["message"]))  # old: only a summary
    if piece.role is NOBODY:
        return Content((Text(sentence(piece.kind, piece.block)),), detail=piece.block)
    return _said(piece)


def _said(piece: Piece) -> Content:
    item: Record = piece.block
    kind = item.get("type")
    if piece.role is SYSTEM and "base_instructions" in item:
        return Content(part_blocks(inner(item, "base_instructions").get("text")))
    if piece.name == "compaction":
        return Content(signature=str(item.get("encrypted_content") or ""))
    if kind == "additional_tools":
        return Content((Data(item.get("tools")),), detail=item)
    if kind == "tool_call":
        return Content(arguments=parse_arguments(item.get("arguments")))
    if kind == "tool_result":
        return Content(part_blocks(item.get("result")))
    if piece.kind is TOOL_CALL and "name" not in item and "arguments" in item:
        return Content(arguments=parse_arguments(item["arguments"]))
    return item_content(piece)


def mirror_blocks(payload: Record) -> Any:
    """What a line repeats, as blocks."""
    item = inner(payload, "item") or payload
    for key in ("message", "text", "content", "summary_text", "fragments"):
        if item.get(key):
            return part_blocks(_plain(item[key]))
    return ()


def _plain(value: JSON) -> JSON:
    """Parts whose ``type`` is written otherwise here than in the history."""
    if not isinstance(value, list):
        return value
    return [
        part["text"] if isinstance(part, dict) and isinstance(part.get("text"), str) else part
        for part in value
    ]


def _detail(item: Record) -> JSON:
    if "replacement_history" in item:  # its items are events of their own
        return {key: value for key, value in item.items() if key != "replacement_history"}
    if "base_instructions" in item:
        return {key: value for key, value in item.items() if key != "base_instructions"}
    return item
