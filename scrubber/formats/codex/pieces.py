"""What a line of a rollout is made of: one piece for each event it gives.

``response_item`` lines are what the model saw and said; ``event_msg`` lines are what the screen
was told, most of it once more; ``compacted`` holds what took the place of everything before it.
"""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Kind, Mark, Role
from scrubber.core.kinds import (
    ASSISTANT,
    COMPACTION,
    CONTEXT,
    DEVELOPER,
    MESSAGE,
    NOBODY,
    REASONING,
    SYSTEM,
    TOOL_CALL,
    TOOL_RESULT,
    UNKNOWN,
    UNMARKED,
    USER,
)
from scrubber.formats.codex.messages import message_piece
from scrubber.formats.codex.records import Entry, Record, entry_of, inner
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece
from scrubber.formats.responses_items import item_pieces

_OTHERS = {
    "turn_context": (Kind.CONFIG_CHANGE, HIDDEN),
    "world_state": (Kind.STATE, HIDDEN),
    "inter_agent_communication_metadata": (Kind.UI_STATE, HIDDEN),
    "token_usage_record": (Kind.USAGE, HIDDEN),
    "retained_context": (Kind.STATE, HIDDEN),
    "security_risk_score": (Kind.NOTICE, HIDDEN),
    "realtime_item": (Kind.UI_STATE, HIDDEN),
    "rollout_reference": (Kind.LINK, SHOWN),
    "state": (Kind.UI_STATE, HIDDEN),
}

_ITEMS = {
    "ghost_snapshot": (Kind.FILE_SNAPSHOT, HIDDEN),
    "additional_tools": (Kind.CONTEXT, SEEN),
    "compaction_trigger": (Kind.NOTICE, HIDDEN),
    "tool_call": (Kind.TOOL_CALL, SEEN),
    "tool_result": (Kind.TOOL_RESULT, SEEN),
}
_ROLES = {Kind.TOOL_CALL: Role.ASSISTANT, Kind.TOOL_RESULT: Role.TOOL}


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a line, at least one; a shape nobody knows gives an unknown piece."""
    return entry_pieces(entry_of(record), record)


def entry_pieces(entry: Entry | None, record: Record) -> list[Piece]:
    """The pieces of a line whose entry is known."""
    if entry is None:
        return [_unknown(record)]
    match entry.type:
        case "response_item":
            return item_pieces_of(entry.payload)
        case "event_msg":
            return [message_piece(entry.payload)]
        case "session_meta":
            return _meta(entry.payload)
        case "compacted":
            return _compacted(entry.payload)
        case "inter_agent_communication":
            name = text_or_none(entry.payload.get("author"))
            return [Piece(MESSAGE, USER, SEEN, entry.payload, name=name)]
    return [_other(entry, record)]


def _unknown(record: Record) -> Piece:
    return Piece(UNKNOWN, NOBODY, SHOWN, record)


def _other(entry: Entry, record: Record) -> Piece:
    if entry.type not in _OTHERS:
        return _unknown(record)
    kind, seen = _OTHERS[entry.type]
    return Piece(kind, NOBODY, seen, entry.payload)


def _meta(meta: Record) -> list[Piece]:
    """The session's facts; with the system prompt, if they tell it."""
    found = [Piece(Kind.SESSION_START, NOBODY, HIDDEN, meta)]
    if text_or_none(inner(meta, "base_instructions").get("text")):
        found.append(Piece(CONTEXT, SYSTEM, SEEN, meta))
    return found


def _compacted(payload: Record) -> list[Piece]:
    """What was compacted, and each item that took the place of what was before."""
    found = [Piece(COMPACTION, NOBODY, SHOWN, payload)]
    items = payload.get("replacement_history")
    if not isinstance(items, list):
        return [*found, Piece(COMPACTION, USER, SEEN, payload)]
    for item in items:
        pieces = item_pieces_of(item) if isinstance(item, dict) else [_unknown({"item": item})]
        found += [_replaced(piece) for piece in pieces]
    return found


def _replaced(piece: Piece) -> Piece:
    keeps = piece.kind in (TOOL_CALL, TOOL_RESULT, REASONING, UNKNOWN)
    return piece if keeps else piece._replace(kind=COMPACTION)


def item_pieces_of(item: Record) -> list[Piece]:
    """The pieces of an item of the Responses API, or of one that only Codex knows."""
    if found := item_pieces(item):
        return [_context(piece) for piece in found]
    kind = item.get("type")
    if kind == "agent_message":
        return [_agent_message(item)]
    if kind in ("compaction", "context_compaction", "compaction_summary"):
        return [Piece(CONTEXT, ASSISTANT, SEEN, item, Mark.SEALED, name="compaction")]
    if str(kind) not in _ITEMS:
        return [_unknown(item)]
    event, seen = _ITEMS[str(kind)]
    role = _ROLES.get(event, NOBODY)
    name = inner(item, "function").get("name") or item.get("name")
    return [Piece(event, role, seen, item, name=text_or_none(name), call_id=_call_id(item))]


def _context(piece: Piece) -> Piece:
    """Developer messages of Codex are always put there by the program."""
    if piece.kind is MESSAGE and piece.role in (DEVELOPER, SYSTEM):
        return piece._replace(kind=CONTEXT)
    return piece


def _agent_message(item: Record) -> Piece:
    """What another agent said to this one; parts of it may be sealed."""
    parts: Any = item.get("content")
    sealed = isinstance(parts, list) and any(
        isinstance(part, dict) and part.get("type") == "encrypted_content" for part in parts
    )
    marks = Mark.SEALED if sealed else UNMARKED
    return Piece(MESSAGE, USER, SEEN, item, marks, name=text_or_none(item.get("author")))


def _call_id(item: Record) -> str | None:
    return text_or_none(item.get("call_id")) or text_or_none(item.get("id"))
