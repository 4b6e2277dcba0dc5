"""What a row of harn's session store holds.

Rows with a ``raw_message`` in their payload are the conversation. A compaction puts its messages
in the place of all before it; ``message_removed`` takes one out. All others only tell of something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind, Role
from scrubber.core.survey import OMIT
from scrubber.formats.harn.messages import message_pieces
from scrubber.formats.harn.session_store.rows import CLOSED, EVENTS, SESSIONS
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.events import Visibility

Row = dict[str, Any]

_KINDS: dict[str, tuple[Kind, Visibility]] = {
    "message": (Kind.NOTICE, HIDDEN),
    "tool_call": (Kind.TOOL_DETAIL, HIDDEN),
    "tool_result": (Kind.TOOL_DETAIL, HIDDEN),
    "plan": (Kind.PLAN, SHOWN),
    "system_reminder": (Kind.NOTICE, HIDDEN),
    "reminder": (Kind.NOTICE, HIDDEN),
    "hypothesis": (Kind.NOTICE, SHOWN),
    "receipt": (Kind.SESSION_END, SHOWN),
    "permission_decision": (Kind.APPROVAL, SHOWN),
    "control": (Kind.STATE, HIDDEN),
    "custom": (Kind.NOTICE, SHOWN),
}


def pieces_of(record: Row) -> list[Piece]:
    """The pieces of a row, at least one."""
    row, table = record.get("row"), record.get("table")
    if isinstance(row, dict) and table == EVENTS:
        return list(_event(row))
    if isinstance(row, dict) and table in (SESSIONS, CLOSED):
        kind = Kind.SESSION_START if table == SESSIONS else Kind.USAGE
        text = text_or_none(row.get("title")) or str(row.get("id"))
        return [Piece(kind, Role.NONE, HIDDEN, Content((Text(text),), detail=row))]
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(record),)))]


def raw_message(row: Row) -> Row | None:
    """The message that a row adds to the conversation, None if it adds none."""
    message = _payload(row).get("raw_message")
    return message if isinstance(message, dict) else None


def _payload(row: Row) -> Row:
    payload = row.get("payload_json")
    return payload if isinstance(payload, dict) else {}


def _event(row: Row) -> Iterator[Piece]:
    kind, payload = str(row.get("kind")), _payload(row)
    if (message := raw_message(row)) is not None:
        for p in message_pieces(message, 0):
            yield Piece(p.kind, p.role, p.visibility, p.content, p.marks, p.name, p.call_id)
        return
    if kind == "compaction":
        yield from _compaction(payload)
        return
    name = text_or_none(row.get("custom_kind"))
    if name == "message_removed":
        content = Content((Text("a message was removed"),), detail=payload)
        yield Piece(Kind.CONTEXT_EDIT, Role.NONE, SHOWN, content, name=OMIT)
        return
    meant, seen = _KINDS.get(kind, (Kind.UNKNOWN, SHOWN))
    content = Content((Text(_text(payload) or name or kind),), detail=row.get("payload_json"))
    yield Piece(meant, Role.NONE, seen, content, name=name or text_or_none(row.get("actor")))


def _text(payload: Row) -> str | None:
    told = payload.get("transcript_event")
    for place in (told if isinstance(told, dict) else {}, payload):
        for key in ("text", "content", "summary", "message"):
            if found := text_or_none(place.get(key)):
                return found
    return None


def _compaction(payload: Row) -> Iterator[Piece]:
    """What is told of it, then the messages that the model goes on from."""
    summary = text_or_none(payload.get("summary")) or "compacted"
    beside = {key: value for key, value in payload.items() if key != "messages"}
    told = Content((Text(summary),), detail=beside)
    yield Piece(Kind.COMPACTION, Role.NONE, SHOWN, told)
    for message in compacted(payload):
        for p in message_pieces(message, 0):
            is_seen = p.visibility is SEEN
            given = p.content
            if p.kind is Kind.TOOL_CALL:
                call = {"type": "tool_call", "id": p.call_id, "name": p.name}
                given = Content((Data({**call, "arguments": given.arguments}),))
            kind = Kind.COMPACTION if is_seen else p.kind
            yield Piece(kind, p.role, p.visibility, given, p.marks, p.name)


def compacted(payload: Row) -> list[JSON]:
    """The messages of a compaction."""
    found = payload.get("messages")
    return found if isinstance(found, list) else []
