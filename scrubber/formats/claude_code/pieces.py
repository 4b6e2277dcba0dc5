"""What a Claude Code record is made of: one piece for each event it gives.

Source of the shapes: sessions of versions 1.0 to 2.1 and the notes in docs/formats/claude-code.md.
"""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Kind, Mark
from scrubber.core.kinds import (
    ASSISTANT,
    COMMAND,
    COMPACTION,
    CONTEXT,
    MESSAGE,
    NOBODY,
    REASONING,
    TOOL,
    TOOL_CALL,
    TOOL_DETAIL,
    TOOL_RESULT,
    UNKNOWN,
    UNMARKED,
    USER,
)
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

Record = dict[str, Any]

_SYSTEM = {
    "compact_boundary": (Kind.COMPACTION, SHOWN),
    "microcompact_boundary": (Kind.CONTEXT_EDIT, SHOWN),
    "api_error": (Kind.ERROR, SHOWN),
    "stop_hook_summary": (Kind.HOOK, HIDDEN),
    "turn_duration": (Kind.TURN_END, HIDDEN),
    "local_command": (Kind.COMMAND, SHOWN),
    "model_refusal_fallback": (Kind.CONFIG_CHANGE, SHOWN),
}

_ATTACHMENTS = {
    "queued_command": (Kind.QUEUE, SEEN),
    "hook_success": (Kind.HOOK, HIDDEN),
    "hook_non_blocking_error": (Kind.HOOK, SHOWN),
    "hook_additional_context": (Kind.HOOK, SEEN),
    "hook_system_message": (Kind.HOOK, SHOWN),
    "command_permissions": (Kind.CONFIG_CHANGE, HIDDEN),
    "auto_mode": (Kind.CONFIG_CHANGE, HIDDEN),
    "companion_intro": (Kind.NOTICE, HIDDEN),
}

_OTHERS = {
    "summary": (Kind.TITLE, HIDDEN),
    "custom-title": (Kind.TITLE, HIDDEN),
    "ai-title": (Kind.TITLE, HIDDEN),
    "agent-name": (Kind.TITLE, HIDDEN),
    "tag": (Kind.LABEL, HIDDEN),
    "last-prompt": (Kind.UI_STATE, HIDDEN),
    "mode": (Kind.CONFIG_CHANGE, HIDDEN),
    "permission-mode": (Kind.CONFIG_CHANGE, HIDDEN),
    "agent-setting": (Kind.CONFIG_CHANGE, HIDDEN),
    "queue-operation": (Kind.QUEUE, HIDDEN),
    "file-history-snapshot": (Kind.FILE_SNAPSHOT, HIDDEN),
    "pr-link": (Kind.LINK, SHOWN),
    "frame-link": (Kind.LINK, HIDDEN),
    "bridge-session": (Kind.LINK, HIDDEN),
    "content-replacement": (Kind.CONTEXT_EDIT, SHOWN),
    "cost-state": (Kind.UI_STATE, HIDDEN),
    "tools-used": (Kind.UI_STATE, HIDDEN),
}

_PROGRESS = {"hook_progress": Kind.HOOK}

_COMMANDS = (
    "<command-name>",
    "<command-message>",
    "<local-command-stdout>",
    "<local-command-stderr>",
    "<bash-input>",
    "<bash-stdout>",
)


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a record, at least one; a shape nobody knows gives an unknown piece."""
    kind = record.get("type")
    if kind in ("user", "assistant") and isinstance(record.get("message"), dict):
        return _user(record) if kind == "user" else _assistant(record)
    if kind == "system":
        event, seen = _SYSTEM.get(str(record.get("subtype")), (Kind.NOTICE, SHOWN))
        failed = event is Kind.ERROR or record.get("level") == "error"
        return [Piece(event, NOBODY, seen, record, Mark.ERROR if failed else UNMARKED)]
    if kind == "attachment":
        return [_attachment(record)]
    if kind == "progress":
        data = record.get("data")
        what = str(data.get("type")) if isinstance(data, dict) else ""
        event = _PROGRESS.get(what, TOOL_DETAIL)
        call = record.get("parentToolUseID") or record.get("toolUseID")
        return [Piece(event, NOBODY, HIDDEN, data, call_id=_text_or_none(call))]
    event, seen = _OTHERS.get(str(kind), (UNKNOWN, SHOWN))
    return [Piece(event, NOBODY, seen, record)]


def is_prompt(record: Record) -> bool:
    """Whether a record is what a person typed, not a tool's result or an injected text."""
    message = record.get("message")
    if record.get("type") != "user" or not isinstance(message, dict):
        return False
    if record.get("isMeta") or record.get("isCompactSummary") or record.get("isSidechain"):
        return False
    content = message.get("content")
    if isinstance(content, list):
        return not any(_is_type(block, "tool_result") for block in content)
    return isinstance(content, str) and not content.startswith(_COMMANDS)


def _user(record: Record) -> list[Piece]:
    """The results in a record, and behind them what is said beside them."""
    content = record["message"].get("content")
    if not isinstance(content, list):
        return [_said(record, content)]
    found: list[Piece] = []
    spoken: list[Any] = []
    for block in content:
        if _is_type(block, "tool_result"):
            found.append(_result(block))
        else:
            spoken.append(block)
    if spoken or not found:
        found.append(_said(record, spoken))
    return found


def _said(record: Record, content: Any) -> Piece:
    kind, seen = MESSAGE, SEEN
    text = content if isinstance(content, str) else _first_text(content)
    if record.get("isCompactSummary"):
        return Piece(COMPACTION, USER, SEEN, content)
    if text.startswith(_COMMANDS):
        kind = COMMAND
    elif record.get("isMeta"):
        kind = CONTEXT
    if record.get("isVisibleInTranscriptOnly"):
        seen = SHOWN
    marks = Mark.IMAGE if _has_image(content) else UNMARKED
    return Piece(kind, USER, seen, content, marks)


def _result(block: dict[str, Any]) -> Piece:
    marks = Mark.ERROR if block.get("is_error") is True else UNMARKED
    if _has_image(block.get("content")):
        marks |= Mark.IMAGE
    call = _text_or_none(block.get("tool_use_id"))
    return Piece(TOOL_RESULT, TOOL, SEEN, block, marks, call_id=call)


def _assistant(record: Record) -> list[Piece]:
    message = record["message"]
    content = message.get("content")
    if record.get("isApiErrorMessage"):
        return [Piece(Kind.ERROR, ASSISTANT, SHOWN, content, Mark.ERROR)]
    if not isinstance(content, list) or not content:
        return [Piece(MESSAGE, ASSISTANT, SEEN, content)]
    return [_block(block) for block in content]


def _block(block: Any) -> Piece:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "thinking":
        marks = Mark.SEALED if block.get("signature") else UNMARKED
        return Piece(REASONING, ASSISTANT, SEEN, block, marks)
    if kind == "redacted_thinking":
        return Piece(REASONING, ASSISTANT, SEEN, block, Mark.SEALED)
    if kind in ("tool_use", "server_tool_use"):
        name, call = _text_or_none(block.get("name")), _text_or_none(block.get("id"))
        return Piece(TOOL_CALL, ASSISTANT, SEEN, block, name=name, call_id=call)
    if isinstance(kind, str) and kind.endswith("_tool_result"):
        return _result(block)
    if kind == "fallback":
        return Piece(Kind.CONFIG_CHANGE, NOBODY, SHOWN, block)
    if kind == "text" or isinstance(block, str):
        return Piece(MESSAGE, ASSISTANT, SEEN, block)
    return Piece(UNKNOWN, ASSISTANT, SHOWN, block)


def _attachment(record: Record) -> Piece:
    attachment = record.get("attachment")
    what = str(attachment.get("type")) if isinstance(attachment, dict) else ""
    kind, seen = _ATTACHMENTS.get(what, (CONTEXT, SEEN))
    marks = Mark.ERROR if what == "hook_non_blocking_error" else UNMARKED
    return Piece(kind, NOBODY, seen, attachment, marks, name=what or None)


def _is_type(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _first_text(content: Any) -> str:
    if isinstance(content, list):
        for block in content:
            if _is_type(block, "text") and isinstance(block.get("text"), str):
                return str(block["text"])
    return ""


def _has_image(content: Any) -> bool:
    return isinstance(content, list) and any(_is_type(block, "image") for block in content)


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
