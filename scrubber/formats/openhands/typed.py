"""Events of version 1, each of which names its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Content, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.anthropic_blocks import block_content
from scrubber.formats.conversations import Piece, tools_piece, unknown_piece
from scrubber.formats.openai_messages import ROLES, parse_arguments, text_or_none
from scrubber.formats.openai_parts import image, part_blocks
from scrubber.formats.openhands.actions import HIDDEN, SHOWN, condensed
from scrubber.formats.openhands.shapes import Event, dicts, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTES = {
    "CondensationRequest": (Kind.NOTICE, SHOWN),
    "PauseEvent": (Kind.TURN_END, SHOWN),
    "InterruptEvent": (Kind.TURN_END, SHOWN),
    "ConversationErrorEvent": (Kind.ERROR, SHOWN),
    "ServerErrorEvent": (Kind.ERROR, SHOWN),
    "ConversationStateUpdateEvent": (Kind.STATE, HIDDEN),
    "TokenEvent": (Kind.STATE, HIDDEN),
    "LLMCompletionLogEvent": (Kind.MODEL_CALL, HIDDEN),
    "HookExecutionEvent": (Kind.HOOK, HIDDEN),
    "StreamingDeltaEvent": (Kind.MIRROR, HIDDEN),
    "SecurityAnalysisEvent": (Kind.STATE, HIDDEN),
    "ACPToolCallEvent": (Kind.TOOL_DETAIL, SHOWN),
}
_TELLING = ("detail", "code", "key", "filename", "hook_event", "title", "content", "reason")
_OUTPUTS = ("content", "output", "text", "message", "error", "formatted_output_and_error")


def typed_pieces(event: Event) -> list[Piece]:
    """The events of one event of version 1."""
    kind = str(event.get("kind"))
    if kind == "SystemPromptEvent":
        return list(_system(event))
    if kind == "MessageEvent":
        return list(_message(event))
    if kind == "ActionEvent":
        return list(_action(event))
    if kind in ("ObservationEvent", "AgentErrorEvent", "UserRejectObservation"):
        return [_result(event, kind)]
    if kind == "Condensation":
        return condensed(event)
    if kind == "CondensationSummaryEvent":
        content = Content(part_blocks(event.get("summary")))
        return [Piece(Kind.COMPACTION, Role.USER, content)]
    return [_note(event, kind)] if kind in _NOTES else [unknown_piece(event, -1)]


def _note(event: Event, name: str) -> Piece:
    kind, seen = _NOTES[name]
    found = (text_or_none(event.get(key)) for key in _TELLING)
    words = next((word for word in found if word), name)
    marks = Mark.ERROR if kind is Kind.ERROR else Mark.NONE
    content = Content((Text(words),), detail=event)
    return Piece(kind, Role.NONE, content, seen, marks, name=name)


def _system(event: Event) -> Iterator[Piece]:
    if tools := event.get("tools"):
        yield tools_piece(tools)
    texts = [event.get("system_prompt"), event.get("dynamic_context")]
    blocks = tuple(block for text in texts if text for block in blocks_of(text))
    yield Piece(Kind.MESSAGE, Role.SYSTEM, Content(blocks))


def blocks_of(content: JSON) -> tuple[Block, ...]:
    """A part, parts or a text; pictures stand several in one part."""
    if isinstance(content, list):
        return tuple(block for part in content for block in blocks_of(part))
    if isinstance(content, dict) and isinstance(content.get("image_urls"), list):
        return tuple(image(url) for url in content["image_urls"])
    if isinstance(content, dict) and content.get("type", "text") == "text" and "text" in content:
        return part_blocks(content["text"])
    return part_blocks([content] if isinstance(content, dict) else content)


def _message(event: Event) -> Iterator[Piece]:
    message = inner(event, "llm_message")
    role = ROLES.get(str(message.get("role"))) or (
        Role.USER if event.get("source") == "user" else Role.ASSISTANT
    )
    yield from _thoughts(message)
    extended = event.get("extended_content")
    blocks = blocks_of(message.get("content")) + blocks_of(extended if extended else [])
    skills = event.get("activated_skills")
    detail = {"activated_skills": skills} if skills else None
    yield Piece(Kind.MESSAGE, role, Content(blocks, detail=detail))


def _thoughts(holder: dict[str, Any]) -> Iterator[Piece]:
    """Reasoning, as Anthropic seals it, as OpenAI does, or as plain text."""
    role, blocks = Role.ASSISTANT, dicts(holder.get("thinking_blocks"))
    for block in blocks:
        yield Piece(Kind.REASONING, role, block_content(block))
    item = inner(holder, "responses_reasoning_item")
    if item:
        texts = [*_texts(item.get("summary")), *_texts(item.get("content"))]
        seal = text_or_none(item.get("encrypted_content"))
        content = Content(tuple(map(Text, texts)), signature=seal, detail=item)
        yield Piece(Kind.REASONING, role, content, marks=Mark.SEALED if seal else Mark.NONE)
    elif not blocks and (text := text_or_none(holder.get("reasoning_content"))):
        yield Piece(Kind.REASONING, role, Content((Text(text),)))


def _texts(value: JSON) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _action(event: Event) -> Iterator[Piece]:
    yield from _thoughts(event)
    if blocks := blocks_of(event.get("thought")):
        yield Piece(Kind.MESSAGE, Role.ASSISTANT, Content(blocks))
    call = inner(event, "tool_call")
    function = inner(call, "function") or call
    given = function.get("arguments")
    arguments = parse_arguments(given) if given is not None else event.get("action")
    told = ("action", "security_risk", "summary", "critic_result")
    detail = {key: event[key] for key in told if event.get(key) is not None}
    yield Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        Content(arguments=arguments, detail=detail or None),
        name=text_or_none(event.get("tool_name")) or text_or_none(function.get("name")),
        call_id=text_or_none(event.get("tool_call_id")),
    )


def _result(event: Event, kind: str) -> Piece:
    observation = inner(event, "observation")
    failed = kind != "ObservationEvent" or observation.get("is_error") is True
    if kind == "AgentErrorEvent":
        blocks = part_blocks(event.get("error"))
    elif kind == "UserRejectObservation":
        blocks = part_blocks(f"Action rejected: {event.get('rejection_reason')}")
    else:
        given = next((observation[key] for key in _OUTPUTS if observation.get(key)), None)
        extended = event.get("extended_content")
        blocks = blocks_of(given) + blocks_of(extended if extended else [])
    return Piece(
        Kind.TOOL_RESULT,
        Role.TOOL,
        Content(blocks, detail=observation or None),
        marks=Mark.ERROR if failed else Mark.NONE,
        name=text_or_none(event.get("tool_name")),
        call_id=text_or_none(event.get("tool_call_id")),
    )
