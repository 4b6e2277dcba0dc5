"""A conversation of Claude.ai: a list of messages; in newer exports each names its parent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Data
from scrubber.core.events import Kind, Role
from scrubber.formats.claude_ai.messages import Message, told_of
from scrubber.formats.exports.conversation import (
    Conversation,
    Node,
    Told,
    dict_of,
    facts_node,
    list_of,
    millis,
    text_or_none,
)
from scrubber.formats.exports.ways import order_of
from scrubber.formats.pieces import SHOWN, Piece

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_TOLD_ELSEWHERE = frozenset({"chat_messages", "name"})
_ROOT = "00000000-0000-4000-8000-000000000000"
"""The parent of what begins a conversation."""


class ClaudeAiService:
    """Conversations as Anthropic exports them, and as its own pages are given them."""

    def is_conversation(self, value: JSON) -> bool:
        """It has a list of messages of the chat."""
        return isinstance(value, dict) and isinstance(value.get("chat_messages"), list)

    def conversation(self, value: JSON) -> Conversation:
        """The conversation, the way to the message that was shown last first."""
        messages = _named(list_of(value.get("chat_messages")))
        return Conversation(
            text_or_none(value.get("uuid")),
            text_or_none(value.get("name")) or "",
            millis(value.get("created_at")),
            millis(value.get("updated_at")),
            text_or_none(value.get("model")),
            [facts_node(value, _TOLD_ELSEWHERE), *_nodes(messages, value)],
        )


def _named(values: list[Any]) -> dict[str, JSON]:
    """The messages by their ids; what has none, or one that was there before, by its number."""
    found: dict[str, JSON] = {}
    for number, value in enumerate(values):
        name = text_or_none(dict_of(value).get("uuid"))
        found[name if name and name not in found else f"#{number}"] = value
    return found


def _nodes(messages: dict[str, JSON], value: JSON) -> list[Node]:
    parents = _parents(messages)
    children: dict[str, list[str]] = {name: [] for name in messages}
    for name, parent in parents.items():
        if parent in children:
            children[parent].append(name)
    leaf = value.get("current_leaf_message_uuid")
    leaf = leaf if isinstance(leaf, str) and leaf in messages else next(reversed(messages), None)
    return [_node(name, parents[name], messages) for name in order_of(leaf, parents, children)]


def _parents(messages: dict[str, JSON]) -> dict[str, str | None]:
    """Whom each message follows: who it says, or in older exports whoever stands in front of it."""
    is_tree = any("parent_message_uuid" in dict_of(value) for value in messages.values())
    found: dict[str, str | None] = {}
    last: str | None = None
    for name, value in messages.items():
        told = text_or_none(dict_of(value).get("parent_message_uuid"))
        found[name] = (None if told == _ROOT else told) if is_tree else last
        last = name
    return found


def _node(name: str, parent: str | None, messages: dict[str, JSON]) -> Node:
    message: Message = dict_of(messages[name])
    is_orphan = parent is not None and parent not in messages
    told = told_of(message, name) if message else [_unknown(messages[name])]
    model = text_or_none(message.get("model"))
    return Node(name, None if is_orphan else parent, told, model, is_orphan)


def _unknown(value: JSON) -> Told:
    return Told(Piece(Kind.UNKNOWN, Role.NONE, SHOWN, None), Content((Data(value),)))
