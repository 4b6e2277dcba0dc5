"""What a record of Qwen Code holds: an envelope like Claude Code's, around parts like Gemini's.

Source of the shapes: the client's own source (0.24), and sessions of versions 0.21 to 0.24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Image, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats.gemini_cli.messages import heard_parts, result_piece, spoken_pieces
from scrubber.formats.gemini_parts import Part, blocks_of_parts, parts_of
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

_SYSTEM: dict[str, tuple[Kind, Visibility, str]] = {
    "rewind": (Kind.REWIND, SHOWN, ""),
    "custom_title": (Kind.TITLE, HIDDEN, "customTitle"),
    "slash_command": (Kind.COMMAND, SHOWN, "rawCommand"),
    "at_command": (Kind.CONTEXT, HIDDEN, "userText"),
    "ui_telemetry": (Kind.UI_STATE, HIDDEN, ""),
    "user_text_elements": (Kind.UI_STATE, HIDDEN, ""),
    "turn_result": (Kind.TURN_END, HIDDEN, "status"),
    "session_model": (Kind.CONFIG_CHANGE, HIDDEN, "model"),
    "parent_session": (Kind.LINK, HIDDEN, "parentSessionId"),
    "session_source": (Kind.LINK, HIDDEN, "sourceId"),
    "session_sources_snapshot": (Kind.LINK, HIDDEN, ""),
    "file_history_snapshot": (Kind.FILE_SNAPSHOT, HIDDEN, ""),
    "attribution_snapshot": (Kind.STATE, HIDDEN, ""),
    "session_artifact_event": (Kind.STATE, HIDDEN, ""),
    "session_artifact_snapshot": (Kind.STATE, HIDDEN, "summary"),
    "goal_state": (Kind.PLAN, HIDDEN, ""),
    "goal_turn_end": (Kind.TURN_END, HIDDEN, ""),
    "branch_checkpoint": (Kind.UI_STATE, HIDDEN, ""),
    "background_task_completed": (Kind.NOTICE, SHOWN, "summary"),
    "omni_recall": (Kind.CONTEXT, HIDDEN, ""),
}
"""(kind, who sees it, which of its payload is its text) of records of type ``system``."""

_INJECTED = {"notification", "cron", "goal_runtime"}
"""What the client says in the user's name."""


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a record, at least one; what nobody knows gives an unknown piece."""
    kind, message = record.get("type"), record.get("message")
    parts = parts_of(message.get("parts")) if isinstance(message, dict) else []
    if kind == "assistant":
        return list(spoken_pieces(parts)) or [_empty()]
    if kind in ("user", "tool_result"):
        return list(_heard(parts, record))
    if kind == "system":
        return list(_system(record))
    return [_plain(Kind.UNKNOWN, SHOWN, str(kind), record)]


def _empty() -> Piece:
    return Piece(Kind.MODEL_CALL, Role.ASSISTANT, HIDDEN, Content())


def _heard(parts: list[Part], record: Record) -> Iterator[Piece]:
    """Responses are results of their own; the rest is one message."""
    results, spoken = heard_parts(parts)
    detail = record.get("toolCallResult")
    failed = isinstance(detail, dict) and detail.get("status") in ("error", "cancelled")
    yield from (result_piece(result, detail, failed) for result in results)
    if spoken or not results:
        content = Content(blocks_of_parts(spoken), detail=record.get("systemPayload"))
        kind = Kind.CONTEXT if str(record.get("subtype")) in _INJECTED else Kind.MESSAGE
        has_image = any(isinstance(block, Image) for block in content.blocks)
        marks = Mark.IMAGE if has_image else Mark.NONE
        yield Piece(kind, Role.USER, SEEN if content.blocks else HIDDEN, content, marks)


def _system(record: Record) -> Iterator[Piece]:
    kind, payload = str(record.get("subtype")), record.get("systemPayload")
    given: Record = payload if isinstance(payload, dict) else {}
    history = given.get("compressedHistory")
    if kind == "chat_compression" and isinstance(history, list):
        told = {key: value for key, value in given.items() if key != "compressedHistory"}
        yield _plain(Kind.COMPACTION, SHOWN, "the conversation was compressed", told)
        for item in history:
            yield from contents_pieces(item)
        return
    event, seen, key = _SYSTEM.get(kind, (Kind.UNKNOWN, SHOWN, ""))
    text = given.get(key)
    yield _plain(event, seen, text if isinstance(text, str) and text else kind, given)


def contents_pieces(item: Any) -> list[Piece]:
    """The pieces of one turn of a history, as the API has it."""
    found: Record = item if isinstance(item, dict) else {}
    parts = parts_of(found.get("parts"))
    if found.get("role") == "model":
        return list(spoken_pieces(parts))
    return list(_heard(parts, {})) if parts else []


def _plain(kind: Kind, seen: Visibility, text: str, detail: Record) -> Piece:
    return Piece(kind, Role.NONE, seen, Content((Text(text),), detail=detail))
