"""harn's messages: to pieces, and back.

``{"role": system|user|assistant|tool|tool_result, "content", "tool_calls", "tool_call_id",
"name", "reasoning"}``; the content is a text, a list of blocks, one block, or nothing. Blocks are
harn's own (``text``, ``output_text``, ``reasoning``, ``tool_call``, ``tool_result``, ``image``,
``file``), or those of a provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind, Mark, Role
from scrubber.core.messages import Message
from scrubber.formats import anthropic
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.messages_writer import reasoning_text, to_message
from scrubber.formats.openai_messages import message_pieces as openai_pieces
from scrubber.formats.openai_messages import parse_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON
    from scrubber.formats.document_writing import Item

SUMMARY = "[auto-compacted "
"""What the message begins with that compaction puts in the place of older ones."""

_TYPED = ("tool_use", "tool_call", "tool_result", "thinking", "redacted_thinking", "reasoning")
_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_CALL_IDS = ("tool_call_id", "tool_use_id", "call_id")


def message_pieces(message: JSON, number: int) -> list[Piece]:
    """The events of one message, at least one."""
    given = message.get("role") if isinstance(message, dict) else None
    role = "tool" if given == "tool_result" else given
    if role not in _ROLES:
        return [unknown_piece(message, number)]
    content = message.get("content")
    blocks = [content] if isinstance(content, dict) else content
    found = _pieces(message, str(role), blocks, number)
    if role == "tool" and message.get("is_error") is True:
        found = [piece._replace(marks=piece.marks | Mark.ERROR) for piece in found]
    if found[0].kind is Kind.MESSAGE and found[0].content.text.startswith(SUMMARY):
        found[0] = found[0]._replace(kind=Kind.COMPACTION)
    return [piece._replace(message=number, source=message) for piece in found]


def _pieces(message: dict[str, Any], role: str, blocks: JSON, number: int) -> list[Piece]:
    call = next((message[key] for key in _CALL_IDS if message.get(key)), None)
    if isinstance(blocks, list) and any(map(_is_typed, blocks)):
        speaker = role if role in ("assistant", "system") else "user"
        said = {"role": speaker, "content": [_as_typed(block, call) for block in blocks]}
        found = list(anthropic.message_pieces(said, number))
        without = {**message, "role": role, "content": None}
        calls = [p for p in openai_pieces(without, number) if p.kind is Kind.TOOL_CALL]
        return found + (calls if role == "assistant" else [])
    whole = {**message, "role": role, "content": blocks, "tool_call_id": call}
    return openai_pieces(whole, number)


def _is_typed(block: JSON) -> bool:
    return isinstance(block, dict) and block.get("type") in _TYPED


def _as_typed(block: JSON, call: JSON) -> JSON:
    """harn's own blocks in the shape of those that have the same meaning elsewhere."""
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "reasoning":
        return {"type": "thinking", "thinking": block.get("text") or block.get("content")}
    if kind == "output_text":
        return {**block, "type": "text"}
    if kind == "tool_call":
        given = block.get("arguments", block.get("input"))
        named = {"id": block.get("id") or block.get("tool_call_id"), "name": block.get("name")}
        return {"type": "tool_use", "input": parse_arguments(given), **named}
    if kind == "tool_result":
        known = next((block[key] for key in _CALL_IDS if block.get(key)), call)
        return {**block, "tool_use_id": known}
    return block


def message_of(items: Sequence[Item]) -> dict[str, Any]:
    """The message that the events of one message make."""
    first = items[0][0]
    message = Message(first.role, tuple(items))
    made = to_message(message)
    if first.kind is Kind.TOOL_RESULT:
        made = {**made, "role": "tool_result", "name": first.name}
        if first.is_error:
            made["is_error"] = True
    elif first.role is Role.ASSISTANT and (thought := reasoning_text(message)):
        made.pop("reasoning_content", None)
        made["reasoning"] = thought
    return {key: value for key, value in made.items() if value is not None or key == "content"}
