"""The messages of a session as the steps of a trajectory: calls and their results are one step."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Data, Document, Image, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message, messages
from scrubber.formats.exported import to_json
from scrubber.formats.messages_writer import calls_of, reasoning_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript

    Item = tuple[Event, Content]

_SOURCES = {Role.SYSTEM: "system", Role.DEVELOPER: "system", Role.ASSISTANT: "agent"}
_MEDIA = ("image/jpeg", "image/png", "image/gif", "image/webp")
_HELD = 64
"""Messages that wait for the result of a call in front of them."""

BOUNDARY = {
    "source": "system",
    "message": "The context was compacted; the next message stands for what was before.",
    "extra": {"context_management": {"type": "compaction", "boundary": "replace"}},
}


@dataclass
class Turn:
    """What becomes one step: a message, and the results of its calls."""

    message: Message
    results: list[Message] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)
    """What was said before the results were in."""
    stop: int = sys.maxsize
    """Where the next turn starts."""

    @property
    def items(self) -> list[Item]:
        """All that the step is made of."""
        return [item for message in (self.message, *self.results) for item in message.items]

    @property
    def is_waiting(self) -> bool:
        """Whether a call has no result yet."""
        calls = {id_of(event) for event, _ in calls_of(self.message)}
        return bool(calls - {id_of(message.items[0][0]) for message in self.results})

    def takes(self, message: Message) -> bool:
        """Whether a message is a result of this one's calls, or what it was told after it."""
        event = message.items[0][0]
        if event.kind is Kind.TOOL_RESULT:
            return any(id_of(call) == id_of(event) for call, _ in calls_of(self.message))
        is_feedback = event.kind is Kind.CONTEXT and event.name == "observation"
        return is_feedback and not self.held

    def origins(self) -> list[str]:
        """How its parts came to be, but for those that were recorded."""
        return sorted({o.label for m in (self.message, *self.results) for o in m.origins})


def turns(transcript: Transcript) -> Iterator[Turn]:
    """The messages, results with the message that called for them."""
    turn: Turn | None = None
    for message in messages(transcript):
        if turn is not None and turn.takes(message):
            turn.results.append(message)
        elif turn is not None and _may_wait(turn, message):
            turn.held.append(message)
        else:
            yield from _done(turn, message.start)
            turn = Turn(message) if message.role is Role.ASSISTANT else None
            if turn is None:
                yield Turn(message)
    yield from _done(turn)


def _may_wait(turn: Turn, message: Message) -> bool:
    return turn.is_waiting and message.role is not Role.ASSISTANT and len(turn.held) < _HELD


def _done(turn: Turn | None, stop: int = sys.maxsize) -> Iterator[Turn]:
    if turn is not None:
        turn.stop = stop
        yield turn
        yield from map(Turn, turn.held)


def id_of(event: Event) -> str:
    """The id of a call, the same for its result."""
    if event.call_id:
        return event.call_id
    return f"call_{event.ref if event.kind is Kind.TOOL_RESULT and event.ref else event.seq}"


def to_step(turn: Turn) -> dict[str, Any]:
    """A turn as a step, without its number and its bill."""
    message = turn.message
    event, _content = message.items[0]
    step: dict[str, Any] = {"timestamp": _time(event), "source": _SOURCES.get(message.role, "user")}
    if message.role is Role.ASSISTANT:
        step |= _agent(turn)
    elif event.kind is Kind.TOOL_RESULT:
        step |= {"source": "system", "message": "", "observation": {"results": [_stray(message)]}}
    else:
        step["message"] = to_message(tuple(b for _, c in message.items for b in c.blocks))
    if origins := turn.origins():
        step["extra"] = {"origin": origins}
    return {key: value for key, value in step.items() if value is not None}


def _agent(turn: Turn) -> dict[str, Any]:
    said = tuple(
        block
        for event, content in turn.message.items
        if event.kind not in (Kind.REASONING, Kind.TOOL_CALL)
        for block in content.blocks
    )
    calls = [_call(event, content) for event, content in calls_of(turn.message)]
    results = [_result(message.items[0]) for message in turn.results]
    return {
        "message": to_message(said),
        "reasoning_content": reasoning_text(turn.message) or None,
        "tool_calls": calls or None,
        "observation": {"results": results} if results else None,
    }


def _call(event: Event, content: Content) -> dict[str, Any]:
    given = content.arguments
    arguments = given if isinstance(given, dict) else {"input": given} if given else {}
    name = event.name or "unknown"
    return {"tool_call_id": id_of(event), "function_name": name, "arguments": arguments}


def _result(item: Item) -> dict[str, Any]:
    event, content = item
    result: dict[str, Any] = {}
    if event.kind is Kind.TOOL_RESULT:
        result["source_call_id"] = id_of(event)
    result["content"] = to_message(content.blocks)
    if event.is_error:
        result["extra"] = {"is_error": True}
    return result


def _stray(message: Message) -> dict[str, Any]:
    """A result far from its call: it may name only a call of its own step."""
    result = _result(message.items[0])
    call = result.pop("source_call_id")
    return result | {"extra": {**result.get("extra", {}), "tool_call_id": call}}


def _time(event: Event) -> str | None:
    if event.ts is None:
        return None
    time = datetime.fromtimestamp(event.ts / 1000, UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_message(blocks: tuple[Block, ...]) -> JSON:
    """Blocks as one text, or as parts if there are pictures that have an address."""
    if not any(_is_shown(block) for block in blocks):
        return "\n".join(map(_text, blocks))
    return [_part(block) for block in blocks]


def _is_shown(block: Block) -> bool:
    return isinstance(block, Image) and bool(block.reference) and media_type(block) is not None


def media_type(picture: Image) -> str | None:
    """The type of a picture that the format knows, told by its ending if nothing else tells it."""
    ending = picture.reference.rsplit(".", 1)[-1].lower().replace("jpg", "jpeg")
    found = picture.media_type or f"image/{ending}"
    return found if found in _MEDIA else None


def _part(block: Block) -> dict[str, Any]:
    if isinstance(block, Image) and _is_shown(block):
        source = {"media_type": media_type(block), "path": block.reference}
        return {"type": "image", "source": source}
    return {"type": "text", "text": _text(block)}


def _text(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case Image(kind, data, reference):
            return f"[image {reference or f'{kind} {len(data) * 3 // 4 / 1000:.0f} kB'}]"
        case Document(title, kind, data, _):
            return data if kind == "text/plain" else f"[document {title}]"
        case Data(value):
            return to_json(value).decode()
