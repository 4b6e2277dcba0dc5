"""A message as Inspect logs it: one piece for each event it gives, and what those hold.

``{"role", "content": text or parts, "tool_calls": [{"id", "function", "arguments"}],
"tool_call_id", "function", "error"}``; parts are ``text``, ``reasoning``, ``image``, ``audio``,
``video``, ``document``, ``data`` and ``tool_use`` (a tool of the provider's own, with its result).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Block, Content, Data, Document, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.openai_messages import ROLES, parse_json, text_or_none
from scrubber.formats.openai_parts import image
from scrubber.formats.pieces import SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Message = dict[str, Any]

_FILES = ("audio", "video", "document")


def message_pieces(message: JSON) -> list[Piece]:
    """The events of a message, at least one."""
    role = ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    if role is None:
        return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, message)]
    if role is Role.ASSISTANT:
        return list(_assistant(message))
    if role is Role.TOOL:
        return [result_piece(message, message.get("tool_call_id"), message.get("function"))]
    return [Piece(Kind.MESSAGE, role, SEEN, message.get("content"))]


def result_piece(holder: Message, call_id: JSON, name: JSON) -> Piece:
    """The result of a call: a tool's message, or its event."""
    marks = Mark.ERROR if holder.get("error") or holder.get("tool_error") else Mark.NONE
    name, call = text_or_none(name), text_or_none(call_id)
    return Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, holder, marks, name, call)


def _assistant(message: Message) -> Iterator[Piece]:
    role, content, is_silent = Role.ASSISTANT, message.get("content"), True
    if isinstance(message.get("reasoning"), str):  # how it stood before parts had it
        yield Piece(Kind.REASONING, role, SEEN, {"reasoning": message["reasoning"]})
        is_silent = False
    said: list[JSON] = []
    for part in content if isinstance(content, list) else [content]:
        pieces = list(_own_pieces(part))
        if pieces and said:
            yield Piece(Kind.MESSAGE, role, SEEN, said)
            said = []
        yield from pieces
        is_silent = is_silent and not pieces
        said += [] if pieces or part in (None, "") else [part]
    calls = message.get("tool_calls")
    calls = calls if isinstance(calls, list) else []
    if said or (is_silent and not calls):
        yield Piece(Kind.MESSAGE, role, SEEN, said)
    for call in calls:
        yield _call(call)


def _own_pieces(part: JSON) -> Iterator[Piece]:
    """The events of a part that is no part of what is said."""
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "reasoning":
        sealed = part.get("signature") or part.get("redacted")
        marks = Mark.SEALED if sealed else Mark.NONE
        yield Piece(Kind.REASONING, Role.ASSISTANT, SEEN, part, marks)
    elif kind == "tool_use":
        name, call = text_or_none(part.get("name")), text_or_none(part.get("id"))
        yield Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, part, name=name, call_id=call)
        if part.get("result") is not None or part.get("error"):
            yield result_piece(part, call, name)


def _call(call: JSON) -> Piece:
    if not isinstance(call, dict):
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, call)
    name, number = text_or_none(call.get("function")), text_or_none(call.get("id"))
    return Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, call, name=name, call_id=number)


def piece_content(piece: Piece) -> Content:
    """What a piece of a message holds."""
    block: Any = piece.block
    if piece.kind is Kind.UNKNOWN:
        return Content((Data(block),))
    if piece.kind is Kind.REASONING:
        return _reasoning(block)
    if piece.kind is Kind.TOOL_CALL:
        return Content(arguments=_arguments(block), detail=_detail(block))
    if piece.kind is Kind.TOOL_RESULT:
        return _result(block)
    return Content(blocks_of(block))


def _reasoning(part: Message) -> Content:
    """Redacted reasoning is sealed itself; its summary is what may be shown."""
    text, is_redacted = part.get("reasoning"), bool(part.get("redacted"))
    shown = part.get("summary") if is_redacted else text
    seal = text_or_none(part.get("signature")) or (text if is_redacted else None)
    return Content(blocks_of(shown), signature=seal if isinstance(seal, str) else None)


def _arguments(call: JSON) -> JSON:
    given = call.get("arguments") if isinstance(call, dict) else call
    value = parse_json(given) if isinstance(given, str) else given
    return value if isinstance(value, dict) else given


def _detail(call: JSON) -> JSON:
    """What a call has beside its name and arguments: how it was shown, why it was no good."""
    if not isinstance(call, dict):
        return None
    known = ("id", "function", "name", "arguments", "type", "result")
    rest = {key: item for key, item in call.items() if key not in known and item is not None}
    return rest or None


def _result(holder: Message) -> Content:
    given = holder.get("content") if "role" in holder else holder.get("result")
    error = holder.get("error") or holder.get("tool_error")
    text = error.get("message") if isinstance(error, dict) else error
    blocks = blocks_of(given)
    if isinstance(text, str) and text and text not in Content(blocks).text:
        blocks = (*blocks, Text(text))
    return Content(blocks, detail=error)


def blocks_of(content: JSON) -> tuple[Block, ...]:
    """A message's content, a tool's result or a sample's input as blocks."""
    if content is None or content == "":
        return ()
    if isinstance(content, str):
        return (Text(content),)
    if not isinstance(content, list):
        return (Data(content),)
    return tuple(_block(part) for part in content)


def _block(part: JSON) -> Block:
    kind = part.get("type") if isinstance(part, dict) else None
    if isinstance(part, str):
        return Text(part)
    if kind == "text" and isinstance(part.get("text"), str):
        return Text(part["text"])
    if kind == "image":
        return image(part.get("image"))
    if kind in _FILES:
        return _file(part, str(kind))
    return Data(part)


def _file(part: Message, kind: str) -> Block:
    """A file by its data URL, or by a path or address that is only kept."""
    found = image(part.get(kind))
    title = str(part.get("filename") or kind)
    media = str(part.get("mime_type") or part.get("format") or "")
    if isinstance(found, Data):
        return Data(part)
    assert not isinstance(found, (Text, Document))
    return Document(title, found.media_type or media, found.data, found.reference)
