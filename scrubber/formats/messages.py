"""Message files in the shape of OpenAI's chat completions, as used for fine-tuning and evals.

A conversation is ``{"messages": [...], "tools": [...]}``, a bare list of messages, or a
preference pair (``{"input", "preferred_output", "non_preferred_output"}``, or ``{"prompt",
"chosen", "rejected"}`` with lists of messages), whose rejected ending is a branch of the other.
A file holds one per line, an array of them, one alone, or one message per line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.conversations import (
    ConversationFormat,
    Piece,
    fields_piece,
    shared,
    tools_piece,
)
from scrubber.formats.layouts import sample
from scrubber.formats.messages_writer import MessagesWriter
from scrubber.formats.openai_messages import ROLES, message_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.base import Reader

_PAIRS = (("input", "preferred_output", "non_preferred_output"), ("prompt", "chosen", "rejected"))
_TOOLS = ("tools", "functions")
_KNOWN = frozenset({"messages", "model", *_TOOLS, *(key for pair in _PAIRS for key in pair)})
_ONLY_HERE = ("tool_calls", "tool_call_id", "function_call")


def is_messages(value: JSON) -> bool:
    """Whether a value is a list that begins with a message, or is empty."""
    return isinstance(value, list) and (not value or is_message(value[0]))


def is_message(value: JSON) -> bool:
    """Whether a value has a role, and something said in it."""
    if not isinstance(value, dict) or not isinstance(value.get("role"), str):
        return False
    return "content" in value or any(key in value for key in _ONLY_HERE)


class OpenAIDialect:
    """Conversations whose messages have ``role`` and ``content``."""

    branches = ("preferred", "rejected")

    def is_conversation(self, value: JSON) -> bool:
        """A list of messages, an object with one, or a preference pair."""
        if isinstance(value, list):
            return bool(value) and is_messages(value)
        return isinstance(value, dict) and (
            is_messages(value.get("messages")) or _pair_of(value) is not None
        )

    def is_message(self, value: JSON) -> bool:
        """A message by itself."""
        return is_message(value)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a conversation, of both of a pair, or of one message."""
        if isinstance(value, list):
            return _messages(value)
        if pair := _pair_of(value):
            first, second = pair
            return _conversation(value, first) + _messages(second, 1, shared(first, second))
        if is_messages(value.get("messages")):
            return _conversation(value, value["messages"])
        return message_pieces(value, 0)


def _conversation(value: dict[str, Any], said: list[JSON]) -> list[Piece]:
    pieces = fields_piece(value, _KNOWN)
    inner = value.get("input")
    for place in (value, inner if isinstance(inner, dict) else {}):
        pieces += [tools_piece(place[key]) for key in _TOOLS if place.get(key)]
    return pieces + _messages(said)


def _messages(said: list[JSON], branch: int = 0, start: int = 0) -> list[Piece]:
    return [
        piece
        for number, message in enumerate(said[start:], start)
        for piece in message_pieces(message, number, branch)
    ]


def _pair_of(value: dict[str, Any]) -> tuple[list[JSON], list[JSON]] | None:
    """The two conversations of a preference pair, the better one first."""
    for start, better, worse in _PAIRS:
        first, second = value.get(better), value.get(worse)
        beginning: JSON = value.get(start, [])
        if isinstance(beginning, dict):
            beginning = beginning.get("messages", [])
        elif isinstance(beginning, str):
            beginning = [{"role": "user", "content": beginning}]
        if first and is_messages(first) and is_messages(second) and is_messages(beginning):
            return [*beginning, *first], [*beginning, *(second or [])]
    return None


class Messages(ConversationFormat):
    """The format of such files."""

    name = "messages"
    title = "Chat messages (OpenAI)"
    version = 2

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at what only this dialect has, less so at plain messages that others have too."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a file of conversations."""
        return ConversationReader(self.dialect)

    def quoted_message(self, raw: bytes, parts: Sequence[int]) -> JSON:
        """The message that consists of these events and of no other."""
        first = self.piece(raw, parts[0])
        if first is None or first.message < 0:
            return None
        whole = self.message_pieces(raw, first.message, first.branch)
        return first.source if len(whole) == len(parts) else None


def _likeness(value: JSON) -> int:
    said = _sayings(value)
    if not said:
        return 0
    own = any(isinstance(m, dict) and any(key in m for key in _ONLY_HERE) for m in said)
    if own:
        return 75
    known = any(isinstance(m, dict) and str(m.get("role")) in ROLES for m in said)
    return (50 if is_message(value) else 60) if known else 20


def _sayings(value: JSON) -> Sequence[JSON]:
    if is_message(value):
        return [value]
    if isinstance(value, list):
        return value if is_messages(value) else ()
    if not isinstance(value, dict):
        return ()
    if pair := _pair_of(value):
        return pair[0]
    said = value.get("messages")
    return said if isinstance(said, list) and is_messages(said) else ()


FORMAT = Messages(OpenAIDialect())
WRITER = MessagesWriter()
