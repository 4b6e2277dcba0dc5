"""A conversation of ChatGPT: a mapping of nodes, each with its message, parent and children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Role
from scrubber.formats.chatgpt.messages import Message, is_call, role_of, told_of
from scrubber.formats.exports.conversation import (
    Conversation,
    Node,
    dict_of,
    facts_node,
    list_of,
    millis,
    text_or_none,
)
from scrubber.formats.exports.ways import order_of

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_TOLD_ELSEWHERE = frozenset({"mapping", "title"})


class ChatGPTService:
    """Conversations as OpenAI exports them, and as its own pages are given them."""

    def is_conversation(self, value: JSON) -> bool:
        """It has a mapping of nodes, and tells the one that was shown last."""
        if not isinstance(value, dict) or not isinstance(value.get("mapping"), dict):
            return False
        node = next(iter(value["mapping"].values()), None)
        is_node = isinstance(node, dict) and ("message" in node or "children" in node)
        return is_node or "current_node" in value

    def conversation(self, value: JSON) -> Conversation:
        """The conversation, the way to its current node first."""
        tree = _Tree(value["mapping"])
        order = order_of(tree.leaf(value.get("current_node")), tree.parents, tree.children)
        created = millis(value.get("create_time"))
        return Conversation(
            text_or_none(value.get("conversation_id")) or text_or_none(value.get("id")),
            text_or_none(value.get("title")) or "",
            created,
            millis(value.get("update_time")),
            text_or_none(value.get("default_model_slug")),
            [facts_node(value, _TOLD_ELSEWHERE), *map(tree.node, order)],
        )


class _Tree:
    """The nodes of one conversation, with what each needs of those in front of it."""

    def __init__(self, mapping: dict[str, Any]) -> None:
        self._nodes = {name: dict_of(node) for name, node in mapping.items()}
        self.parents = {
            name: text_or_none(node.get("parent")) for name, node in self._nodes.items()
        }
        self.children = {name: self._below(name) for name in self._nodes}
        for name, parent in self.parents.items():
            if parent in self.children and name not in self.children[parent]:
                self.children[parent].append(name)
        self._calls: dict[str, str] = {}
        self._groups: dict[str, str] = {}

    def _below(self, name: str) -> list[str]:
        """A node's children: those that call it their parent, too."""
        named = list_of(self._nodes[name].get("children"))
        return [one for one in named if isinstance(one, str) and self.parents.get(one) == name]

    def leaf(self, current: JSON) -> str | None:
        """The node that was shown last; if none is told, the last one that nothing goes on from."""
        if isinstance(current, str) and current in self._nodes:
            return current
        return next((name for name in reversed(self._nodes) if not self.children[name]), None)

    def node(self, name: str) -> Node:
        """A node with its events; asked for after its parent."""
        parent, message = self.parents[name], dict_of(self._nodes[name].get("message"))
        is_orphan = parent is not None and parent not in self._nodes
        node = Node(name, None if is_orphan else parent, is_orphan=is_orphan)
        call = self._call(name, parent, message)
        group = self._group(name, parent, message)
        if message:
            node.told = told_of(message, call, group)
            node.model = text_or_none(dict_of(message.get("metadata")).get("model_slug"))
        return node

    def _call(self, name: str, parent: str | None, message: Message) -> str | None:
        """The call that a node makes, or that it answers: the nearest in front of it."""
        if is_call(message):
            self._calls[name] = name
            return name
        found = self._calls.get(parent or "")
        if found is not None and role_of(message) is not Role.USER:
            self._calls[name] = found
        return found if role_of(message) is Role.TOOL else None

    def _group(self, name: str, parent: str | None, message: Message) -> str | None:
        """What a model says in a row, thoughts, calls and all, is one message."""
        if role_of(message) is not Role.ASSISTANT:
            return None
        self._groups[name] = self._groups.get(parent or "", name)
        return self._groups[name]
