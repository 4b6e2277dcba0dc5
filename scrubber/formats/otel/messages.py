"""The messages that a span holds, in whichever of the conventions, and the events of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text
from scrubber.core.events import Kind, Role
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.openai_messages import (
    ROLES,
    message_pieces,
    parse_arguments,
    text_or_none,
)
from scrubber.formats.otel.attributes import attributes_of, numbered, structured

if TYPE_CHECKING:
    from collections.abc import Iterator

INPUT, OUTPUT = "gen_ai.input.messages", "gen_ai.output.messages"
SYSTEM, TOOLS = "gen_ai.system_instructions", "gen_ai.tool.definitions"
OLD_INPUT, OLD_OUTPUT = "gen_ai.prompt", "gen_ai.completion"
INFERENCE_INPUT, INFERENCE_OUTPUT = "llm.input_messages", "llm.output_messages"
TOLD = frozenset({INPUT, OUTPUT, SYSTEM, TOOLS, OLD_INPUT, OLD_OUTPUT})
TOLD_PREFIXES = tuple(
    f"{name}." for name in (OLD_INPUT, OLD_OUTPUT, INFERENCE_INPUT, INFERENCE_OUTPUT)
)

_EVENT_ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
_WHOLE = (
    "gen_ai.client.inference.operation.details",
    "gen_ai.content.prompt",
    "gen_ai.content.completion",
)


class Told(NamedTuple):
    """The messages of a call: what went in, and what came out."""

    sent: list[JSON]
    answered: list[JSON]


def is_message_event(event: JSON) -> bool:
    """Whether a span's event holds messages."""
    name = event.get("name") if isinstance(event, dict) else None
    return isinstance(name, str) and (name in _EVENT_ROLES or name in _WHOLE)


def messages_of(attributes: dict[str, JSON], events: list[JSON]) -> Told:
    """The messages of a span: of its attributes, else of its events."""
    told = _of_attributes(attributes)
    others = [_of_event(event) for event in events if is_message_event(event)]
    sent = told.sent or [message for other in others for message in other.sent]
    return Told(sent, told.answered or [m for other in others for m in other.answered])


def _of_attributes(attributes: dict[str, JSON]) -> Told:
    system = _list(attributes.get(SYSTEM))
    sent = _list(attributes.get(INPUT)) or _older(attributes, OLD_INPUT, INFERENCE_INPUT)
    if system:
        sent = [{"role": "system", "parts": system}, *sent]
    answered = _list(attributes.get(OUTPUT))
    return Told(sent, answered or _older(attributes, OLD_OUTPUT, INFERENCE_OUTPUT))


def _older(attributes: dict[str, JSON], prefix: str, inference: str) -> list[JSON]:
    """Messages that are spelled out key by key, or stand as JSON under the older name."""
    found = _list(attributes.get(prefix)) or numbered(attributes, prefix)
    return [_chat(m) for m in found] or [_inferred(m) for m in numbered(attributes, inference)]


def _list(value: JSON) -> list[JSON]:
    value = structured(value)
    if isinstance(value, str) and value:
        return [{"type": "text", "content": value}]
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _chat(message: JSON) -> JSON:
    """A message whose content may be parts as JSON text."""
    if not isinstance(message, dict):
        return message
    content = structured(message.get("content"))
    if isinstance(content, list) and content and all(isinstance(p, dict) for p in content):
        return message | {"content": content}
    return message


def _inferred(given: JSON) -> JSON:
    """An OpenInference message as a chat message."""
    message = given.get("message") if isinstance(given, dict) else None
    if not isinstance(message, dict):
        return given
    calls, contents = message.get("tool_calls"), message.get("contents")
    found = {k: v for k, v in message.items() if k not in ("tool_calls", "contents")}
    if isinstance(contents, list) and "content" not in found:
        found["content"] = [_inferred_part(part) for part in contents]
    if isinstance(calls, list):
        found["tool_calls"] = [c.get("tool_call", c) if isinstance(c, dict) else c for c in calls]
    return found


def _inferred_part(given: JSON) -> JSON:
    part = given.get("message_content", given) if isinstance(given, dict) else given
    image = part.get("image") if isinstance(part, dict) else None
    if isinstance(image, dict):
        inner = image.get("image", image)
        return {"type": "image_url", "image_url": inner if isinstance(inner, dict) else {}}
    return part


def _of_event(event: dict[str, Any]) -> Told:
    """The messages of one event of a span."""
    name, attributes = event["name"], attributes_of(event.get("attributes"))
    if name in _WHOLE:
        return _of_attributes(attributes)
    body = {k.removeprefix("gen_ai.event."): structured(v) for k, v in attributes.items()}
    inner = body.get("message")
    message = body | inner if isinstance(inner, dict) else body
    message["role"] = _EVENT_ROLES[name]
    if message["role"] == "tool" and "id" in message:
        message["tool_call_id"] = message["id"]
    return Told([], [message]) if name == "gen_ai.choice" else Told([message], [])


def pieces_of_message(message: JSON, number: int, fallback: str) -> Iterator[Piece]:
    """The events of a message; ``fallback`` is the role of one that names none."""
    if isinstance(message, dict) and "role" not in message:
        message = message | {"role": fallback}
    if not isinstance(message, dict) or not isinstance(message.get("parts"), list):
        if isinstance(message, dict) and message.get("type") == "text" and "content" in message:
            message = {"role": message["role"], "content": message["content"]}
        yield from message_pieces(message, number)
        return
    role = ROLES.get(str(message.get("role")))
    if role is None:
        yield unknown_piece(message, number)
        return
    for piece in _grouped(message["parts"], role):
        yield piece._replace(message=number)


def _grouped(parts: list[JSON], role: Role) -> Iterator[Piece]:
    """Neighbouring texts and pictures are one event, each other part its own."""
    said: list[Block] = []
    for part in parts or [{"type": "text", "content": ""}]:
        piece = _special(part, role)
        if piece is None:
            said.append(_block(part))
            continue
        if said:
            yield Piece(Kind.MESSAGE, role, Content(tuple(said)))
            said = []
        yield piece
    if said:
        yield Piece(Kind.MESSAGE, role, Content(tuple(said)))


def _special(part: JSON, role: Role) -> Piece | None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "reasoning":
        blocks = (_block({"type": "text", "content": part.get("content")}),)
        return Piece(Kind.REASONING, role, Content(blocks))
    if kind in ("tool_call", "server_tool_call"):
        given = part.get("arguments", part.get("server_tool_call"))
        content = Content(arguments=parse_arguments(given))
        name, call = text_or_none(part.get("name")), text_or_none(part.get("id"))
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, content, name=name, call_id=call)
    if kind in ("tool_call_response", "server_tool_call_response"):
        given = next((part[k] for k in ("response", "result", "content") if k in part), None)
        call = text_or_none(part.get("id"))
        return Piece(Kind.TOOL_RESULT, Role.TOOL, Content(result_blocks(given)), call_id=call)
    return None


def result_blocks(given: JSON) -> tuple[Block, ...]:
    """What a tool gave: text, parts, or anything else."""
    if isinstance(given, list) and given and all(isinstance(p, dict) for p in given):
        return tuple(_block(part) for part in given)
    return (Text(given),) if isinstance(given, str) else (Data(given),)


def _block(part: JSON) -> Block:
    if not isinstance(part, dict):
        return Text(part) if isinstance(part, str) else Data(part)
    kind, media = part.get("type"), str(part.get("mime_type") or part.get("modality") or "")
    text = part.get("content", part.get("text"))
    if kind == "text" and isinstance(text, str):
        return Text(text)
    place = next((part[k] for k in ("uri", "file_id") if isinstance(part.get(k), str)), "")
    data = part.get("content", part.get("data"))
    if kind not in ("blob", "uri", "file") or not (place or isinstance(data, str)):
        return Data(part)
    data = data if kind == "blob" and isinstance(data, str) else ""
    if media.startswith("image"):
        return Image(media if "/" in media else "", data, place)
    return Document(place or str(kind), media, data, place)
