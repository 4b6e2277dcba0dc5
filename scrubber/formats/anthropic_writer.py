"""Writes a session as one line of messages in the shape of Anthropic's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Role
from scrubber.core.messages import Message, messages, spoken_events
from scrubber.formats.anthropic_turns import SYSTEM, system_of, turn_blocks, turns
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_closed_losses,
    metadata,
    sentences,
    to_json,
    tools_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript

_LOST = (
    "open", "closed", "stray", "later_system", "rewound", "shown", "unsaid", "hidden", "agents",
    "times", "usage",
)  # fmt: skip


class AnthropicWriter:
    """``{"system": …, "messages": [...], "tools": [...], "metadata": {...}}`` on one line.

    Neighbouring messages of one role are one, and results stand first in theirs, as the API asks.
    Reasoning stays only where it is sealed and nothing of its message was edited. Blocks that
    stand in the session just as their source recorded them are written as they were.
    """

    name = "anthropic"
    title = "Messages (Anthropic)"
    suffix = ".jsonl"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message, and reasoning that cannot be handed back."""
        count = count_closed_losses(transcript)
        count["reasoning"] = sum(
            event.kind is Kind.REASONING and not turn_blocks(transcript, message, event, content)
            for message in messages(transcript)
            if message.role is Role.ASSISTANT
            for event, content in message.items
        )
        return sentences(count, ("reasoning", *_LOST))

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The line, message by message."""
        transcript = ClosedTranscript(transcript)
        provenance = Provenance()
        yield b"{"
        if system := system_of(transcript, _system_messages(transcript)):
            yield b'"system":' + to_json(system) + b","
        yield b'"messages":['
        yield from array_items(self._messages(transcript, provenance))
        yield b"]"
        if tools := tools_of(transcript):
            yield b',"tools":' + to_json(to_anthropic_tools(tools))
        yield b',"metadata":' + to_json(metadata(transcript, provenance)) + b"}\n"

    def _messages(self, transcript: Transcript, provenance: Provenance) -> Iterator[JSON]:
        for number, turn in enumerate(turns(transcript, messages(transcript))):
            for message in turn.messages:
                provenance.note(number, message)
            yield {"role": turn.role, "content": turn.content}


def _system_messages(transcript: Transcript) -> Iterator[Message]:
    """The system prompts alone, without the contents of all that stands between them."""
    for event in spoken_events(transcript):
        if event.role in SYSTEM:
            yield Message(event.role, ((event, transcript.content(event)),))


def to_anthropic_tools(tools: JSON) -> JSON:
    """Tool definitions in the shape of this API; those of other shapes as they are."""
    if not isinstance(tools, list):
        return tools
    return [_tool(tool) for tool in tools]


def _tool(tool: JSON) -> JSON:
    inner = tool.get("function", tool) if isinstance(tool, dict) else None
    if not isinstance(inner, dict) or "input_schema" in inner or "type" in inner:
        return tool
    written = {key: inner[key] for key in ("name", "description") if key in inner}
    return written | {"input_schema": inner.get("parameters", {"type": "object"})}
