"""What a record of a task tells: of the task, of a message to or from the model, of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats.anthropic import is_message, message_pieces
from scrubber.formats.parsing import loads
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece

if TYPE_CHECKING:
    from scrubber.core.content import JSON

Record = dict[str, Any]

_SHOWN: dict[str, tuple[Kind, Visibility]] = {
    "api_req_started": (Kind.USAGE, HIDDEN),
    "error": (Kind.ERROR, SHOWN),
    "api_req_failed": (Kind.ERROR, SHOWN),
    "mistake_limit_reached": (Kind.ERROR, SHOWN),
    "checkpoint_created": (Kind.FILE_SNAPSHOT, HIDDEN),
    "checkpoint_saved": (Kind.FILE_SNAPSHOT, HIDDEN),
    "condense_context": (Kind.NOTICE, SHOWN),
    "command_output": (Kind.TOOL_DETAIL, HIDDEN),
    "mcp_server_response": (Kind.TOOL_DETAIL, HIDDEN),
}
"""What the window tells that the messages do not; all else only repeats them."""


def is_record(value: JSON) -> bool:
    """Whether a value is a record of an unfolded task."""
    return isinstance(value, dict) and value.get("cline") in ("task", "api", "ui")


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a record, at least one."""
    kind, message = record.get("cline"), record.get("message")
    if kind == "task":
        content = Content((Text(f"task {record.get('id')}"),), detail=record)
        return [Piece(Kind.SESSION_START, Role.NONE, HIDDEN, content)]
    if kind == "ui" and isinstance(message, dict):
        return [_shown(message)]
    if kind == "api" and isinstance(message, dict) and is_message(message):
        given = message | {"content": _blocks(message["content"])}
        if said := [_said(piece, message) for piece in message_pieces(given)]:
            return said
    damaged = record.get("damaged")
    text = damaged if isinstance(damaged, str) else str(kind)
    marks = Mark.DAMAGED if isinstance(damaged, str) else Mark.NONE
    content = Content((Text(text),), detail=None if damaged else record)
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, content, marks)]


def _blocks(content: JSON) -> JSON:
    """Blocks as Anthropic's API has them; Roo keeps reasoning of other providers as its own."""
    if not isinstance(content, list):
        return content
    return [
        {"type": "thinking", "thinking": block.get("text")} if _is_reasoning(block) else block
        for block in content
    ]


def _is_reasoning(block: JSON) -> bool:
    return isinstance(block, dict) and block.get("type") == "reasoning"


def _said(piece: Any, message: Record) -> Piece:
    """A piece of a message; Roo marks the one that sums up those before it."""
    kind, role = piece.kind, piece.role
    if message.get("isSummary") is True and kind is Kind.MESSAGE:
        kind, role = Kind.COMPACTION, Role.USER
    return Piece(
        kind, role, piece.visibility, piece.content, piece.marks, piece.name, piece.call_id
    )


def _shown(message: Record) -> Piece:
    what = str(message.get("say") or message.get("ask") or "message")
    if isinstance(message.get("conversationHistoryDeletedRange"), list):
        told = f"messages {message['conversationHistoryDeletedRange']} are no longer sent"
        content = Content((Text(told),), detail=message)
        return Piece(Kind.CONTEXT_EDIT, Role.NONE, SHOWN, content, name=what)
    kind, seen = _SHOWN.get(what, (Kind.MIRROR, HIDDEN))
    text = message.get("text")
    blocks = (Text(text),) if isinstance(text, str) and text else (Text(what),)
    marks = Mark.ERROR if kind is Kind.ERROR else Mark.NONE
    return Piece(kind, Role.NONE, seen, Content(blocks, detail=message), marks, name=what)


def request_of(record: Record) -> Record:
    """The account of a request that the window tells of; empty if it tells of none."""
    message = record.get("message")
    if not isinstance(message, dict) or message.get("say") != "api_req_started":
        return {}
    try:
        value = loads(str(message.get("text")).encode())
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
