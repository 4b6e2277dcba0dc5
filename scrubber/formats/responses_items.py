"""Items of OpenAI's Responses API: to pieces, and to what they hold.

``message`` with parts, ``reasoning`` with a summary and a seal (``encrypted_content``), calls
(``function_call``, ``custom_tool_call``, ``local_shell_call``, ``tool_search_call``) with their
``…_output``, and calls that the provider answers itself (``web_search_call`` and the like), which
are a call and its result in one item. Addresses are kept and never fetched.
"""

from __future__ import annotations

from typing import Any

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text
from scrubber.core.events import Mark
from scrubber.core.kinds import (
    ASSISTANT,
    MESSAGE,
    REASONING,
    TOOL,
    TOOL_CALL,
    TOOL_RESULT,
    UNMARKED,
    USER,
)
from scrubber.formats.openai_messages import ROLES, parse_arguments, parse_json, text_or_none
from scrubber.formats.openai_parts import image
from scrubber.formats.pieces import SEEN, Piece

Item = dict[str, Any]

_TEXTS = ("input_text", "output_text", "text", "summary_text", "reasoning_text")
_CALLS = {
    "function_call",
    "custom_tool_call",
    "local_shell_call",
    "shell_call",
    "apply_patch_call",
    "computer_call",
    "tool_search_call",
}
_OUTPUTS = {
    "function_call_output",
    "custom_tool_call_output",
    "local_shell_call_output",
    "shell_call_output",
    "apply_patch_call_output",
    "computer_call_output",
    "tool_search_output",
    "mcp_tool_call_output",
}
_HOSTED = {
    "web_search_call": "web_search",
    "file_search_call": "file_search",
    "image_generation_call": "image_generation",
    "code_interpreter_call": "code_interpreter",
    "mcp_call": "mcp",
}
"""Calls that the provider makes and answers itself, and what they are called."""

_NAMES = {
    "local_shell_call": "local_shell",
    "shell_call": "shell",
    "apply_patch_call": "apply_patch",
    "computer_call": "computer",
    "tool_search_call": "tool_search",
    **_HOSTED,
}


def item_pieces(item: Item) -> list[Piece]:
    """The events of one item; none if it is no item of the API."""
    kind = item.get("type")
    if not isinstance(kind, str | None):
        return []
    if kind == "message" or (kind is None and "role" in item):
        return [_message(item)]
    if not isinstance(kind, str):
        return []
    if kind == "reasoning":
        marks = Mark.SEALED if item.get("encrypted_content") else UNMARKED
        return [Piece(REASONING, ASSISTANT, SEEN, item, marks)]
    if kind in _CALLS:
        return [_call(item)]
    if kind in _OUTPUTS:
        return [_result(item)]
    return _hosted(item) if kind in _HOSTED else []


def _message(item: Item) -> Piece:
    role = ROLES.get(str(item.get("role")), USER)
    marks = Mark.IMAGE if _has_image(item.get("content")) else UNMARKED
    return Piece(MESSAGE, role, SEEN, item, marks)


def _call(item: Item) -> Piece:
    call = text_or_none(item.get("call_id")) or text_or_none(item.get("id"))
    return Piece(TOOL_CALL, ASSISTANT, SEEN, item, name=tool_name(item), call_id=call)


def _result(item: Item) -> Piece:
    marks = Mark.IMAGE if _has_image(item.get("output")) else UNMARKED
    if item.get("status") == "failed":
        marks |= Mark.ERROR
    call = text_or_none(item.get("call_id"))
    return Piece(TOOL_RESULT, TOOL, SEEN, item, marks, call_id=call)


def _hosted(item: Item) -> list[Piece]:
    call = _call(item)
    if item.get("status") in ("in_progress", "searching", "generating", "interpreting"):
        return [call]
    marks = Mark.ERROR if item.get("error") or item.get("status") == "failed" else UNMARKED
    if item.get("type") == "image_generation_call" and item.get("result"):
        marks |= Mark.IMAGE
    return [call, call._replace(kind=TOOL_RESULT, role=TOOL, marks=marks)]


def answers_itself(item: Item) -> bool:
    """Whether it is a call that the provider makes and answers in one item."""
    return str(item.get("type")) in _HOSTED


def tool_name(item: Item) -> str | None:
    """The tool that a call calls; one of a namespace (a server's, say) with both names."""
    name = text_or_none(item.get("name")) or _NAMES.get(str(item.get("type")))
    space = text_or_none(item.get("namespace"))
    return f"{space}__{name}" if space and name else name


def item_content(piece: Piece) -> Content:
    """The whole content of a piece of an item."""
    item: Item = piece.block
    if piece.kind is REASONING:
        seal = text_or_none(item.get("encrypted_content"))
        blocks = part_blocks(item.get("summary")) + part_blocks(item.get("content"))
        return Content(blocks, signature=seal)
    if piece.kind is TOOL_CALL:
        return Content(arguments=_arguments(item))
    if piece.kind is not TOOL_RESULT:
        return Content(part_blocks(item.get("content")))
    if str(item.get("type")) in _HOSTED:
        return Content(_hosted_result(item))
    if "output" not in item and "tools" in item:
        return Content((Data(item["tools"]),) if item["tools"] else ())
    output = item.get("output")
    detail = parse_json(output) if isinstance(output, str) and output[:1] == "{" else None
    return Content(part_blocks(output), detail=detail)


def _arguments(item: Item) -> JSON:
    for key in ("arguments", "input", "action"):
        if key in item:
            given = item[key]
            return parse_arguments(given) if key == "arguments" else given
    left_out = ("type", "id", "call_id", "status", "result", "results", "outputs")
    return {key: value for key, value in item.items() if key not in left_out}


def _hosted_result(item: Item) -> tuple[Block, ...]:
    given = item.get("result")
    if item.get("type") == "image_generation_call" and isinstance(given, str) and given:
        return (Image("image/png", given),)
    for key in ("output", "results", "outputs", "error"):
        if item.get(key):
            return part_blocks(item[key])
    return (Text(str(item.get("status") or "completed")),)


def part_blocks(content: JSON) -> tuple[Block, ...]:
    """A text, a part or a list of parts as blocks; parts without anything in them are left out."""
    if content is None or content == "":
        return ()
    if isinstance(content, str):
        return (Text(content),)
    if not isinstance(content, list):
        content = [content]
    return tuple([block for part in content if (block := _part(part)) is not None])


def _part(part: JSON) -> Block | None:
    kind = part.get("type") if isinstance(part, dict) else None
    if isinstance(part, str):
        return Text(part)
    if kind in _TEXTS and isinstance(part.get("text"), str):
        return Text(part["text"])
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        return Text(part["refusal"])
    if kind in ("input_image", "computer_screenshot"):
        address = part.get("image_url") or part.get("file_id")
        return image(address) if address else None
    if kind == "input_file":
        title, data = str(part.get("filename") or "document"), part.get("file_data")
        return Document(title, reference=str(part.get("file_id") or data or ""))
    return Data(part)


def _has_image(content: JSON) -> bool:
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") == "input_image" and part.get("image_url")
        for part in content
    )


def to_parts(blocks: tuple[Block, ...], is_output: bool) -> list[Item]:
    """Blocks as the parts of a message or of a tool's output; ``is_output``: the model said it."""
    return [_to_part(block, "output_text" if is_output else "input_text") for block in blocks]


def _to_part(block: Block, text: str) -> Item:
    from scrubber.formats.exported import to_json
    from scrubber.formats.openai_parts import to_url

    match block:
        case Text(words):
            return {"type": text, "text": words}
        case Image():
            return {"type": "input_image", "image_url": to_url(block)}
        case Document(title, _, data, reference):
            return {"type": text, "text": data or f"[{title}] {reference}".rstrip()}
        case Data(value):
            own = isinstance(value, dict) and value.get("type") == "encrypted_content"
            return value if own else {"type": text, "text": to_json(value).decode()}
