"""Writes a session as one request of OpenAI's Responses API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message, messages
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.continuing import UNTOUCHED
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_closed_losses,
    metadata,
    sentences,
    to_json,
    tools_of,
)
from scrubber.formats.messages_writer import to_openai_tools
from scrubber.formats.openai_messages import to_arguments
from scrubber.formats.responses_items import to_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

_ROLES = {Role.SYSTEM: "system", Role.DEVELOPER: "developer", Role.ASSISTANT: "assistant"}
_LOST = (
    "open", "closed", "stray", "failed", "reasoning", "rewound", "shown", "unsaid", "hidden",
    "agents", "times", "usage",
)  # fmt: skip
_SEALED = frozenset({"responses", "codex"})
"""Formats whose seals on reasoning are OpenAI's: that of another provider would be refused."""
_LONGEST = 512
"""Characters of a value of a request's metadata, as the API takes them."""

Item = dict[str, Any]


class ResponsesWriter:
    """``{"model", "instructions", "input": items, "tools", "metadata"}`` on one line.

    An item that stands in the session as a file of this format had it is written as it was.
    Reasoning stays only under OpenAI's own seal, where nothing of its message was edited.
    """

    name = "responses"
    title = "Responses (OpenAI)"
    suffix = ".jsonl"

    def __init__(self, own: Callable[[bytes, int], JSON]) -> None:
        """``own`` gives the item of a record's event, None if it was read from none."""
        self._own = own

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no item, and reasoning that cannot be handed back."""
        count = count_closed_losses(transcript)
        count["reasoning"] = sum(
            event.kind is Kind.REASONING and not self._keeps(transcript, message, event, content)
            for message in messages(transcript)
            for event, content in message.items
        )
        return sentences(count, _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The line, item by item."""
        transcript = ClosedTranscript(transcript)
        provenance = Provenance()
        instructions = _instructions(transcript)
        yield b"{"
        if transcript.session.model:
            yield b'"model":' + to_json(transcript.session.model) + b","
        if instructions is not None:
            yield b'"instructions":' + to_json(instructions.items[0][1].text) + b","
        yield b'"input":['
        yield from array_items(self._items(transcript, provenance, instructions is not None))
        yield b"]"
        if tools := tools_of(transcript):
            yield b',"tools":' + to_json(to_response_tools(tools))
        yield b',"metadata":' + to_json(_flat(metadata(transcript, provenance))) + b"}\n"

    def _items(
        self, transcript: Transcript, provenance: Provenance, skips_first: bool
    ) -> Iterator[JSON]:
        number, texts = 0, set[str]()
        for place, message in enumerate(messages(transcript)):
            if place == 0 and skips_first:
                continue
            for item in self._items_of(transcript, message, texts):
                provenance.note(number, message)
                number += 1
                yield item

    def _items_of(
        self, transcript: Transcript, message: Message, texts: set[str]
    ) -> Iterator[JSON]:
        """The items of a message; ``texts``: calls made with text, whose results say so, too."""
        for event, content in message.items:
            item = self._quoted(transcript, event)
            if item is None:
                yield from self._made(transcript, message, event, content, texts)
            elif event.kind is not Kind.TOOL_RESULT or str(item.get("type")).endswith("_output"):
                yield item  # a call that the provider answered itself holds its result

    def _quoted(self, transcript: Transcript, event: Event) -> Item | None:
        if event.part < 0 or transcript.format_of(event) != self.name:
            return None
        found = self._own(transcript.raw(event), event.part)
        return found if isinstance(found, dict) else None

    def _keeps(
        self, transcript: Transcript, message: Message, event: Event, content: Content
    ) -> bool:
        """Whether a piece of reasoning is written."""
        is_ours = transcript.format_of(event) in _SEALED and message.origins <= UNTOUCHED
        return self._quoted(transcript, event) is not None or (is_ours and bool(content.signature))

    def _made(
        self,
        transcript: Transcript,
        message: Message,
        event: Event,
        content: Content,
        texts: set[str],
    ) -> Iterator[Item]:
        if event.kind is Kind.REASONING:
            if self._keeps(transcript, message, event, content):
                yield _reasoning(content)
        elif event.kind is Kind.TOOL_CALL:
            if isinstance(content.arguments, str):
                texts.add(call_id(event))
            yield _call(event, content)
        elif event.kind is Kind.TOOL_RESULT:
            yield _result(event, content, call_id(event) in texts)
        elif content.blocks:
            role = _ROLES.get(event.role, "user")
            parts = to_parts(content.blocks, is_output=role == "assistant")
            yield {"type": "message", "role": role, "content": parts}


def _instructions(transcript: Transcript) -> Message | None:
    """The system prompt, if the session begins with one that is a text."""
    first = next(messages(transcript), None)
    if first is None or first.role is not Role.SYSTEM or len(first.items) != 1:
        return None
    blocks = first.items[0][1].blocks
    return first if blocks and all(isinstance(block, Text) for block in blocks) else None


def call_id(event: Event) -> str:
    """The id of a call, the same for its result."""
    if event.call_id:
        return event.call_id
    return f"call_{event.ref if event.kind is Kind.TOOL_RESULT and event.ref else event.seq}"


def _reasoning(content: Content) -> Item:
    summary = [
        {"type": "summary_text", "text": block.text}
        for block in content.blocks
        if isinstance(block, Text)
    ]
    return {"type": "reasoning", "summary": summary, "encrypted_content": content.signature}


def _call(event: Event, content: Content) -> Item:
    name = event.name or "unknown"
    if isinstance(content.arguments, str):
        call = {"type": "custom_tool_call", "call_id": call_id(event), "name": name}
        return call | {"input": content.arguments}
    call = {"type": "function_call", "call_id": call_id(event), "name": name}
    return call | {"arguments": to_arguments(content.arguments)}


def _result(event: Event, content: Content, answers_text: bool) -> Item:
    only_text = all(isinstance(block, Text) for block in content.blocks)
    output = content.text if only_text else to_parts(content.blocks, is_output=False)
    kind = "custom_tool_call_output" if answers_text else "function_call_output"
    return {"type": kind, "call_id": call_id(event), "output": output}


def _flat(facts: dict[str, Any]) -> dict[str, str]:
    """Metadata as the API takes it: short texts."""
    told = {key: value if isinstance(value, str) else to_json(value).decode()
            for key, value in facts.items() if value not in (None, [])}  # fmt: skip
    return {key: value[:_LONGEST] for key, value in told.items()}


def to_response_tools(tools: JSON) -> JSON:
    """Tool definitions in the shape of this API; those of other shapes as they are."""
    given = to_openai_tools(tools)
    if not isinstance(given, list):
        return given
    return [_tool(tool) for tool in given]


def _tool(tool: JSON) -> JSON:
    inner = tool.get("function") if isinstance(tool, dict) else None
    return {"type": "function", **inner} if isinstance(inner, dict) else tool
