"""The turns of ShareGPT conversations as pieces."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Content, Text
from scrubber.core.events import Kind, Role
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.openai_messages import call_piece, message_pieces, parse_json
from scrubber.formats.openai_parts import image, part_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = {
    **dict.fromkeys(("human", "user"), Role.USER),
    **dict.fromkeys(("gpt", "assistant", "model", "bot", "chatgpt", "bing"), Role.ASSISTANT),
    **dict.fromkeys(("observation", "tool", "function", "function_response"), Role.TOOL),
    **dict.fromkeys(("function_call", "tool_call"), Role.ASSISTANT),
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
}
_CALLS = ("function_call", "tool_call")
_THINKING = re.compile(r"\s*<think>\n?(.*?)\n?</think>\n{0,2}", re.DOTALL)
IMAGE = "<image>"


class Pictures:
    """The pictures of a conversation, handed out in the order of their marks in the texts."""

    def __init__(self, given: JSON) -> None:
        self._given: Iterator[JSON] = iter(given if isinstance(given, list) else [])

    def blocks(self, text: str) -> tuple[Block, ...]:
        """A text with each mark replaced by its picture, as long as there are some."""
        found: list[Block] = []
        words, *others = text.split(IMAGE)
        for other in others:
            picture = [image(address) for address in islice(self._given, 1)]
            if picture:
                found += [Text(words), *picture] if words else picture
                words = other
            else:
                words += IMAGE + other
        return (*found, Text(words)) if words else tuple(found)


def is_turn(value: JSON) -> bool:
    """Whether a value says who speaks, and what."""
    if not isinstance(value, dict):
        return False
    return (isinstance(value.get("from"), str) and "value" in value) or (
        isinstance(value.get("role"), str) and ("content" in value or "tool_calls" in value)
    )


def system_piece(text: JSON) -> Piece:
    """The system prompt that stands beside the turns."""
    return Piece(Kind.MESSAGE, Role.SYSTEM, Content(part_blocks(text)), source=text)


def turn_pieces(turn: JSON, number: int, pictures: Pictures) -> list[Piece]:
    """The events of one turn, at least one."""
    who = str(turn.get("from") or turn.get("role")) if isinstance(turn, dict) else ""
    role = _ROLES.get(who)
    if role is None or not is_turn(turn):
        return [unknown_piece(turn, number)]
    if turn.get("tool_calls"):
        return message_pieces(turn, number)
    said = turn["value"] if "from" in turn else turn["content"]
    found = list(_pieces(who, role, said, pictures))
    return [piece._replace(message=number, source=turn) for piece in found]


def _pieces(who: str, role: Role, said: JSON, pictures: Pictures) -> Iterator[Piece]:
    if who in _CALLS:
        yield from _calls(said)
    elif isinstance(said, list) and any(isinstance(p, dict) and "value" in p for p in said):
        yield from _parts(said, role)
    elif isinstance(said, str):
        yield from _text(said, role, pictures)
    else:
        yield _said(part_blocks(said), role)


def _text(said: str, role: Role, pictures: Pictures) -> Iterator[Piece]:
    """A text; the model's may begin with its reasoning between <think> and </think>."""
    if role is Role.ASSISTANT and (thought := _THINKING.match(said)):
        yield Piece(Kind.REASONING, role, Content((Text(thought[1]),)))
        said = said[thought.end() :]
        if not said:
            return
    yield _said(pictures.blocks(said), role)


def _said(blocks: tuple[Block, ...], role: Role) -> Piece:
    kind = Kind.TOOL_RESULT if role is Role.TOOL else Kind.MESSAGE
    return Piece(kind, role, Content(blocks))


def _calls(said: JSON) -> list[Piece]:
    """Calls: ``{"name", "arguments"}`` as JSON text, or several in a list."""
    value = parse_json(said) if isinstance(said, str) else said
    if isinstance(value, list) and value:
        return [call_piece(call) for call in value]
    return [call_piece(value if isinstance(value, dict) else said)]


def _parts(parts: list[JSON], role: Role) -> Iterator[Piece]:
    """Typed parts: neighbours that are said belong together, reasoning and calls are events."""
    said: list[Block] = []
    for part in parts:
        typed = part if isinstance(part, dict) else {"value": part}
        kind, value = typed.get("type"), typed.get("value")
        if kind not in ("reasoning", "tool_call", "tool_calls"):
            said.append(_block(part, kind, value))
            continue
        if said:
            yield _said(tuple(said), role)
            said = []
        if kind == "reasoning":
            yield Piece(Kind.REASONING, role, Content(part_blocks(value)))
        else:
            yield from _calls(value)
    if said or not parts:
        yield _said(tuple(said), role)


def _block(part: JSON, kind: Any, value: JSON) -> Block:
    if kind == "text" and isinstance(value, str):
        return Text(value)
    if kind == "image_url":
        return image(value)
    return part_blocks([part])[0]
