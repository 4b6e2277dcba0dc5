"""Writes a session as one line of messages in the shape of Anthropic's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message, messages, spoken_events
from scrubber.formats.anthropic_messages import (
    SEALED_BLOCKS,
    UNTOUCHED,
    blocks_of_event,
    reasoning_blocks,
    speaker,
)
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

    from scrubber.core.transcript import Transcript
    from scrubber.formats.conversations import ConversationFormat

_LOST = (
    "open", "closed", "stray", "later_system", "rewound", "shown", "unsaid", "hidden", "agents",
    "times", "usage",
)  # fmt: skip
_SYSTEM = (Role.SYSTEM, Role.DEVELOPER)


class AnthropicWriter:
    """``{"system": …, "messages": [...], "tools": [...], "metadata": {...}}`` on one line.

    Neighbouring messages of one role are one, and results stand first in theirs, as the API asks.
    Reasoning stays only where it is sealed and nothing of its message was edited.
    """

    name = "anthropic"
    title = "Messages (Anthropic)"
    suffix = ".jsonl"

    def __init__(self, own: ConversationFormat) -> None:
        self._own = own

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message, and reasoning that cannot be handed back."""
        count = count_closed_losses(transcript)
        count["reasoning"] = sum(
            event.kind is Kind.REASONING and not self._reasoning(transcript, message, event)
            for message in messages(transcript)
            if message.role is Role.ASSISTANT
            for event, _ in message.items
        )
        return sentences(count, ("reasoning", *_LOST))

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The line, message by message."""
        transcript = ClosedTranscript(transcript)
        provenance = Provenance()
        yield b"{"
        if system := self._system(transcript):
            yield b'"system":' + to_json(system) + b","
        yield b'"messages":['
        yield from array_items(self._messages(transcript, provenance))
        yield b"]"
        if tools := tools_of(transcript):
            yield b',"tools":' + to_json(to_anthropic_tools(tools))
        yield b',"metadata":' + to_json(metadata(transcript, provenance)) + b"}\n"

    def _system(self, transcript: Transcript) -> JSON:
        blocks: list[dict[str, Any]] = []
        for event in spoken_events(transcript):
            if event.role in _SYSTEM:
                blocks += self._blocks(transcript, event, keeps_seal=False)
        only_text = len(blocks) == 1 and set(blocks[0]) == {"type", "text"}
        return blocks[0]["text"] if only_text else blocks

    def _messages(self, transcript: Transcript, provenance: Provenance) -> Iterator[JSON]:
        """The messages, each of them complete only when the next one's role is another."""
        role, results, others, number = "", list[JSON](), list[JSON](), 0
        for message in messages(transcript):
            if message.role in _SYSTEM:
                continue
            now = speaker(message.items[0][0])
            if now != role and (results or others):
                yield _message(role, results + others)
                results, others, number = [], [], number + 1
            before, role = len(results) + len(others), now
            for event, _ in message.items:
                is_result = event.kind is Kind.TOOL_RESULT
                keeps = self._keeps_seal(transcript, message, event)
                (results if is_result else others).extend(self._blocks(transcript, event, keeps))
            if len(results) + len(others) > before:
                provenance.note(number, message)
        if results or others:
            yield _message(role, results + others)

    def _keeps_seal(self, transcript: Transcript, message: Message, event: Event) -> bool:
        return message.origins <= UNTOUCHED and transcript.format_of(event) in SEALED_BLOCKS

    def _reasoning(self, transcript: Transcript, message: Message, event: Event) -> bool:
        """Whether a piece of reasoning is written."""
        if not self._keeps_seal(transcript, message, event):
            return False
        return bool(reasoning_blocks(transcript.content(event)))

    def _blocks(self, transcript: Transcript, event: Event, keeps_seal: bool) -> list[Any]:
        """The blocks of an event; those that a file of this format had, as it had them."""
        if event.kind is Kind.REASONING and not keeps_seal:
            return []
        if transcript.format_of(event) == self.name and event.part >= 0:
            piece = self._own.piece(transcript.raw(event), event.part)
            source = piece.source if piece is not None else None
            if event.kind is Kind.REASONING and not (piece and piece.content.signature):
                return []
            if isinstance(source, dict):
                return [source]
            if isinstance(source, list):
                return source
        return blocks_of_event(event, transcript.content(event), keeps_seal)


def _message(role: str, blocks: list[JSON]) -> dict[str, Any]:
    only_text = len(blocks) == 1 and isinstance(blocks[0], dict)
    if only_text and set(blocks[0]) == {"type", "text"}:
        return {"role": role, "content": blocks[0]["text"]}
    return {"role": role, "content": blocks}


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
