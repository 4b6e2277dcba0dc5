"""Writes a session as one line of chat messages, in the shape of OpenAI's chat completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message, messages
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_closed_losses,
    metadata,
    readable,
    sentences,
    to_json,
    tools_of,
)
from scrubber.formats.openai_messages import to_arguments
from scrubber.formats.openai_parts import to_parts
from scrubber.formats.quoting import quoted_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

_ROLES = {Role.SYSTEM: "system", Role.DEVELOPER: "developer", Role.USER: "user"}
_LOST = (
    "open", "closed", "stray", "failed", "sealed", "rewound", "shown", "unsaid", "hidden", "agents",
    "times", "usage",
)  # fmt: skip


class MessagesWriter:
    """``{"messages": [...], "tools": [...], "metadata": {...}}`` on one line.

    A message that stands in the session just as a file of this format had it is written as it
    was, with whatever else that file said of it.
    """

    name = "messages"
    title = "Chat messages (OpenAI)"
    suffix = ".jsonl"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message to or from the model, and the seals on reasoning."""
        return sentences(count_closed_losses(transcript), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The line, message by message."""
        transcript = ClosedTranscript(transcript)
        provenance = Provenance()
        yield b'{"messages":['
        yield from array_items(self._messages(transcript, provenance))
        yield b"]"
        if tools := tools_of(transcript):
            yield b',"tools":' + to_json(to_openai_tools(tools))
        yield b',"metadata":' + to_json(metadata(transcript, provenance)) + b"}\n"

    def _messages(self, transcript: Transcript, provenance: Provenance) -> Iterator[JSON]:
        for number, message in enumerate(readable(messages(transcript))):
            provenance.note(number, message)
            yield quoted_message(transcript, message) or to_message(message)


def to_message(message: Message) -> dict[str, Any]:
    """A message in the shape of the API."""
    if message.role is Role.ASSISTANT:
        return _assistant(message)
    event, content = message.items[0]
    if event.kind is Kind.TOOL_RESULT:
        call = event.call_id or f"call_{event.ref or event.index}"
        return {"role": "tool", "tool_call_id": call, "content": to_parts(content.blocks)}
    blocks = tuple(block for _, content in message.items for block in content.blocks)
    role = _ROLES.get(message.role, "user")
    return {"role": role, "content": to_parts(blocks)}


def _assistant(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = {"role": "assistant"}
    if reasoning := reasoning_text(message):
        written["reasoning_content"] = reasoning
    said = tuple(
        block
        for event, content in message.items
        if event.kind not in (Kind.REASONING, Kind.TOOL_CALL)
        for block in content.blocks
        if not isinstance(block, Text) or block.text
    )
    calls = [_call(event, content) for event, content in calls_of(message)]
    written["content"] = to_parts(said) if said or not calls else None
    if calls:
        written["tool_calls"] = calls
    return written


def reasoning_text(message: Message) -> str:
    """All reasoning of a message that can be read."""
    texts = (content.text for event, content in message.items if event.kind is Kind.REASONING)
    return "\n\n".join(text for text in texts if text)


def calls_of(message: Message) -> list[tuple[Event, Content]]:
    """The tool calls of a message."""
    return [item for item in message.items if item[0].kind is Kind.TOOL_CALL]


def _call(event: Event, content: Content) -> dict[str, Any]:
    function = {"name": event.name or "", "arguments": to_arguments(content.arguments)}
    call = event.call_id or f"call_{event.seq}"
    return {"id": call, "type": "function", "function": function}


def to_openai_tools(tools: JSON) -> JSON:
    """Tool definitions in the shape of chat completions; those of other shapes as they are."""
    if not isinstance(tools, list):
        return tools
    return [_tool(tool) for tool in tools]


def _tool(tool: JSON) -> JSON:
    if not isinstance(tool, dict) or "input_schema" not in tool:
        return tool
    function = {key: tool[key] for key in ("name", "description") if key in tool}
    return {"type": "function", "function": function | {"parameters": tool["input_schema"]}}
