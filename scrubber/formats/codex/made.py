"""Items in the shape of Codex for events that it did not record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from scrubber.core.content import Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.openai_messages import to_arguments
from scrubber.formats.responses_items import Item, to_parts, tool_name

if TYPE_CHECKING:
    from scrubber.core.content import Content

_LONGEST = 64
"""Characters that the API takes of a tool's name, or of a call's id."""
_NOT_IN_NAME = re.compile(r"[^a-zA-Z0-9_-]")
_ROLES = {Role.SYSTEM: "developer", Role.DEVELOPER: "developer", Role.ASSISTANT: "assistant"}
_OUTPUTS = {
    "custom_tool_call": "custom_tool_call_output",
    "tool_search_call": "tool_search_output",
}


class Maker:
    """Makes the items of one export; learns from Codex's own how its tools are called."""

    def __init__(self) -> None:
        self._tools: dict[str, Item] = {}
        self._calls: dict[str, str] = {}

    def learn(self, item: Item) -> None:
        """Take note of an item of Codex: the shape of a call is that of its result, too."""
        if (name := tool_name(item)) is not None:
            keys = ("type", "name", "namespace")
            self._tools[name] = {key: item[key] for key in keys if key in item}
            self._calls[str(item.get("call_id"))] = str(item.get("type"))

    def item(self, event: Event, content: Content) -> Item | None:
        """The item of an event, None if it says nothing."""
        if event.kind is Kind.TOOL_CALL:
            return self._call(event, content)
        if event.kind is Kind.TOOL_RESULT:
            return self._result(call_id(event), _output(content))
        blocks = tuple(b for b in content.blocks if not isinstance(b, Text) or b.text)
        if not blocks:
            return None
        role = _ROLES.get(event.role, "user")
        parts = to_parts(blocks, role == "assistant")
        return {"type": "message", "role": role, "content": parts}

    def interrupted(self, call: Event) -> Item:
        """The result of a call that nothing answers."""
        return self._result(call_id(call), INTERRUPTED)

    def _call(self, event: Event, content: Content) -> Item:
        name, given = event.name or "unknown", content.arguments
        known = self._tools.get(name, {})
        kind, id = "function_call", call_id(event)
        if known.get("type") == "custom_tool_call" and isinstance(given, str):
            kind = "custom_tool_call"
        self._calls[id] = kind
        item = {"type": kind, "name": _NOT_IN_NAME.sub("_", name)[:_LONGEST]}
        if known.get("type") == kind:
            item |= {key: known[key] for key in ("name", "namespace") if key in known}
        said = {"input": given} if kind == "custom_tool_call" else {"arguments": _text(given)}
        return item | said | {"call_id": id}

    def _result(self, id: str, output: Any) -> Item:
        kind = _OUTPUTS.get(self._calls.get(id, ""), "function_call_output")
        if kind == "tool_search_output":
            done = {"status": "completed", "execution": "client", "tools": []}
            return {"type": kind, "call_id": id, **done}
        return {"type": kind, "call_id": id, "output": output}


def call_id(event: Event) -> str:
    """The id of a call as it stands in the file; one that is too long is made anew."""
    if event.call_id and len(event.call_id) <= _LONGEST:
        return event.call_id
    if event.call_id:
        return f"call_{uuid5(NAMESPACE_OID, event.call_id).hex}"
    return f"call_{event.ref if event.kind is Kind.TOOL_RESULT and event.ref else event.seq}"


def _text(arguments: Any) -> str:
    """Arguments as the API asks for them: JSON text, of an object."""
    return to_arguments(arguments) or "{}"


def _output(content: Content) -> Any:
    """A result: its text if it is nothing else, or its parts."""
    if all(isinstance(block, Text) for block in content.blocks):
        return content.text
    return to_parts(content.blocks, is_output=False)
