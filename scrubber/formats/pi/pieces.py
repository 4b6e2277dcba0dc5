"""What an entry of a session is made of: one piece for each event it gives."""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Kind, Mark
from scrubber.core.kinds import (
    ASSISTANT,
    BRANCH_SUMMARY,
    COMMAND,
    COMPACTION,
    CONTEXT,
    MESSAGE,
    NOBODY,
    REASONING,
    SYSTEM,
    TOOL,
    TOOL_CALL,
    TOOL_RESULT,
    UNKNOWN,
    UNMARKED,
    USER,
)
from scrubber.core.survey import KEEP, OMIT
from scrubber.formats.pi.records import Record, message_of, text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

FAILED = ("error", "aborted")
"""Ends of an answer that pi never sends to a model again."""

SUMMARY = "compactionSummary"
"""Role of a summary that is told as a message."""

_OTHERS = {
    "session": (Kind.SESSION_START, HIDDEN),
    "model_change": (Kind.CONFIG_CHANGE, HIDDEN),
    "thinking_level_change": (Kind.CONFIG_CHANGE, HIDDEN),
    "usage": (Kind.USAGE, HIDDEN),
    "label": (Kind.LABEL, SHOWN),
    "session_info": (Kind.TITLE, HIDDEN),
    "leaf": (Kind.UI_STATE, HIDDEN),
}
_NAMES = {
    "model_change": "modelId",
    "thinking_level_change": "thinkingLevel",
    "usage": "kind",
    "custom": "customType",
}


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of an entry, at least one; a type that nobody knows gives an unknown piece."""
    match record.get("type"):
        case "message":
            return _message(record)
        case "compaction":
            return _compaction(record)
        case "branch_summary":
            seen = SEEN if record.get("summary") else SHOWN
            return [Piece(BRANCH_SUMMARY, USER, seen, record)]
        case "custom":
            return [Piece(Kind.STATE, NOBODY, HIDDEN, record, name=_name(record))]
        case "custom_message":
            return [_custom(record)]
        case "context_edit":
            name = OMIT if record.get("replacement") is None else "replace"
            return [Piece(Kind.CONTEXT_EDIT, NOBODY, SHOWN, record, name=name)]
        case str() as kind if kind in _OTHERS:
            event, seen = _OTHERS[kind]
            return [Piece(event, NOBODY, seen, record, name=_name(record))]
    return [_unknown(record)]


def _unknown(block: Any) -> Piece:
    return Piece(UNKNOWN, NOBODY, SHOWN, block)


def _name(record: Record) -> str | None:
    return text_or_none(record.get(_NAMES.get(str(record.get("type")), "")))


def _compaction(record: Record) -> list[Piece]:
    """That it happened, and what the model sees in place of what was before."""
    found = [Piece(COMPACTION, NOBODY, SHOWN, record, name=KEEP)]
    system = record.get("systemMessage")
    if isinstance(system, dict):
        found += [
            piece._replace(kind=COMPACTION) if piece.role is SYSTEM else piece
            for piece in _system(system)
        ]
    return [*found, Piece(COMPACTION, USER, SEEN, record)]


def _custom(message: Record) -> Piece:
    name = text_or_none(message.get("customType"))
    return Piece(CONTEXT, USER, SEEN, message, name=name)


def _message(record: Record) -> list[Piece]:
    message = message_of(record)
    match message.get("role"):
        case "user":
            return [Piece(MESSAGE, USER, SEEN, message)]
        case "assistant":
            return _answer(message)
        case "toolResult":
            return [_result(message)]
        case "bashExecution":
            return [_command(message)]
        case "custom" | "hookMessage":
            return [_custom(message)]
        case "system":
            return _system(message)
        case "branchSummary":
            return [Piece(BRANCH_SUMMARY, USER, SEEN, message)]
        case "compactionSummary":
            # Said so, it takes the place of nothing: only an entry of its own does.
            return [Piece(CONTEXT, USER, SEEN, message, name=SUMMARY)]
    return [_unknown(record)]


def _system(message: Record) -> list[Piece]:
    """What the model is told by the program: the prompt, or changes of it; and the tools."""
    found = [Piece(CONTEXT, SYSTEM, SEEN, message)]
    for key, first in (("toolsAdded", "tools"), ("toolsRemoved", "tools removed")):
        if isinstance(message.get(key), list) and message[key]:
            name = first if key == "toolsRemoved" or _is_first(message) else "tools added"
            found.append(Piece(CONTEXT, NOBODY, SEEN, message[key], name=name))
    return found


def _is_first(message: Record) -> bool:
    """Whether a system message declares all there is, and changes nothing."""
    sections = message.get("sections")
    told = bool(message.get("content")) or (isinstance(sections, dict) and "preamble" in sections)
    return "toolsRemoved" not in message and (told or message.get("replace") is True)


def _answer(message: Record) -> list[Piece]:
    """The blocks of what a model said; none of them is seen again if it failed or was stopped."""
    failed = message.get("stopReason") in FAILED
    content = message.get("content")
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
    found = [_block(block) for block in blocks]
    if failed:
        found = [piece._replace(visibility=SHOWN, call_id=None) for piece in found]
    if failed or message.get("errorMessage"):
        found.append(Piece(Kind.ERROR, NOBODY, SHOWN, message, Mark.ERROR))
    if not found:
        found.append(Piece(MESSAGE, ASSISTANT, SEEN, {"type": "text", "text": ""}))
    return found


def _block(block: Any) -> Piece:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind in ("text", "image"):
        return Piece(MESSAGE, ASSISTANT, SEEN, block)
    if kind == "thinking":
        marks = Mark.SEALED if block.get("thinkingSignature") else UNMARKED
        return Piece(REASONING, ASSISTANT, SEEN, block, marks)
    if kind == "toolCall":
        marks = Mark.SEALED if block.get("thoughtSignature") else UNMARKED
        name, call = text_or_none(block.get("name")), text_or_none(block.get("id"))
        return Piece(TOOL_CALL, ASSISTANT, SEEN, block, marks, name, call)
    return _unknown(block)


def _result(message: Record) -> Piece:
    marks = Mark.ERROR if message.get("isError") is True else UNMARKED
    name, call = text_or_none(message.get("toolName")), text_or_none(message.get("toolCallId"))
    return Piece(TOOL_RESULT, TOOL, SEEN, message, marks, name, call)


def _command(message: Record) -> Piece:
    """A command that the person ran; pi tells the model of it as a user's message."""
    seen = SHOWN if message.get("excludeFromContext") is True else SEEN
    failed = message.get("exitCode") not in (0, None) or message.get("cancelled") is True
    marks = Mark.ERROR if failed else UNMARKED
    return Piece(COMMAND, USER, seen, message, marks, name="bash")
