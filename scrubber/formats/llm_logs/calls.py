"""What a line of ``llm``'s log holds: messages to a model, its call, and what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from scrubber.core.content import Block, Content, Data, Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.formats.openai_messages import ROLES, parse_arguments, text_or_none
from scrubber.formats.parsing import loads
from scrubber.formats.pieces import SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Row = dict[str, Any]

_MOST = 2**40


class Told(NamedTuple):
    """An event of a line, what it holds, and its message (empty: none)."""

    piece: Piece
    content: Content
    message: str = ""


def row_of(record: JSON) -> Row | None:
    """The row of a line, None if it is none."""
    row = record.get("row") if isinstance(record, dict) else None
    return row if isinstance(row, dict) else None


def told_of(row: Row) -> list[Told]:
    """The events of a line, in order: what the model was given, its call, what it said."""
    return list(_turn(row) if "thread_id" in row else _response(row))


def _turn(row: Row) -> Iterator[Told]:
    if row.get("tools"):
        yield _tools(row["tools"])
    for message in _list(row.get("inputs")):
        yield from _message(message)
    yield _call(row)
    for message in _list(row.get("outputs")):
        yield from _message(message)


def _tools(tools: JSON) -> Told:
    piece = Piece(Kind.CONTEXT, Role.NONE, SEEN, tools, name="tools")
    return Told(piece, Content((Data(tools),)))


def _call(row: Row) -> Told:
    model = text_or_none(row.get("resolved_model")) or text_or_none(row.get("model"))
    time = row.get("duration_ms")
    words = [model, f"{time / 1000:.1f} s" if type(time) is int else None]
    text = " · ".join(word for word in words if word)
    left_out = ("inputs", "outputs", "tools", "prompt", "response", "attachments", "fragments")
    detail = {key: value for key, value in row.items() if key not in left_out}
    piece = Piece(Kind.MODEL_CALL, Role.NONE, SHOWN, row, name=model)
    return Told(piece, Content((Text(text),), detail=detail))


def _message(message: JSON) -> Iterator[Told]:
    role = ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    if role is None:
        piece = Piece(Kind.UNKNOWN, Role.NONE, SHOWN, message)
        yield Told(piece, Content((Data(message),)))
        return
    name = str(message.get("hash"))
    for part in _list(message.get("parts")):
        if isinstance(part, dict):
            piece, content = _part(part, role)
            yield Told(piece, content, name)


def _part(part: Row, role: Role) -> tuple[Piece, Content]:
    kind = part.get("type")
    name, call = text_or_none(part.get("name")), text_or_none(part.get("tool_call_id"))
    if kind == "reasoning":
        sealed = part.get("redacted") or part.get("provider_metadata")
        marks = Mark.SEALED if sealed else Mark.NONE
        seal = part.get("provider_metadata")
        signature = orjson.dumps(seal).decode() if seal else None
        piece = Piece(Kind.REASONING, Role.ASSISTANT, SEEN, part, marks)
        return piece, Content(_texts(part.get("text")), signature=signature)
    if kind == "tool_call":
        piece = Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, part, name=name, call_id=call)
        return piece, Content(arguments=parse_arguments(part.get("arguments")))
    if kind == "tool_result":
        return _result(part, name, call)
    if kind == "attachment":
        block = _attachment(part.get("attachment"))
        return Piece(Kind.MESSAGE, role, SEEN, part), Content((block,))
    if kind == "text":
        return Piece(Kind.MESSAGE, role, SEEN, part), Content(_texts(part.get("text")))
    return Piece(Kind.UNKNOWN, Role.NONE, SHOWN, part), Content((Data(part),))


def _result(part: Row, name: str | None, call: str | None) -> tuple[Piece, Content]:
    marks = Mark.ERROR if part.get("exception") else Mark.NONE
    blocks = _texts(part.get("output"))
    blocks += tuple(_attachment(one) for one in _list(part.get("attachments")))
    piece = Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, part, marks, name, call)
    return piece, Content(blocks, detail=part.get("exception"))


def _texts(text: JSON) -> tuple[Block, ...]:
    if text is None or text == "":
        return ()
    return (Text(text),) if isinstance(text, str) else (Data(text),)


def _attachment(given: JSON) -> Block:
    if not isinstance(given, dict):
        return Data(given)
    media, data = str(given.get("type") or ""), str(given.get("content") or "")
    reference = str(given.get("url") or given.get("path") or given.get("id") or "")
    if media.startswith("image/"):
        return Image(media, data, "" if data else reference)
    return Document("attachment", media, data, "" if data else reference)


def _response(row: Row) -> Iterator[Told]:
    """A response of the older log: system prompt, results, prompt, call, reasoning, answer."""
    name = str(row.get("id"))
    system = _joined(row.get("system_fragments"), row.get("system"))
    if system:
        piece = Piece(Kind.MESSAGE, Role.SYSTEM, SEEN, system)
        yield Told(piece, Content((Text(system),)), f"{name}-system")
    for result in _list(row.get("tool_results")):
        if isinstance(result, dict):
            call = text_or_none(result.get("tool_call_id"))
            yield Told(*_result(result, text_or_none(result.get("name")), call))
    prompt = _joined(row.get("fragments"), row.get("prompt"))
    files = tuple(_attachment(one) for one in _list(row.get("attachments")))
    if prompt or files:
        content = Content((*_texts(prompt), *files))
        yield Told(Piece(Kind.MESSAGE, Role.USER, SEEN, row), content, f"{name}-user")
    yield _call(row)
    if row.get("reasoning"):
        piece = Piece(Kind.REASONING, Role.ASSISTANT, SEEN, row)
        yield Told(piece, Content(_texts(row["reasoning"])), name)
    if row.get("response"):
        piece = Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, row)
        yield Told(piece, Content(_texts(row["response"])), name)
    for given in _list(row.get("tool_calls")):
        if isinstance(given, dict):
            yield Told(*_part({**given, "type": "tool_call"}, Role.ASSISTANT), name)


def _joined(fragments: JSON, text: JSON) -> str:
    return "\n".join(str(one) for one in [*_list(fragments), text] if one)


def usage_of(row: Row) -> Usage | None:
    """What a call adds to the bill."""
    input, output = _count(row.get("input_tokens")), _count(row.get("output_tokens"))
    return Usage(input, 0, 0, output, context=input) if input or output else None


def _count(value: JSON) -> int:
    return min(value, _MOST) if type(value) is int and value > 0 else 0


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def parse(raw: bytes) -> JSON:
    """The value of a line, None if it has none."""
    try:
        return loads(raw)
    except orjson.JSONDecodeError:
        return None
