"""Writes a session as one line of ShareGPT turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Document, Image, Text
from scrubber.core.events import Kind, Role
from scrubber.core.messages import Message, messages
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_losses,
    metadata,
    readable,
    sentences,
    to_json,
    tools_of,
)
from scrubber.formats.messages_writer import calls_of, reasoning_text, to_openai_tools
from scrubber.formats.openai_parts import to_url
from scrubber.formats.sharegpt_turns import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

_FROM = {Role.SYSTEM: "system", Role.DEVELOPER: "system", Role.USER: "human"}
_LOST = (
    "open", "orphans", "failed", "sealed", "rewound", "shown", "unsaid", "hidden", "agents",
    "times", "usage",
)  # fmt: skip


class ShareGPTWriter:
    """``{"conversations": [...], "tools": JSON text, "images": [...], "metadata"}`` on one line.

    Reasoning stands between <think> and </think> at the head of its turn, parallel calls as a
    list in one ``function_call``. Call ids have no place: results answer calls in their order.
    """

    name = "sharegpt"
    title = "ShareGPT, LLaMA-Factory"
    suffix = ".jsonl"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message, seals, and the ids of calls."""
        calls = any(event.kind is Kind.TOOL_CALL for event in transcript.events())
        found = ["the ids of calls are left out: results answer calls in their order"]
        return sentences(count_losses(transcript), _LOST) + (found if calls else [])

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The line, turn by turn."""
        provenance, images = Provenance(), list[str]()
        yield b'{"conversations":['
        yield from array_items(_turns(transcript, provenance, images))
        yield b"]"
        if tools := tools_of(transcript):
            text = to_json(to_openai_tools(tools)).decode()
            yield b',"tools":' + to_json(text)
        if images:
            yield b',"images":' + to_json(images)
        yield b',"metadata":' + to_json(metadata(transcript, provenance)) + b"}\n"


def _turns(
    transcript: Transcript, provenance: Provenance, images: list[str]
) -> Iterator[dict[str, Any]]:
    number = 0
    for message in readable(messages(transcript)):
        for turn in _turns_of(message, images):
            provenance.note(number, message)
            number += 1
            yield turn


def _turns_of(message: Message, images: list[str]) -> Iterator[dict[str, Any]]:
    event, content = message.items[0]
    if message.role is not Role.ASSISTANT:
        said = _text(content.blocks, images)
        who = "observation" if event.kind is Kind.TOOL_RESULT else _FROM.get(message.role, "human")
        yield {"from": who, "value": said}
        return
    blocks = tuple(
        block
        for event, content in message.items
        if event.kind not in (Kind.REASONING, Kind.TOOL_CALL)
        for block in content.blocks
    )
    said, reasoning, calls = _text(blocks, images), reasoning_text(message), calls_of(message)
    if reasoning:
        said = f"<think>\n{reasoning}\n</think>\n\n{said}"
    if said or not calls:
        yield {"from": "gpt", "value": said}
    if calls:
        written = [
            {"name": event.name or "", "arguments": _given(content.arguments)}
            for event, content in calls
        ]
        value = to_json(written[0] if len(written) == 1 else written).decode()
        yield {"from": "function_call", "value": value}


def _given(arguments: JSON) -> JSON:
    return {} if arguments is None else arguments


def _text(blocks: tuple[Block, ...], images: list[str]) -> str:
    """Blocks as one text, with a mark where a picture stands."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Image):
            images.append(to_url(block))
            parts.append(IMAGE)
        elif isinstance(block, Text):
            parts.append(block.text)
        else:
            parts.append(_other(block))
    return "\n".join(parts)


def _other(block: Block) -> str:
    if isinstance(block, Document):
        return block.data if block.media_type == "text/plain" else f"[document {block.title}]"
    return to_json(getattr(block, "value", None)).decode()
