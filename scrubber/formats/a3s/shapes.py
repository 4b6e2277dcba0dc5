"""A session of a3s-code as its file store has it: the object and its messages, and back.

Messages are those of Anthropic's API with ``reasoning_content`` beside their ``content``; a
result has ``is_error``, which may be null. Times are seconds since 1970, those of cost records
RFC 3339. A cost that nobody knows is null.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Content, Data, Image, Text
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Event, Kind, Role, Usage
from scrubber.formats import anthropic
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.document_writing import text_of_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.formats.document_writing import Item

STATES = ("Unknown", "Active", "Paused", "Completed", "Error")
SUMMARY = "[Context Summary: The following is a summary of earlier conversation]"
"""What the message begins with that compaction puts in the place of others."""

_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_SAYS = {Role.SYSTEM: "system", Role.DEVELOPER: "system", Role.ASSISTANT: "assistant"}
_CONFIG = {
    "name": "",
    "workspace": "",
    "system_prompt": None,
    "max_context_length": 0,
    "auto_compact": False,
    "auto_compact_threshold": 0.8,
    "storage_type": "file",
    "planning_enabled": False,
    "goal_tracking": False,
}
MAX_TOKENS = 200_000


def session_data(
    id: str, messages: Sequence[JSON], *, created: int = 0, **config: JSON
) -> dict[str, Any]:
    """The object of a session file with what a new session has; ``created`` in seconds.

    ``config``: its name, workspace, system_prompt, … instead of the defaults. A BadArgumentError
    says why the id is none that a3s-code takes.
    """
    check_id(id)
    return {
        "id": id,
        "config": {**_CONFIG, **config},
        "state": "Active",
        "messages": list(messages),
        "context_usage": {
            "used_tokens": 0,
            "max_tokens": MAX_TOKENS,
            "percent": 0.0,
            "turns": len(messages),
        },
        "total_usage": usage_of([]),
        "total_cost": 0.0,
        "cost_records": [],
        "tool_names": [],
        "thinking_enabled": False,
        "thinking_budget": None,
        "created_at": created,
        "updated_at": created,
        "tasks": [],
    }


def is_safe(id: str) -> bool:
    """Whether an id is ASCII letters, digits, ``-``, ``_`` and ``.``, without a dot in front or
    two in a row."""
    return _SAFE.fullmatch(id) is not None and ".." not in id


def check_id(id: str) -> str:
    """The id; a BadArgumentError, in a3s-code's words, if it is not safe.

    a3s-code also turns what is unsafe into ``_`` when it names a file, so that ``a/b`` and ``a_b``
    are one session; here such an id is refused instead.
    """
    if not id:
        raise BadArgumentError("Session ID must not be empty")
    if not is_safe(id):
        raise BadArgumentError(f'Session ID contains unsafe characters: "{id}"')
    return id


def usage_of(records: Sequence[Usage]) -> dict[str, Any]:
    """The totals of calls; cached tokens are part of the prompt's, and never summed."""
    prompt = sum(u.input + u.cache_read + u.cache_write for u in records)
    output = sum(u.output for u in records)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": prompt + output,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
    }


def cost_record(id: str, model: str, usage: Usage, ts: int) -> dict[str, Any]:
    """One call of a model: null where its cost is not known; ``ts`` in milliseconds."""
    told = {key: value for key, value in usage_of([usage]).items() if "cache" not in key}
    cost = None if usage.cost_micros is None else usage.cost_micros / 1_000_000
    when = datetime.fromtimestamp(ts / 1000, UTC).isoformat()
    where = {"model": model, "provider": ""}
    return {**where, **told, "cost_usd": cost, "timestamp": when, "session_id": id}


def message_pieces(message: JSON, number: int) -> list[Piece]:
    """The events of one message, at least one."""
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        return [unknown_piece(message, number)]
    found = list(anthropic.message_pieces({"content": [], **message}, number))
    thought = message.get("reasoning_content")
    if isinstance(thought, str) and thought and found[0].kind is not Kind.UNKNOWN:
        if found[0].kind is Kind.MESSAGE and not found[0].content.blocks:
            found = found[1:]
        found.insert(0, Piece(Kind.REASONING, Role.ASSISTANT, Content((Text(thought),))))
    if found[0].kind is Kind.MESSAGE and found[0].content.text.startswith(SUMMARY):
        found[0] = found[0]._replace(kind=Kind.COMPACTION)
    return [piece._replace(message=number, source=message) for piece in found]


def message_of(items: Sequence[Item]) -> dict[str, Any] | None:
    """The message that the events of one message make; None if nothing can be said of them."""
    role = _SAYS.get(items[0][0].role, "user")
    blocks = [block for event, content in items for block in _made(event, content)]
    thoughts = [c.text for event, c in items if event.kind is Kind.REASONING and c.text]
    if not blocks and any(event.kind is Kind.REASONING for event, _ in items) and not thoughts:
        return None
    message: dict[str, Any] = {"role": role, "content": blocks}
    return message | ({"reasoning_content": "\n\n".join(thoughts)} if thoughts else {})


def _made(event: Event, content: Content) -> list[dict[str, Any]]:
    if event.kind is Kind.REASONING:
        return []
    if event.kind is Kind.TOOL_CALL:
        call = event.call_id or f"call_{event.seq}"
        given = content.arguments if content.arguments is not None else {}
        return [{"type": "tool_use", "id": call, "name": event.name or "", "input": given}]
    if event.kind is Kind.TOOL_RESULT:
        return [_result(event, content)]
    return [to_block(block) for block in content.blocks]


def _result(event: Event, content: Content) -> dict[str, Any]:
    call = event.call_id or f"call_{event.ref or event.seq}"
    blocks = [to_block(block) for block in content.blocks]
    is_text = len(blocks) == 1 and "text" in blocks[0]
    return {
        "type": "tool_result",
        "tool_use_id": call,
        "content": blocks[0]["text"] if is_text else blocks,
        "is_error": True if event.is_error else None,
    }


def to_block(block: Block) -> dict[str, Any]:
    """A block in the shape of a3s-code; what it has no shape for becomes text."""
    if isinstance(block, Image) and block.data:
        source = {"type": "base64", "media_type": block.media_type, "data": block.data}
        return {"type": "image", "source": source}
    value = block.value if isinstance(block, Data) else None
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return value
    return {"type": "text", "text": text_of_block(block)}
