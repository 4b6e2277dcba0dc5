"""A session of fluers as its files have it: the envelope and its messages, to values and back.

``{"schema_version": 1, "model", "max_turns", "system_message", "messages", "metadata"}``; a
message is ``{"role": system|user|assistant|tool|signal, "content": [block…]}``, its content left
out where it is empty. Blocks: ``text``, ``image {media_type, data}``, ``tool_use {id, name,
input}``, ``tool_result {tool_use_id, content}``. No session has its id inside, nor any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Content, Data, Image
from scrubber.core.errors import FormatError
from scrubber.core.events import Kind, Role
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.document_writing import text_of_block
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.formats.document_writing import Item

SCHEMA_VERSION = 1
_ROLES = {
    "system": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "signal": Role.USER,
}
_SAYS = {Role.SYSTEM: "system", Role.DEVELOPER: "system", Role.ASSISTANT: "assistant"}


def envelope(
    messages: Sequence[JSON],
    *,
    model: str = "",
    max_turns: int = 0,
    system_message: str | None = None,
    metadata: dict[str, JSON] | None = None,
) -> dict[str, Any]:
    """The object of a session file, its keys in fluers' order; the defaults are those of create."""
    return {
        "schema_version": SCHEMA_VERSION,
        "model": model,
        "max_turns": max_turns,
        "system_message": system_message,
        "messages": list(messages),
        "metadata": metadata or {},
    }


def check_version(envelope: dict[str, Any], id: str) -> None:
    """A FormatError in fluers' words if the envelope is of another version."""
    version = envelope.get("schema_version")
    if version != SCHEMA_VERSION:
        raise FormatError(
            f"unsupported session schema version {version} for `{id}` (expected {SCHEMA_VERSION})"
        )


def message_pieces(message: JSON, number: int) -> list[Piece]:
    """The events of one message, at least one: its blocks, or what stands between results."""
    role = _ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    content = message.get("content", []) if role is not None else None
    if role is None or not isinstance(content, (list, str)):
        return [unknown_piece(message, number)]
    name = "signal" if message["role"] == "signal" else None
    kind = Kind.CONTEXT if name else Kind.MESSAGE
    if isinstance(content, str) or not content:
        found = [Piece(kind, role, Content(blocks_of(content)), name=name)]
    else:
        found = list(_blocks(content, role, kind, name))
    return [piece._replace(message=number, source=message) for piece in found]


def _blocks(content: list[JSON], role: Role, kind: Kind, name: str | None) -> Iterator[Piece]:
    """Calls and results are events of their own, what stands between them is one."""
    said: list[Block] = []
    for item in [*content, None]:
        own = _call_or_result(item) if item is not None else None
        if said and (own is not None or item is None):
            speaker = Role.USER if role is Role.TOOL else role
            yield Piece(kind, speaker, Content(tuple(said)), name=name)
            said = []
        if own is not None:
            yield own
        elif item is not None:
            said.append(_block(item))


def _call_or_result(item: JSON) -> Piece | None:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind == "tool_use":
        name, call = text_or_none(item.get("name")), text_or_none(item.get("id"))
        given = Content(arguments=item.get("input"))
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, given, name=name, call_id=call)
    if kind == "tool_result":
        call = text_or_none(item.get("tool_use_id"))
        return Piece(Kind.TOOL_RESULT, Role.TOOL, _result(item.get("content")), call_id=call)
    return None


def _result(given: JSON) -> Content:
    """What a tool gave: ``{"content": blocks, "details"}`` in practice, any JSON in principle."""
    if isinstance(given, dict) and isinstance(given.get("content"), list):
        return Content(tuple(map(_block, given["content"])), detail=given.get("details"))
    return Content(tuple(map(_block, given)) if isinstance(given, list) else blocks_of(given))


def _block(item: JSON) -> Block:
    picture = item.get("image") if isinstance(item, dict) else None
    if isinstance(picture, dict) and item.get("type") == "image":
        return Image(str(picture.get("media_type", "")), str(picture.get("data", "")))
    return blocks_of([item])[0]


def message_of(items: Sequence[Item]) -> dict[str, Any] | None:
    """The message that the events of one message make; None if nothing can be said of them."""
    first = items[0][0]
    is_result = first.kind is Kind.TOOL_RESULT
    blocks = [block for event, content in items for block in _made(event, content)]
    if not blocks and any(event.kind is Kind.REASONING for event, _ in items):
        return None
    role = "tool" if is_result else _SAYS.get(first.role, "user")
    return {"role": role, "content": blocks} if blocks else {"role": role}


def _made(event: Any, content: Content) -> list[dict[str, Any]]:
    if event.kind is Kind.REASONING:
        return []
    blocks = [to_block(block) for block in content.blocks]
    if event.kind is Kind.TOOL_CALL:
        call = event.call_id or f"call_{event.seq}"
        given = content.arguments if content.arguments is not None else {}
        return [{"type": "tool_use", "id": call, "name": event.name or "", "input": given}]
    if event.kind is Kind.TOOL_RESULT:
        call = event.call_id or f"call_{event.ref or event.seq}"
        return [{"type": "tool_result", "tool_use_id": call, "content": {"content": blocks}}]
    return blocks


def to_block(block: Block) -> dict[str, Any]:
    """A block in the shape of fluers; what it has no shape for becomes text."""
    if isinstance(block, Image) and block.data:
        return {
            "type": "image",
            "image": {"media_type": block.media_type, "data": block.data},
        }
    value = block.value if isinstance(block, Data) else None
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return value
    return {"type": "text", "text": text_of_block(block)}
