"""The whole content of a Claude Code event, looked up again in its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind
from scrubber.core.kinds import REASONING, TOOL_CALL, TOOL_RESULT
from scrubber.formats.anthropic_blocks import block_content, blocks_of
from scrubber.formats.claude_code.pieces import Record, pieces_of

if TYPE_CHECKING:
    from scrubber.formats.pieces import Piece


def content_of(record: Record, part: int) -> Content:
    """The content of the record's event with this number.

    Negative parts are told about a record, not in it: their content is the record itself.
    """
    pieces = pieces_of(record)
    if not 0 <= part < len(pieces):
        return Content((Data(record),))
    return piece_content(record, pieces[part])


def piece_content(record: Record, piece: Piece) -> Content:
    """The content of one piece."""
    if piece.kind is TOOL_RESULT:
        return block_content(piece.block, record.get("toolUseResult"))
    if piece.kind is TOOL_CALL or piece.kind is REASONING:
        return block_content(piece.block)
    if record.get("type") in ("user", "assistant"):
        block = piece.block
        return Content(blocks_of([block] if isinstance(block, dict) else block))
    text = _telling_text(record, piece)
    blocks = (Text(text),) if text else ()
    return Content(blocks, detail=piece.block)


def _telling_text(record: Record, piece: Piece) -> str:
    """The sentence of a record that is no message."""
    block: Any = piece.block
    if record.get("type") == "attachment":
        return _attachment_text(block)
    if piece.kind is Kind.ERROR:
        return _error_text(record)
    subtype = record.get("subtype")
    if subtype == "compact_boundary":
        return _boundary_text(record)
    if subtype == "turn_duration":
        duration = record.get("durationMs")
        return f"turn took {duration / 1000:.1f} s" if isinstance(duration, (int, float)) else ""
    if not isinstance(block, dict):
        return ""
    for key in _TELLING_KEYS:
        if key in block and isinstance(words := block[key], str) and words:
            return words
    return ""


_TELLING_KEYS = (
    "customTitle",
    "aiTitle",
    "summary",
    "agentName",
    "tag",
    "lastPrompt",
    "mode",
    "permissionMode",
    "content",
    "output",
    "prUrl",
    "prompt",
    "hookName",
    "message",
    "operation",
    "type",
)


def _attachment_text(attachment: Any) -> str:
    if not isinstance(attachment, dict):
        return ""
    for key in ("prompt", "content", "displayPath", "filename", "stderr", "stdout"):
        value = attachment.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list) and value:
            return "\n".join(str(item) for item in value)
    return str(attachment.get("type", ""))


def _error_text(record: Record) -> str:
    message = _message_in(record.get("error")) or record.get("content") or "no message"
    retry = record.get("retryAttempt")
    again = f" (attempt {retry} of {record.get('maxRetries', '?')})" if retry else ""
    return f"API error: {message}{again}"


def _message_in(error: Any) -> str:
    """The innermost sentence of an error: clients wrap the provider's in their own."""
    if isinstance(error, str):
        return error
    if not isinstance(error, dict):
        return ""
    for key in ("error", "cause", "message", "formatted", "code", "type"):
        if found := _message_in(error.get(key)):
            return found
    status = error.get("status")
    return f"status {status}" if status else ""


def _boundary_text(record: Record) -> str:
    meta = record.get("compactMetadata")
    if not isinstance(meta, dict):
        return "Conversation compacted"
    tokens = meta.get("preTokens")
    size = f" at {tokens:,} tokens" if isinstance(tokens, int) else ""
    return f"Conversation compacted ({meta.get('trigger', 'unknown trigger')}){size}"
