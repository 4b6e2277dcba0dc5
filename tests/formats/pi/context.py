"""What a model sees of a session, told so that pi's own answer can be compared with ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Image, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import messages

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript

Said = list[tuple[str, list[Any]]]
_ROLES = {Role.SYSTEM: "system", Role.ASSISTANT: "assistant", Role.TOOL: "toolResult"}


def ours(transcript: Transcript) -> Said:
    """The context as Scrubber builds it."""
    return [
        (_ROLES.get(message.role, "user"), [b for item in message.items for b in _blocks(*item)])
        for message in messages(transcript, honour_compaction=True)
    ]


def _blocks(event: Event, content: Content) -> list[Any]:
    if event.kind is Kind.TOOL_CALL:
        return [("call", event.call_id, event.name, content.arguments)]
    if event.kind is Kind.REASONING:
        return [("thinking", content.text, content.signature)]
    head = [("answers", event.call_id)] if event.kind is Kind.TOOL_RESULT else []
    return [*head, *(_told(block) for block in content.blocks if block != Text(""))]


def _told(block: Any) -> Any:
    if isinstance(block, Text):
        return block.text
    return ("image", block.data) if isinstance(block, Image) else block


def theirs(found: list[dict[str, Any]]) -> Said:
    """The same of the messages that pi would send; failed answers are never sent."""
    return [
        (message["role"], [*_head(message), *_parts(message)])
        for message in found
        if message.get("stopReason") not in ("error", "aborted")
    ]


def _head(message: dict[str, Any]) -> list[Any]:
    return [("answers", message["toolCallId"])] if message["role"] == "toolResult" else []


def _parts(message: dict[str, Any]) -> list[Any]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    found = [part for block in blocks if (part := _part(block)) != ""]
    for name, words in (message.get("sections") or {}).items():
        found.append(f'Removed system prompt section "{name}".' if words is None else words)
    return found


def _part(block: dict[str, Any]) -> Any:
    match block["type"]:
        case "text":
            return block["text"]
        case "image":
            return ("image", block["data"])
        case "thinking":
            return ("thinking", block["thinking"], block.get("thinkingSignature"))
        case "toolCall":
            return ("call", block["id"], block["name"], block["arguments"])
    raise AssertionError(block)
