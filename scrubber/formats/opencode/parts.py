"""The parts of OpenCode's messages: one piece for each event, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Block, Content, Data, Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage, one_line
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.openai_parts import image
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from scrubber.core.content import JSON

Part = dict[str, Any]

COMPACTED = "What did we do so far?"
"""What OpenCode says in the place of a compaction, in front of the summary."""

_MOST = 2**40
_OTHERS = {
    "step-start": (Kind.MODEL_CALL, HIDDEN),
    "step-finish": (Kind.USAGE, HIDDEN),
    "snapshot": (Kind.FILE_SNAPSHOT, HIDDEN),
    "patch": (Kind.FILE_CHANGE, SHOWN),
    "agent": (Kind.CONFIG_CHANGE, HIDDEN),
    "retry": (Kind.ERROR, SHOWN),
}


def part_pieces(part: JSON, role: Role, is_summary: bool = False) -> list[Piece]:
    """The events of a part, at least one; a tool's part is a call and its result."""
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "text":
        return [_text(part, role)]
    if kind == "reasoning":
        marks = Mark.SEALED if signature_of(part) else Mark.NONE
        return [Piece(Kind.REASONING, Role.ASSISTANT, SEEN, part, marks)]
    if kind == "tool":
        return _tool(part)
    if kind == "file":
        return [_file(part, role)]
    if kind == "subtask":
        return [Piece(Kind.COMMAND, Role.USER, SEEN, part, name=text_or_none(part.get("agent")))]
    if kind == "compaction":
        seen = role is Role.USER
        return [Piece(Kind.COMPACTION, role if seen else Role.NONE, SEEN if seen else SHOWN, part)]
    if isinstance(kind, str) and kind in _OTHERS:
        found, visibility = _OTHERS[kind]
        marks = Mark.ERROR if found is Kind.ERROR else Mark.NONE
        return [Piece(found, Role.NONE, visibility, part, marks)]
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, part)]


def _text(part: Part, role: Role) -> Piece:
    if part.get("ignored"):
        return Piece(Kind.MESSAGE, role, SHOWN, part)
    is_made = bool(part.get("synthetic")) and role is Role.USER
    return Piece(Kind.CONTEXT if is_made else Kind.MESSAGE, role, SEEN, part)


def _file(part: Part, role: Role) -> Piece:
    """Text files and folders are told as text beside the part; others are sent themselves."""
    mime = str(part.get("mime"))
    is_told = mime.startswith("text/") or mime == "application/x-directory"
    marks = Mark.IMAGE if mime.startswith("image/") else Mark.NONE
    if is_told:
        return Piece(Kind.CONTEXT, role, SHOWN, part, marks)
    return Piece(Kind.MESSAGE, role, SEEN, part, marks)


def _tool(part: Part) -> list[Piece]:
    name, call = text_or_none(part.get("tool")), text_or_none(part.get("callID"))
    pieces = [Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, part, name=name, call_id=call)]
    state = state_of(part)
    if state.get("status") in ("pending", "running") or not ("output" in state or "error" in state):
        return pieces
    metadata = state.get("metadata")
    code = metadata.get("exit") if isinstance(metadata, dict) else None
    is_failed = state.get("status") == "error" or (type(code) is int and code != 0)
    marks = Mark.ERROR if is_failed else Mark.NONE
    time = state.get("time")
    if isinstance(time, dict) and time.get("compacted"):
        marks |= Mark.TRUNCATED
    if any(isinstance(block, Image) for block in _attachments(state)):
        marks |= Mark.IMAGE
    return [*pieces, Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, part, marks, name, call)]


def state_of(part: JSON) -> Part:
    """The state of a tool's part."""
    state = part.get("state") if isinstance(part, dict) else None
    return state if isinstance(state, dict) else {}


def child_of(part: JSON) -> str | None:
    """The session of the sub-agent that a tool's part started."""
    metadata = _dict(state_of(part).get("metadata"))
    return text_or_none(metadata.get("sessionId") or metadata.get("sessionID"))


def signature_of(part: Part) -> str | None:
    """The provider's seal of a reasoning part, whichever provider it is."""
    for own in _dict(part.get("metadata")).values():
        for key in ("signature", "reasoningEncryptedContent", "redactedData"):
            if isinstance(own, dict) and isinstance(own.get(key), str) and own[key]:
                return str(own[key])
    return None


def piece_content(piece: Piece) -> Content:
    """What a piece holds."""
    part: Any = piece.block
    if not isinstance(part, dict):
        return Content((Data(part),))
    if piece.kind is Kind.TOOL_CALL:
        return Content(arguments=state_of(part).get("input"))
    if piece.kind is Kind.TOOL_RESULT:
        return _result(state_of(part))
    if piece.kind is Kind.REASONING:
        return Content(_texts(part.get("text")), signature=signature_of(part))
    if part.get("type") == "file":
        return Content((_document(part),), detail=part.get("source"))
    if part.get("type") == "text":
        return Content(_texts(part.get("text")))
    return Content(_texts(_sentence(part)), detail=part)


def _texts(text: JSON) -> tuple[Block, ...]:
    return (Text(text),) if isinstance(text, str) and text else ()


def _result(state: Part) -> Content:
    blocks = _texts(state.get("output")) + _texts(state.get("error")) + _attachments(state)
    detail = {key: state[key] for key in ("title", "metadata") if state.get(key)}
    return Content(blocks, detail=detail or None)


def _attachments(state: Part) -> tuple[Block, ...]:
    given = state.get("attachments")
    found = given if isinstance(given, list) else []
    return tuple(_document(one) for one in found if isinstance(one, dict))


def _document(part: Part) -> Block:
    """A file by its data URL, or by an address that is only kept."""
    found, mime = image(part.get("url")), str(part.get("mime") or "")
    if not isinstance(found, Image):
        return Data(part)
    if mime.startswith("image/"):
        return Image(found.media_type or mime, found.data, found.reference)
    title = str(part.get("filename") or "file")
    return Document(title, found.media_type or mime, found.data, found.reference)


def _sentence(part: Part) -> str:
    kind = part.get("type")
    if kind == "compaction":
        return COMPACTED
    if kind == "patch":
        files = part.get("files")
        return ", ".join(map(str, files)) if isinstance(files, list) else ""
    if kind == "step-finish":
        return str(part.get("reason") or "")
    if kind == "retry":
        return error_text(part.get("error"))
    found = part.get("prompt") or part.get("description") or part.get("name") or kind
    return str(found or "")


def error_text(error: JSON) -> str:
    """The sentence of an error."""
    if not isinstance(error, dict):
        return str(error or "")
    message = _dict(error.get("data")).get("message") or error.get("message")
    return one_line(": ".join(str(word) for word in (error.get("name"), message) if word), 2000)


def usage_of(holder: JSON) -> Usage | None:
    """What a finished step, or a message, adds to the bill."""
    tokens = holder.get("tokens") if isinstance(holder, dict) else None
    if not isinstance(tokens, dict):
        return None
    cache = _dict(tokens.get("cache"))
    input, output, reasoning = (_count(tokens, key) for key in ("input", "output", "reasoning"))
    read, written = _count(cache, "read"), _count(cache, "write")
    is_inside = reasoning and _count(tokens, "total") == input + output + read + written
    context = input + read + written
    cost = _cost(holder.get("cost"))
    if not (context or output or cost):
        return None
    output += 0 if is_inside else reasoning
    return Usage(input, read, written, output, min(reasoning, output), context, cost)


def _cost(cost: JSON) -> int | None:
    value = number(cost.get("usd") if isinstance(cost, dict) else cost)
    return round(value * 1e6) if value is not None and value < 1e9 else None


def _count(given: Part, key: str) -> int:
    return min(int(number(given.get(key)) or 0), _MOST)


def number(value: JSON) -> float | None:
    """A number that is none below zero, and not beyond what can be counted."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**53 else None


def _dict(value: JSON) -> Part:
    return value if isinstance(value, dict) else {}
