"""A session of RustyClaw as JSON: the object and its messages, to values and back.

``{"key": "agent:<agent>:main" or "agent:<agent>:subagent:<id>", "agentId", "kind", "status",
"label"?, "task"?, "createdMs", "finishedMs"?, "messages", "runId"?, "parentKey"?}``; a message is
``{"role", "content": text, "timestampMs", "toolName"?}``. Times are milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content
from scrubber.core.events import Kind, Role
from scrubber.formats.amounts import ms_of
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.document_writing import text_of_block
from scrubber.formats.openai_messages import ROLES, text_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.formats.document_writing import Item

KINDS = ("main", "subagent", "cron")
STATUSES = ("active", "completed", "error", "timeout", "stopped")
MOST_MESSAGES = 100
"""RustyClaw keeps no more of them: the oldest go when one is added."""

_SAYS = {Role.SYSTEM: "system", Role.DEVELOPER: "system", Role.ASSISTANT: "assistant"}


def session_object(
    key: str, agent: str, messages: Sequence[JSON], *, created_ms: int, **known: JSON
) -> dict[str, Any]:
    """A session; ``known``: its kind, status, label, task, runId, parentKey, finishedMs.

    Keys without a value are left out, the newest messages kept.
    """
    label, task, finished = known.get("label"), known.get("task"), known.get("finishedMs")
    found = {
        "key": key,
        "agentId": agent,
        "kind": known.get("kind", KINDS[0]),
        "status": known.get("status", STATUSES[0]),
        "label": label,
        "task": task,
        "createdMs": created_ms,
        "finishedMs": finished,
        "messages": list(messages)[-MOST_MESSAGES:],
        "runId": known.get("runId"),
        "parentKey": known.get("parentKey"),
    }
    return {name: value for name, value in found.items() if value is not None}


def message_pieces(message: JSON, number: int) -> list[Piece]:
    """The event of a message."""
    role = ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    if role is None:
        return [unknown_piece(message, number)]
    given = message.get("timestampMs")
    is_time = isinstance(given, (int, float)) and not isinstance(given, bool)
    is_result = role is Role.TOOL
    piece = Piece(
        Kind.TOOL_RESULT if is_result else Kind.MESSAGE,
        role,
        Content(blocks_of(message.get("content"))),
        name=text_or_none(message.get("toolName")),
        message=number,
        source=message,
        ts=ms_of(given / 1000) if is_time and given is not None else None,
    )
    return [piece]


def message_of(items: Sequence[Item], created_ms: int) -> dict[str, Any] | None:
    """The message that the events of one message make: its text; None if it has none."""
    first = items[0][0]
    said = [
        block
        for event, content in items
        if event.kind not in (Kind.REASONING, Kind.TOOL_CALL)
        for block in content.blocks
    ]
    if not said and any(event.kind in (Kind.REASONING, Kind.TOOL_CALL) for event, _ in items):
        return None
    role = "tool" if first.kind is Kind.TOOL_RESULT else _SAYS.get(first.role, "user")
    text = "\n".join(map(text_of_block, said))
    ts = first.ts if first.ts is not None else created_ms
    named = {"toolName": first.name} if role == "tool" and first.name else {}
    return {"role": role, "content": text, "timestampMs": ts, **named}
