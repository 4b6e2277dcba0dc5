"""Messages in the shape of OpenAI's chat completions: to pieces, and back.

``{"role": "system|developer|user|assistant|tool|function", "content": text or parts, "name",
"tool_calls": [{"id", "type", "function": {"name", "arguments": JSON text}}], "tool_call_id",
"function_call", "refusal", "reasoning_content" or "reasoning" (other vendors)}``. Parts are
``text``, ``image_url``, ``input_audio`` and ``file``; addresses are kept and never fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Kind, Role
from scrubber.formats.conversations import Piece, unknown_piece
from scrubber.formats.openai_parts import part_blocks
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_REASONING = ("reasoning_content", "reasoning")


def message_pieces(message: JSON, number: int, branch: int = 0) -> list[Piece]:
    """The events of one message, at least one."""
    role = ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    if role is None:
        return [unknown_piece(message, number)._replace(branch=branch)]
    found = _assistant(message) if role is Role.ASSISTANT else _other(message, role)
    return [piece._replace(message=number, branch=branch, source=message) for piece in found]


def _other(message: dict[str, Any], role: Role) -> Iterator[Piece]:
    content = Content(part_blocks(message.get("content")))
    name = text_or_none(message.get("name"))
    if role is Role.TOOL:
        call = text_or_none(message.get("tool_call_id"))
        yield Piece(Kind.TOOL_RESULT, role, content, name=name, call_id=call)
    else:
        yield Piece(Kind.MESSAGE, role, content, name=name)


def _assistant(message: dict[str, Any]) -> Iterator[Piece]:
    role, is_silent = Role.ASSISTANT, True
    for key in _REASONING:
        if reasoning := text_or_none(message.get(key)):
            yield Piece(Kind.REASONING, role, Content((Text(reasoning),)))
            is_silent = False
            break
    blocks = part_blocks(message.get("content")) + part_blocks(message.get("refusal"))
    calls = list(_calls(message))
    if blocks or (is_silent and not calls):
        yield Piece(Kind.MESSAGE, role, Content(blocks), name=text_or_none(message.get("name")))
    yield from calls


def _calls(message: dict[str, Any]) -> Iterator[Piece]:
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        yield call_piece(call)
    if isinstance(message.get("function_call"), dict):
        yield call_piece({"function": message["function_call"]})


def call_piece(call: JSON) -> Piece:
    """A tool call, whether its name and arguments stand in ``function``, ``custom`` or outside."""
    inner: Any = call
    for key in ("function", "custom"):
        if isinstance(call, dict) and isinstance(call.get(key), dict):
            inner = call[key]
    if not isinstance(inner, dict):
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, Content(arguments=call))
    given = next((inner[key] for key in ("arguments", "input") if key in inner), None)
    return Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        Content(arguments=parse_arguments(given)),
        name=text_or_none(inner.get("name")),
        call_id=text_or_none(call.get("id")),
    )


def parse_arguments(given: JSON) -> JSON:
    """Arguments that stand as JSON text, as what they mean; text that is none stays text."""
    if not isinstance(given, str):
        return given
    value = parse_json(given)
    return value if isinstance(value, dict) else given


def parse_json(text: str) -> JSON:
    """What a text means as JSON, None if it is none."""
    try:
        return loads(text.encode())
    except orjson.JSONDecodeError:
        return None


def text_or_none(value: Any) -> str | None:
    """A string that is not empty."""
    return value if isinstance(value, str) and value else None


def to_arguments(arguments: JSON) -> str:
    """A call's arguments as JSON text; text that is no JSON as it is."""
    if isinstance(arguments, str):
        return arguments
    value = {} if arguments is None else arguments
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
