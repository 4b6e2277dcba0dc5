"""A message of LangChain, and a line of checkpoints: one piece for each event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import JSON, Block, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.formats.openai_messages import ROLES, text_or_none
from scrubber.formats.openai_parts import part_blocks
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator


Row = dict[str, Any]

_ROLES = {"human": Role.USER, "ai": Role.ASSISTANT, **ROLES}
_MOST = 2**40
_THOUGHTS = ("thinking", "reasoning", "reasoning_content")


class Told(NamedTuple):
    """An event of a line, what it holds, and which of the line's messages it is of (-1: none)."""

    piece: Piece
    content: Content
    message: int = -1


def checkpoint_of(record: JSON) -> Row | None:
    """The checkpoint of a line, None if it is none."""
    found = record.get("checkpoint") if isinstance(record, dict) else None
    return found if isinstance(found, dict) else None


def told_of(checkpoint: Row) -> list[Told]:
    """The events of a checkpoint: itself, and the messages that it adds."""
    return [_state(checkpoint), *_messages(checkpoint.get("messages"))]


def _state(checkpoint: Row) -> Told:
    if "fault" in checkpoint:
        piece = Piece(Kind.UNKNOWN, Role.NONE, SHOWN, checkpoint, Mark.DAMAGED)
        return Told(piece, Content((Text(str(checkpoint["fault"])),), detail=checkpoint))
    given = checkpoint.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    channels = checkpoint.get("channels")
    changed = ", ".join(channels) if isinstance(channels, dict) else ""
    words = [metadata.get("source"), f"step {metadata.get('step')}", changed]
    text = " · ".join(str(word) for word in words if word)
    detail = {key: value for key, value in checkpoint.items() if key != "messages"}
    piece = Piece(Kind.STATE, Role.NONE, HIDDEN, checkpoint)
    return Told(piece, Content((Text(text),), detail=detail))


def _messages(messages: JSON) -> Iterator[Told]:
    for number, message in enumerate(messages if isinstance(messages, list) else ()):
        for piece, content in message_pieces(message):
            yield Told(piece, content, number)


def message_pieces(message: JSON) -> Iterator[tuple[Piece, Content]]:
    """The events of one message, at least one."""
    role = _role(message)
    if role is None:
        yield Piece(Kind.UNKNOWN, Role.NONE, SHOWN, message), Content((Data(message),))
        return
    name = text_or_none(message.get("name"))
    if role is Role.TOOL:
        call = text_or_none(message.get("tool_call_id"))
        marks = Mark.ERROR if message.get("status") == "error" else Mark.NONE
        content = Content(part_blocks(message.get("content")), detail=message.get("artifact"))
        yield Piece(Kind.TOOL_RESULT, role, SEEN, message, marks, name, call), content
    elif role is Role.ASSISTANT:
        yield from _assistant(message, name)
    else:
        content = Content(part_blocks(message.get("content")))
        yield Piece(Kind.MESSAGE, role, SEEN, message, name=name), content


def _role(message: JSON) -> Role | None:
    if not isinstance(message, dict):
        return None
    kind = message.get("type") or message.get("role")
    if kind is None or kind not in _ROLES:
        name = str(message.get("$class", "")).rpartition(".")[2]
        kind = name.removesuffix("Chunk").removesuffix("Message").lower()
    return _ROLES.get(str(kind))


def _assistant(message: Row, name: str | None) -> Iterator[tuple[Piece, Content]]:
    role, said = Role.ASSISTANT, list[JSON]()
    content = message.get("content")
    is_silent = True
    for thought in _thoughts(message):
        yield thought
        is_silent = False
    for part in content if isinstance(content, list) else [content]:
        kind = part.get("type") if isinstance(part, dict) else None
        if part not in (None, "") and kind not in (*_THOUGHTS, "tool_use", "function_call"):
            said.append(part)
    calls = message.get("tool_calls") or []
    blocks: tuple[Block, ...] = part_blocks(said)
    if blocks or (is_silent and not calls):
        yield Piece(Kind.MESSAGE, role, SEEN, message, name=name), Content(blocks)
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict):
            piece = Piece(
                Kind.TOOL_CALL, role, SEEN, call,
                name=text_or_none(call.get("name")), call_id=text_or_none(call.get("id")),
            )  # fmt: skip
            yield piece, Content(arguments=call.get("args"))


def _thoughts(message: Row) -> Iterator[tuple[Piece, Content]]:
    content, extra = message.get("content"), message.get("additional_kwargs")
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") in _THOUGHTS:
            text = next((part[key] for key in _THOUGHTS if isinstance(part.get(key), str)), "")
            yield _thought(text, text_or_none(part.get("signature")))
    if isinstance(extra, dict) and isinstance(extra.get("reasoning_content"), str):
        yield _thought(extra["reasoning_content"], None)


def _thought(text: str, seal: str | None) -> tuple[Piece, Content]:
    marks = Mark.SEALED if seal else Mark.NONE
    piece = Piece(Kind.REASONING, Role.ASSISTANT, SEEN, text, marks)
    return piece, Content((Text(text),) if text else (), signature=seal)


def usage_of(message: JSON) -> Usage | None:
    """What a message of the model adds to the bill."""
    given = message.get("usage_metadata") if isinstance(message, dict) else None
    if not isinstance(given, dict):
        return None
    inner, outer = given.get("input_token_details"), given.get("output_token_details")
    inner = inner if isinstance(inner, dict) else {}
    outer = outer if isinstance(outer, dict) else {}
    prompt, output = _count(given.get("input_tokens")), _count(given.get("output_tokens"))
    read, written = _count(inner.get("cache_read")), _count(inner.get("cache_creation"))
    reasoning = min(_count(outer.get("reasoning")), output)
    return Usage(max(prompt - read - written, 0), read, written, output, reasoning, prompt)


def model_of(message: JSON) -> str | None:
    """The model that said a message."""
    given = message.get("response_metadata") if isinstance(message, dict) else None
    metadata = given if isinstance(given, dict) else {}
    return text_or_none(metadata.get("model_name") or metadata.get("model"))


def _count(value: JSON) -> int:
    return min(value, _MOST) if type(value) is int and value > 0 else 0
