"""Message files in the shape of Anthropic's API.

A conversation is ``{"system": text or blocks, "messages": [{"role", "content": text or blocks}],
"tools": [...]}`` or a bare list of messages; one a line, an array of them, one alone, or one
message per line. A plain file that could be of either shape is read as ``messages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.anthropic_blocks import block_content, blocks_of
from scrubber.formats.anthropic_writer import AnthropicWriter
from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.conversations import (
    ConversationFormat,
    Piece,
    fields_piece,
    tools_piece,
    unknown_piece,
)
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.formats.base import Reader

_KNOWN = frozenset({"system", "messages", "tools", "model"})
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_NOT_HERE = ("tool_calls", "tool_call_id", "function_call")


def is_message(value: JSON) -> bool:
    """Whether a value has a role and a content."""
    return isinstance(value, dict) and isinstance(value.get("role"), str) and "content" in value


def _said(value: JSON) -> list[JSON] | None:
    """The messages of a conversation, None if it is none."""
    said = value.get("messages") if isinstance(value, dict) else value
    if not isinstance(said, list) or (said and not is_message(said[0])):
        return None
    return said if said or isinstance(value, dict) else None


class AnthropicDialect:
    """Conversations whose messages are made of typed blocks."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """A list of messages, or an object with one."""
        return _said(value) is not None

    def is_message(self, value: JSON) -> bool:
        """A message by itself."""
        return is_message(value)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a conversation or of one message."""
        said = _said(value)
        if said is None:
            return list(message_pieces(value, 0))
        found = list(_around(value)) if isinstance(value, dict) else []
        return found + [
            p for number, message in enumerate(said) for p in message_pieces(message, number)
        ]


def _around(value: dict[str, Any]) -> Iterator[Piece]:
    yield from fields_piece(value, _KNOWN)
    if value.get("tools"):
        yield tools_piece(value["tools"])
    if system := value.get("system"):
        yield Piece(Kind.MESSAGE, Role.SYSTEM, Content(blocks_of(system)), source=system)


def message_pieces(message: JSON, number: int = 0) -> Iterator[Piece]:
    """The events of one message: its blocks, or what is said between results."""
    role = _ROLES.get(message["role"]) if is_message(message) else None
    if role is None:
        yield unknown_piece(message, number)
        return
    content = message["content"]
    if not isinstance(content, list) or not content:
        yield Piece(Kind.MESSAGE, role, Content(blocks_of(content)), message=number, source=content)
    elif role is Role.ASSISTANT:
        for block in content:
            yield _block(block)._replace(message=number, source=block)
    else:
        yield from _heard(content, role, number)


def _heard(content: list[JSON], role: Role, number: int) -> Iterator[Piece]:
    """Results are events of their own, what stands between them is one message."""
    spoken: list[JSON] = []
    for block in [*content, None]:
        is_result = isinstance(block, dict) and block.get("type") == "tool_result"
        if spoken and (is_result or block is None):
            yield Piece(
                Kind.MESSAGE, role, Content(blocks_of(spoken)), message=number, source=spoken
            )
            spoken = []
        if is_result:
            yield _result(block)._replace(message=number, source=block)
        elif block is not None:
            spoken.append(block)


def _block(block: JSON) -> Piece:
    """One block of what the model said."""
    kind = str(block.get("type")) if isinstance(block, dict) else ""
    role, content = Role.ASSISTANT, block_content(block)
    if kind in ("thinking", "redacted_thinking"):
        marks = Mark.SEALED if content.signature else Mark.NONE
        return Piece(Kind.REASONING, role, content, marks=marks)
    if kind in _CALLS:
        name, call = text_or_none(block.get("name")), text_or_none(block.get("id"))
        arguments = Content(arguments=block.get("input"))
        return Piece(Kind.TOOL_CALL, role, arguments, name=name, call_id=call)
    if kind.endswith("tool_result"):
        return _result(block)
    return Piece(Kind.MESSAGE, role, content)


def _result(block: dict[str, Any]) -> Piece:
    marks = Mark.ERROR if block.get("is_error") is True else Mark.NONE
    call = text_or_none(block.get("tool_use_id"))
    return Piece(Kind.TOOL_RESULT, Role.TOOL, block_content(block), marks=marks, call_id=call)


class Anthropic(ConversationFormat):
    """The format of such files."""

    name = "anthropic"
    title = "Messages (Anthropic)"

    def sniff(self, path: Path, head: bytes) -> int:
        """Only what no other dialect of messages has is evidence: typed blocks, a system text."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a file of conversations."""
        return ConversationReader(self.dialect)

    def quoted_blocks(self, raw: bytes, part: int) -> list[JSON] | None:
        """The blocks that an event was read from."""
        piece = self.piece(raw, part)
        if piece is None or piece.source is None:
            return None
        return piece.source if isinstance(piece.source, list) else [piece.source]


def _likeness(value: JSON) -> int:
    said = [value] if is_message(value) else _said(value)
    if said is None or any(isinstance(m, dict) and any(k in m for k in _NOT_HERE) for m in said):
        return 0
    if any(_has_typed_block(message) for message in said):
        return 85
    return 80 if said and isinstance(value, dict) and value.get("system") else 0


def _has_typed_block(message: JSON) -> bool:
    content = message.get("content") if isinstance(message, dict) else None
    for block in content if isinstance(content, list) else ():
        kind = str(block.get("type")) if isinstance(block, dict) else ""
        if kind in ("thinking", "redacted_thinking", *_CALLS) or kind.endswith("tool_result"):
            return True
        if kind in ("image", "document") and isinstance(block.get("source"), dict):
            return True
    return False


FORMAT = Anthropic(AnthropicDialect())
WRITER = AnthropicWriter()
